import { join } from 'node:path'
import { alarmEngine, type AlarmEngine } from '#domain/alarm/engine.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import { EpisodeId, type HubId, type PumpId } from '#domain/ids.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import type { Instant } from '#domain/time.ts'
import { Batch, Heartbeat, type HeartbeatReply } from '#domain/uplink/envelope.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import { nodeHubCrypto } from '#server/adapters/node-hub-crypto.ts'
import { openJournal, type Journal } from '#server/adapters/sqlite/open-journal.ts'
import { openSqliteTelemetryStore } from '#server/adapters/sqlite/telemetry-store.ts'
import { openPaging, teamOfSubject, type Paging } from '#server/compose/paging.ts'
import { AlarmService } from '#server/core/alarm-service.ts'
import type { WallAssignments } from '#server/core/assignments.ts'
import { HubConditionAlarms } from '#server/core/hub-condition-alarms.ts'
import { hubUplink, type HubUplink } from '#server/core/hub-uplink.ts'
import { LinkSupervisor } from '#server/core/link-supervisor.ts'
import { createLivePicture, type LivePicture } from '#server/core/live-picture.ts'
import type { Log } from '#server/core/log.ts'
import type { PageChannels } from '#server/core/page-channels.ts'
import { subjectKey } from '#server/core/ports.ts'
import type { PlantedBug } from './bugs.ts'
import type { DriverLog } from './log.ts'
import { hubIdOf } from './hub-id.ts'
import { demoTeam, isDemoPerson, onCall, people } from './people.ts'
import {
  plantedArchive,
  plantedEngine,
  plantedIntake,
  plantedJournal,
  plantedPages,
  plantedPagingAlarms,
} from './server-bugs.ts'
import type { VirtualProcess, VirtualTime } from './virtual-time.ts'
import { serverAdmin } from '../acts.ts'
import { openGate } from '#test/support/open-gate.ts'

export interface OracleServerOptions {
  readonly folder: string
  readonly time: VirtualTime
  /** The clocks of this start. */
  readonly process: VirtualProcess
  /** Which start it is, from 1. */
  readonly start: number
  readonly driver: DriverLog
  readonly channels: PageChannels
  readonly isDemoPump: (pumpId: PumpId) => boolean
  readonly assignments: WallAssignments
  readonly bug: PlantedBug | null
  /** Called at each commit of alarms or pages; true: the process dies there. */
  readonly diesAt: (moment: 'before-commit' | 'after-commit') => boolean
}

/** One start of the server: the cores of `server/compose.ts` on their files, without HTTP, signatures and browsers. */
export class OracleServer {
  readonly #options: OracleServerOptions
  readonly #journal: Journal
  readonly #store: ReturnType<typeof openSqliteTelemetryStore>
  readonly alarms: AlarmService
  readonly picture: LivePicture
  readonly uplink: HubUplink
  readonly #links: LinkSupervisor
  readonly #paging: Paging
  #serves = false

  constructor(options: OracleServerOptions) {
    this.#options = options
    const { folder, time, process, start, driver, channels, isDemoPump, assignments, bug, diesAt } = options
    this.#journal = openJournal(join(folder, 'journal.db'))
    this.#store = openSqliteTelemetryStore(join(folder, 'telemetry.db'))
    const mortal = <T extends object>(thing: T): T => process.ofMine(dyingAtCommits(thing, diesAt))
    const journal = plantedJournal(bug, mortal(this.#journal.alarms), process)
    const hubs = process.ofMine(this.#journal.hubs)
    const receipts = process.ofMine(this.#journal.receipts)
    const policy = defaultAlarmPolicy
    const engine: AlarmEngine = plantedEngine(bug, alarmEngine)
    let ids = 0
    const newId = (kind: string): string => `${kind}-${start}-${(ids += 1)}`
    const newEpisodeId = (): EpisodeId => EpisodeId.parse(newId('derived'))
    const log = this.#log()
    this.picture = createLivePicture({ clock: process, epoch: `epoch-${start}`, assignments })
    const { picture } = this
    this.alarms = new AlarmService({
      engine,
      policy,
      journal,
      archive: plantedArchive(bug, this.#journal.states, start),
      scheduler: process,
      notKept: (error) => {
        if (process.isAlive) driver.errors.push(`a state was not kept: ${String(error)}`)
      },
      picture,
      assignments,
      colleagues: {
        all: async () => people,
        find: async (userId) => people.find((one) => one.userId === userId) ?? null,
      },
      clock: process,
      newEpisodeId,
      facilityTimeZone: 'Europe/Berlin',
    })
    const { alarms } = this
    alarms.onCommitted((changes) => {
      for (const { subject, episodeId, after } of changes)
        driver.seen.push({
          order: driver.nextOrder(),
          atMs: time.nowMs,
          subject: subjectKey(subject),
          episodeId,
          after,
          isReadBack: false,
        })
    })
    this.#links = new LinkSupervisor({
      alarms,
      picture,
      policy,
      clock: process,
      scheduler: process,
      newEpisodeId,
      registry: hubs,
      wantLists: (hubId, pumpIds) => this.uplink.snapshots.want(hubId, pumpIds),
      log,
    })
    this.uplink = hubUplink({
      gate: openGate(process),
      journal,
      receipts,
      hubs,
      nonces: this.#journal.nonces,
      store: process.ofMine(this.#store),
      alarms: plantedIntake(bug, alarms),
      samples: picture,
      heartbeats: this.#links,
      conditions: new HubConditionAlarms({ alarms, picture, clock: process, newEpisodeId, log }),
      accepted: alarms.answered,
      observer: {
        refused: (_, lane, reason) => void driver.errors.push(`refused ${lane} ${reason}`),
        forged: (_, boot, seq) => void driver.errors.push(`forged ${boot} ${seq}`),
        requestForged: (_, boot) => void driver.errors.push(`request forged ${boot}`),
        olderBootSpeaks: (_, boot) => void driver.errors.push(`older boot ${boot} speaks`),
        telemetryStore: (state) => void driver.errors.push(`telemetry store ${state}`),
      },
      hubCrypto: nodeHubCrypto(new Uint8Array(32)),
      clock: process,
      scheduler: process,
      lateAfterMs: bug === 'late-records-ring' ? 1e12 : policy.lateAfterMs,
      authorities: () => new Set(),
      log,
    })
    this.#paging = openPaging({
      journal: plantedPages(bug, mortal(this.#journal.pages), start),
      alarms: plantedPagingAlarms(bug, alarms, start),
      picture,
      onCall,
      channels,
      isDemoPerson: bug === 'pages-the-other-name-space' ? (userId) => !isDemoPerson(userId) : isDemoPerson,
      teamOf: teamOfSubject(picture, (pumpId) => (isDemoPump(pumpId) ? demoTeam : defaultTeam)),
      clock: process,
      scheduler: process,
      newEpisodeId,
      newNotificationId: () => newId('page'),
      log,
    })
  }

  get serves(): boolean {
    return this.#serves && this.#options.process.isAlive
  }

  /** Fold and timers first, then hubs and people. */
  async begin(): Promise<void> {
    const { bug, driver, time } = this.#options
    this.#links.remember(await this.#journal.hubs.hubs(), await this.#journal.hubs.pumps())
    this.alarms.rebuild()
    await this.#paging.rebuild()
    if (bug !== 'silence-is-no-alarm') this.#links.start()
    this.#paging.start()
    this.#serves = true
    driver.serverStarts.push(time.nowMs)
    for (const { subject, episode } of this.alarms.openAlarms())
      driver.seen.push({
        order: driver.nextOrder(),
        atMs: time.nowMs,
        subject: subjectKey(subject),
        episodeId: episode.episodeId,
        after: episode,
        isReadBack: true,
      })
    if (bug === 'alarm-of-nothing') this.#inventAlarm()
  }

  get journal(): Journal {
    return this.#journal
  }

  /** Lets hubs in, once for all starts. */
  async enrol(hubIds: readonly HubId[], at: Instant): Promise<void> {
    const { hubs } = this.#journal
    for (const [index, hubId] of hubIds.entries()) {
      const claimId = `claim-${hubId}`
      const expiresAt = (at + 600_000) as Instant
      const codeMac = new Uint8Array(32)
      await hubs.addClaim({ claimId, hubId, hubName: hubId, codeMac, createdAt: at, expiresAt, tries: 5 }, serverAdmin)
      await hubs.useClaim(claimId, `key-${hubId}`, new Uint8Array(32).fill(index + 1), at)
    }
  }

  async takeBatch(hub: number, lane: Lane, text: string): Promise<readonly Verdict[]> {
    const batch = Batch.parse(JSON.parse(text))
    return await this.uplink.ingest.accept(hubIdOf(hub), lane, batch, this.#options.process.now())
  }

  async takeHeartbeat(hub: number, text: string): Promise<HeartbeatReply> {
    const body = Heartbeat.parse(JSON.parse(text))
    return await this.uplink.heartbeat.receive(hubIdOf(hub), body, this.#options.process.now())
  }

  /** Memory is gone: nothing of it happens any more. */
  die(): void {
    this.#options.process.kill()
  }

  /** What was committed stays. */
  close(): void {
    this.die()
    this.#journal.database.close()
    this.#store.database.close()
  }

  #inventAlarm(): void {
    const { process } = this.#options
    const about = { code: 'under-infusion', channelId: null, hubId: null, priority: null, delivering: null } as const
    const rest = { text: null, unverifiedPumps: [], experimental: false, simulated: false } as const
    const [pump] = this.picture.pumps()
    const subject = pump === undefined ? ({ kind: 'site' } as const) : ({ kind: 'pump', pumpId: pump.pumpId } as const)
    const episodeId = EpisodeId.parse(`invented-${this.#options.start}`)
    void this.alarms.system([
      { subject, command: { type: 'raise-derived', at: process.now(), episodeId, ...about, ...rest } },
    ])
  }

  #log(): Log {
    const { driver, process, time } = this.#options
    return {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: (facts, sentence) => {
        // What a dead process had in hand fails on its closed files.
        if (process.isAlive) driver.errors.push(`${time.nowMs}: ${sentence} ${'err' in facts ? String(facts.err) : ''}`)
      },
    }
  }
}

const nothing = (): void => {}

/** `commit` is where a kill hurts most: what it was about to store is not there, or is there and nobody was told. */
const dyingAtCommits = <T extends object>(thing: T, diesAt: OracleServerOptions['diesAt']): T =>
  new Proxy(thing, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => {
        if (name === 'commit' && diesAt('before-commit')) return new Promise(() => {})
        const result: unknown = Reflect.apply(value, target, args)
        if (name === 'commit' && diesAt('after-commit')) return new Promise(() => {})
        return result
      }
    },
  })
