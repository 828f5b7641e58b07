import { join } from 'node:path'
import Fastify from 'fastify'
import { nodeClock, nodeScheduler } from '#server/adapters/node-clock.ts'
import { nodeHubCrypto } from '#server/adapters/node-hub-crypto.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { hubUplink } from '#server/core/hub-uplink.ts'
import { hubRoutes } from '#server/http/routes/hub-uplink.ts'
import { enrol } from '#gateway/adapters/http-uplink/enrol.ts'
import { KeyStore } from '#gateway/adapters/key-store.ts'
import { reachFor } from './server-trust.ts'
import type { Claim } from '#server/core/enrolment.ts'
import type { DatedRecord, ReceiptBook, TelemetryPoint } from '#server/core/ports.ts'
import { serverAdmin } from './acts.ts'
import { openGate } from './open-gate.ts'

const note = (): void => {}

/**
 * The server's hub interface on a real socket with a real journal: signatures, ranges and verdicts are the product's. Behind it every
 * effect is written down instead of being shown to a nurse; a record has one, if all is well.
 */
export interface HubServer extends AsyncDisposable {
  readonly url: URL
  readonly alarms: readonly DatedRecord[]
  readonly samples: readonly TelemetryPoint[]
  /** Records that were refused, with the reason. */
  readonly refused: readonly string[]
  /** Heartbeats so far. */
  readonly beats: () => number
  /** A claim for a new hub. */
  claim(): Promise<Claim>
  /** Pairs a new hub, whose key is in `folder`. */
  pair(folder: string): Promise<KeyStore>
  /** Another `host:port` under which hubs reach this server: a proxy's. */
  answersTo(authority: string): void
}

export interface HubServerOptions {
  /** A planted fault: the server keeps no number of an alarm and knows none. */
  readonly forgets?: boolean
}

export const startHubServer = async (
  folder: string,
  { forgets = false }: HubServerOptions = {},
): Promise<HubServer> => {
  const journal = openJournal(join(folder, 'journal.db'))
  const alarms: DatedRecord[] = []
  const samples: TelemetryPoint[] = []
  const refused: string[] = []
  const authorities = new Set<string>()
  let beats = 0
  const uplink = hubUplink({
    gate: openGate(nodeClock),
    journal: journal.alarms,
    receipts: forgets ? forgetful(journal.receipts) : journal.receipts,
    hubs: journal.hubs,
    nonces: journal.nonces,
    store: { write: async (points) => (samples.push(...points), { refused: [] }) },
    alarms: {
      async take(hubId, records, received) {
        if (!forgets) await journal.alarms.commit({ at: nodeClock.now(), appends: [], hubId, received, records: [] })
        alarms.push(...records)
      },
    },
    samples: { take: note },
    heartbeats: { heartbeat: () => void (beats += 1), refused: note },
    conditions: { take: async () => {} },
    accepted: { acceptedHigh: () => [], closedOut: () => [] },
    observer: {
      refused: (_hub, lane, reason, count) => void refused.push(`${lane} ${reason} ${count}`),
      forged: (_hub, boot, seq) => void refused.push(`forged ${boot} ${seq}`),
      requestForged: (_hub, boot) => void refused.push(`request forged ${boot}`),
      olderBootSpeaks: (_hub, boot) => void refused.push(`older boot ${boot}`),
      telemetryStore: note,
    },
    hubCrypto: nodeHubCrypto(new Uint8Array(32)),
    clock: nodeClock,
    scheduler: nodeScheduler,
    lateAfterMs: 120_000,
    authorities: () => authorities,
    log: { debug: note, info: note, warn: note, error: note },
  })
  const app = Fastify({ forceCloseConnections: true })
  await app.register(hubRoutes(uplink))
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  authorities.add(url.host)
  return {
    url,
    alarms,
    samples,
    refused,
    beats: () => beats,
    answersTo: (authority) => void authorities.add(authority),
    claim: () => uplink.enrolment.createClaim({ name: 'Kitchen' }, serverAdmin),
    pair: async (keyFolder) => {
      const keys = await KeyStore.open(keyFolder)
      const { claimId, code } = await uplink.enrolment.createClaim({ name: 'Kitchen' }, serverAdmin)
      const { hubId, keyId } = await enrol(
        reachFor(url, nodeClock),
        { claimId, code },
        keys.key,
        AbortSignal.timeout(10_000),
      )
      await keys.paired({ hubId, keyId, server: url.origin })
      return keys
    },
    [Symbol.asyncDispose]: async () => {
      await app.close()
      await journal.alarms[Symbol.asyncDispose]()
    },
  }
}

const forgetful = (receipts: ReceiptBook): ReceiptBook => ({
  lookup: async (_hub, keys) => keys.map(() => 'new'),
  received: (...of) => receipts.received(...of),
  addAll: (...of) => receipts.addAll(...of),
  refuse: (...of) => receipts.refuse(...of),
  timeline: (...of) => receipts.timeline(...of),
  putTimeline: (...of) => receipts.putTimeline(...of),
  neighbours: (...of) => receipts.neighbours(...of),
  numberings: (...of) => receipts.numberings(...of),
})

/** `hub/boot/seq`: what one record is called everywhere. */
export const effectKeys = ({ alarms, samples }: Pick<HubServer, 'alarms' | 'samples'>): readonly string[] => [
  ...alarms.map(({ hubId, record }) => `${hubId}/${record.bootId}/${record.seq}`),
  ...samples.map(({ hubId, bootId, seq }) => `${hubId}/${bootId}/${seq}`),
]
