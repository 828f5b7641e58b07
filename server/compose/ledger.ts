import type { HubLedgerDependencies } from '../core/ledger/hub-ledger.ts'
import { HubLedgers } from '../core/ledger/hub-ledger.ts'
import type { HeartbeatSink } from '../core/ports.ts'
import { ledgerRoutes } from '../http/routes/ledger.ts'

/** Listens to heartbeats on their way, and changes nothing of them. */
export const openLedger = (deps: HubLedgerDependencies) => {
  const ledgers = new HubLedgers(deps)
  return {
    ledgers,
    routes: [ledgerRoutes(ledgers)],
    heartbeats: (next: HeartbeatSink): HeartbeatSink => ({
      heartbeat: (hubId, body, receivedAt) => {
        next.heartbeat(hubId, body, receivedAt)
        ledgers.heartbeat(hubId, body, receivedAt)
      },
      refused: (hubId) => next.refused(hubId),
    }),
  }
}
