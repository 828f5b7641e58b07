import type { FastifyBaseLogger, FastifyPluginAsync } from 'fastify'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { JudgedRuns } from '#server/core/adherence/judged-runs.ts'
import type { Accounts } from '#server/core/accounts.ts'
import type { AlarmAnalytics } from '#server/core/analytics.ts'
import type { DeskOf } from '#server/core/alarm-desk.ts'
import type { Audit } from '#server/core/audit.ts'
import type { AuditSightings } from '#server/core/audit-sightings.ts'
import type { AssignmentBook } from '#server/core/assignment-book.ts'
import type { Colleagues } from '#server/core/colleagues.ts'
import type { HealthChecks } from '#server/core/health.ts'
import type { LivePicture } from '#server/core/live-picture.ts'
import type { PagingDesk } from '#server/core/paging/paging-desk.ts'
import type { Shedding } from '#server/core/pressure/shedding.ts'
import type { Passkeys } from '#server/core/passkeys.ts'
import type { PasswordChange } from '#server/core/password-change.ts'
import type { TimeMachine } from '#server/core/replay.ts'
import type { ScopeBook } from '#server/core/scope-book.ts'
import type { OnCallBook } from '#server/core/on-call-book.ts'
import type { ReachabilitySource } from '#server/core/reachability.ts'
import type { SecondFactors } from '#server/core/second-factors.ts'
import type { ShiftHandOver } from '#server/core/shift-hand-over.ts'
import type { SignInDesk } from '#server/core/sign-in-desk.ts'
import type { WatchBook } from '#server/core/watch-book.ts'
import type { TelemetryStore } from '#server/core/ports.ts'
import type { PumpEvents } from '#server/core/pump-events.ts'
import type { SimulatorDesk } from '#server/core/simulator-desk.ts'

export interface SiteFacts {
  readonly name: string
  readonly facilityTimeZone: string
  /** Numbers the screens name when nothing else works; null: none configured. */
  readonly phones: { readonly backup: string | null; readonly lead: string | null }
  readonly demo: boolean
  readonly version: string
}

/** What Node's TLS server is given. */
export interface ServedTls {
  readonly cert: string
  readonly key: string
  readonly minVersion: 'TLSv1.2'
  readonly ciphers: string
  readonly honorCipherOrder: boolean
  readonly secureOptions: number
  readonly handshakeTimeout: number
}

export interface AppDependencies {
  /** Null: plain HTTP. */
  readonly tls: ServedTls | null
  /** Addresses and networks whose word on the caller's address counts. */
  readonly trustedProxies: readonly string[]
  readonly shedding: Pick<Shedding, 'sheds'>
  readonly accounts: Accounts
  readonly signIn: SignInDesk
  readonly factors: SecondFactors
  readonly passkeys: Passkeys
  readonly passwords: PasswordChange
  readonly audit: Audit
  /** Looks and refusals, once in five minutes. */
  readonly sightings: Pick<AuditSightings, 'saw'>
  readonly deskOf: DeskOf
  readonly scopes: ScopeBook
  readonly timeMachine: TimeMachine
  readonly analytics: AlarmAnalytics
  readonly colleagues: Colleagues
  readonly paging: Pick<PagingDesk, 'of'>
  readonly picture: LivePicture
  readonly assignments: AssignmentBook
  readonly onCall: OnCallBook
  readonly watches: WatchBook
  readonly handOver: ShiftHandOver
  readonly reachability: ReachabilitySource
  readonly telemetry: Pick<TelemetryStore, 'history'>
  readonly pumpEvents: PumpEvents
  readonly judgedRuns: Pick<JudgedRuns, 'of'>
  readonly health: HealthChecks
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly site: SiteFacts
  /** Asked at each request: the port may be chosen late. */
  readonly origins: () => readonly string[]
  readonly newRequestId: () => string
  readonly logger: FastifyBaseLogger
  readonly dashboard: { readonly dir: string; readonly built: boolean }
  /** The interface for hubs; it checks signatures itself. */
  readonly hubRoutes: FastifyPluginAsync | null
  /** Null: this server knows of no simulated pumps to drive. */
  readonly simulators: SimulatorDesk | null
  /** Further routes for people, below /api/v1; each says who may call it. */
  readonly peopleRoutes?: readonly FastifyPluginAsync[]
}
