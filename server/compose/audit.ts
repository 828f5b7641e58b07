import { join } from 'node:path'
import type { Json } from '#domain/audit/canonical-json.ts'
import type { UserId } from '#domain/ids.ts'
import type { Clock, Instant, Scheduler } from '#domain/time.ts'
import { headFile } from '../adapters/audit-head-file.ts'
import { headHook } from '../adapters/audit-head-hook.ts'
import { auditSigner } from '../adapters/audit-signer.ts'
import { createHttpOutgoing } from '../adapters/outgoing/http-outgoing.ts'
import { readOrMakeSecret } from '../adapters/secret-file.ts'
import { chainHash } from '../adapters/sqlite/audit-trail.ts'
import type { Journal } from '../adapters/sqlite/open-journal.ts'
import type { ServerConfig } from '../config.ts'
import type { AccountStore } from '../core/accounts.ts'
import { AuditCheck } from '../core/audit-check.ts'
import { AuditDesk } from '../core/audit-desk.ts'
import { AuditHeads } from '../core/audit-heads.ts'
import type { HeadCopy } from '../core/audit-heads.ts'
import { AuditSightings } from '../core/audit-sightings.ts'
import type { Log } from '../core/log.ts'
import type { AppDependencies } from '../http/dependencies.ts'
import { auditRoutes } from '../http/routes/audit.ts'

export const headsFileName = 'audit-heads.jsonl'

/** Where the heads are that this configuration can read back. */
export const headsFileOf = ({ dataDir, audit }: ServerConfig): string => join(audit.headDir ?? dataDir, headsFileName)

export const openAuditSigner = async ({ dataDir }: ServerConfig) =>
  auditSigner(await readOrMakeSecret(join(dataDir, 'audit-signing-key')))

export interface AuditParts {
  readonly config: ServerConfig
  readonly journal: Pick<Journal, 'audit' | 'auditReader' | 'patients'>
  readonly accounts: Pick<AccountStore, 'users'>
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

export interface OpenAudit extends Disposable {
  readonly sightings: AuditSightings
  readonly recording: Pick<AppDependencies, 'audit' | 'sightings'>
  /** A sign-in failed; null: nobody has that name, and the name itself is not kept: it may be a password. */
  readonly refused: (userId: UserId | null) => void
  /** An administrator signed in although there is an identity provider. */
  readonly pastProvider: (userId: UserId, at: Instant) => Promise<void>
  readonly routes: NonNullable<AppDependencies['peopleRoutes']>
  /** For readiness: alarms go on whatever becomes of the trail. */
  note(): Promise<string | undefined>
  /** The same about the table of patients. */
  patients(): Promise<string | undefined>
  /** Records this start and its settings, copies the head out and begins to follow the chain. */
  start(): Promise<void>
}

/** What goes on about the audit trail while the server runs (security.md 9). */
export const openAudit = async (parts: AuditParts): Promise<OpenAudit> => {
  const { config, journal, clock, scheduler, log } = parts
  const { headUrl } = config.audit
  const outgoing = createHttpOutgoing({ clock, scheduler, trustedHosts: config.paging.outgoingHosts })
  const copies: readonly HeadCopy[] = [
    headFile(headsFileOf(config), config.dataDir),
    ...(headUrl === null ? [] : [headHook(headUrl, outgoing)]),
  ]
  const reader = journal.auditReader
  const sightings = new AuditSightings({ audit: journal.audit, clock, scheduler, log })
  const heads = new AuditHeads({ reader, signer: await openAuditSigner(config), copies, clock, scheduler, log })
  const check = new AuditCheck({ reader, hash: chainHash, signed: () => heads.signed, clock, scheduler, log })
  const desk = new AuditDesk({ ...parts, audit: journal.audit, reader, sightings, heads, check })
  return {
    sightings,
    recording: { audit: journal.audit, sightings },
    refused: (userId) => {
      const actor = userId ?? 'unknown'
      void sightings.saw([{ actor, action: 'session.begin', outcome: 'refused', object: `user:${actor}` }])
    },
    pastProvider: (userId, at) =>
      journal.audit.note([{ at, actor: userId, action: 'session.break-glass', object: `user:${userId}` }]),
    routes: [auditRoutes(desk, clock)],
    note: async () => {
      const { fault } = check.state
      if (fault !== null) return `broken at row ${fault.seq}`
      if (heads.state.failing > 0) return 'the head is not copied'
      return heads.state.away ? undefined : 'the head is copied to the same disk only'
    },
    patients: async () => {
      const { rows } = journal.patients.unreadable()
      return rows === 0 ? undefined : `the key of ${rows} rows is not here`
    },
    start: async () => {
      const { rows, keyIds } = journal.patients.unreadable()
      if (rows > 0)
        log.error({ rows, keyIds }, 'the key of patients is not here: their pumps count as critical and have no label')
      await journal.audit.note([
        { at: clock.now(), actor: 'server', action: 'server.start', object: 'server:config', after: told(config) },
      ])
      await heads.start()
      check.start()
    },
    [Symbol.dispose]: () => {
      heads[Symbol.dispose]()
      check[Symbol.dispose]()
    },
  }
}

/** Secrets tell nothing of themselves when they are written. */
const told = (config: ServerConfig): Json =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON was made of is JSON
  JSON.parse(JSON.stringify(config)) as Json
