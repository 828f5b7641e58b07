import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { alarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmPolicy } from '#domain/alarm/policy.ts'
import { DutyPlace } from '#domain/on-call/duty.ts'
import { defaultPathPolicy } from '#domain/path/overdue.ts'
import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { AlarmService } from '../core/alarm-service.ts'
import { GoneOwners } from '../core/gone-owners.ts'
import type { LivePicture } from '../core/live-picture.ts'
import type { Log } from '../core/log.ts'
import type { OnCallBook } from '../core/on-call-book.ts'
import { canaryIntake } from '../core/path/canary-intake.ts'
import { HubPaths } from '../core/path/hub-paths.ts'
import type { PathProofs } from '../core/path/path-proofs.ts'
import { PathTimer } from '../core/path/path-timer.ts'
import { ShiftChecks } from '../core/path/shift-checks.ts'
import { stationAlarm } from '../core/path/station-alarm.ts'
import { Stations } from '../core/path/stations.ts'
import type { AlarmIntake, HeartbeatSink, KnownHub } from '../core/ports.ts'
import { reachabilityOf } from '../core/reachability.ts'
import type { ScopeBook } from '../core/scope-book.ts'
import { ReadinessBook } from '../core/readiness-book.ts'
import type { ReadinessStore } from '../core/readiness-book.ts'
import type { ReachabilitySource } from '../core/reachability.ts'
import type { AppDependencies } from '../http/dependencies.ts'
import { readinessRoutes } from '../http/routes/readiness.ts'
import { shiftCheckRoutes } from '../http/routes/shift-check.ts'

export interface PathParts {
  readonly alarms: Pick<AlarmService, 'take' | 'system' | 'openAlarms'>
  readonly picture: LivePicture
  readonly database: DatabaseSync
  readonly proofs: PathProofs
  readonly readiness: ReadinessStore
  readonly onCall: OnCallBook
  readonly isDemoPerson: (userId: UserId) => boolean
  /** Whose account can act on alarms. */
  readonly isColleague: (userId: UserId) => boolean
  readonly scopes: Pick<ScopeBook, 'sees'>
  /** Ways to page this person while no screen of hers is open, and whether the last page got nowhere. */
  readonly addressesOf: (userId: UserId) => Promise<number>
  readonly isUnreached: (userId: UserId) => boolean
  readonly policy: AlarmPolicy
  /** Its monotonic time judges silence: it should not count a stall of this process. */
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

/** Whether the path of an alarm is known to work (alarms.md, "Proof that the path works"). */
export interface Paths extends AsyncDisposable {
  /** What hubs report goes through here. */
  readonly intake: AlarmIntake
  /** Open pages of people, for the live feed. */
  readonly stations: Stations
  readonly reachability: ReachabilitySource
  readonly routes: NonNullable<AppDependencies['peopleRoutes']>
  /** Hears the heartbeats that `links` hears. */
  heartbeats(links: HeartbeatSink): HeartbeatSink
  /** Before hubs and people are served. */
  remember(hubs: readonly KnownHub[]): Promise<void>
  start(): void
}

export const openPaths = (parts: PathParts): Paths => {
  const { alarms, proofs, onCall, clock, log } = parts
  const policy = defaultPathPolicy
  const about = {
    ...parts,
    policy,
    system: (commands: Parameters<AlarmService['system']>[0]) => alarms.system(commands),
  }
  const onDuty = (): ReadonlySet<UserId> =>
    new Set(
      onCall.teams().flatMap((team) => {
        const duty = onCall.duty(team, clock.now())
        return DutyPlace.options.flatMap((place) => duty[place]?.userId ?? [])
      }),
    )
  const hubs = new HubPaths({ ...about, hubSilenceMs: parts.policy.hubSilenceMs })
  const stations = new Stations({ ...about, newId: randomUUID })
  const unheard = stationAlarm({ ...about, stations, isOnCall: (userId) => onDuty().has(userId) })
  const checks = new ShiftChecks({ proofs, clock })
  const readiness = new ReadinessBook({ store: parts.readiness, clock })
  let addresses: ReadonlyMap<UserId, number> = new Map()
  const countAddresses = async (): Promise<void> => {
    const wanted = new Set([...onDuty(), ...owners.owners().map(({ userId }) => userId)])
    const counted = [...wanted].map(async (userId) => [userId, await parts.addressesOf(userId)] as const)
    addresses = new Map(await Promise.all(counted))
  }
  const reachability: ReachabilitySource = {
    facts: (userId) => ({
      stations: stations.looks(userId),
      addresses: parts.isUnreached(userId) ? 0 : (addresses.get(userId) ?? 0),
      path: stations.path(userId),
      shiftCheck: checks.last(userId),
      readiness: readiness.last(userId),
    }),
  }
  const owners = new GoneOwners({
    ...about,
    openAlarms: () => alarms.openAlarms(),
    reachOf: (person) =>
      parts.isColleague(person.userId) ? reachabilityOf(reachability, person, clock.now()).reach : 'unreachable',
    sees: (userId, subject) => parts.scopes.sees(userId, subject),
    afterMs: parts.policy.ownerGoneAfterMs,
  })
  const timer = new PathTimer({
    look: async () => {
      stations.passTime()
      await hubs.look()
      await unheard.look()
      await countAddresses().catch((error: unknown) => log.error({ err: error }, 'devices could not be read'))
      await owners.look()
    },
    scheduler: parts.scheduler,
  })
  return {
    stations,
    routes: [shiftCheckRoutes(checks), readinessRoutes({ readiness, onCall, clock })],
    reachability,
    intake: canaryIntake({
      ...parts,
      engine: alarmEngine,
      arrived: (arrival) => {
        hubs.arrived(arrival)
        stations.passOn(arrival.hubId)
      },
    }),
    heartbeats: (links) => ({
      heartbeat: (hubId, body, receivedAt) => {
        links.heartbeat(hubId, body, receivedAt)
        hubs.heard(hubId, body)
      },
      refused: (hubId) => links.refused(hubId),
    }),
    remember: async (known) => {
      const hubIds = known.map(({ hubId }) => hubId)
      hubs.remember(hubIds, await proofs.hubs())
      stations.remember(await proofs.people())
      await checks.rebuild()
      await readiness.rebuild()
    },
    start: () => timer.start(),
    [Symbol.asyncDispose]: () => timer[Symbol.asyncDispose](),
  }
}
