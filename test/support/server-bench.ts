import type { FastifyPluginAsync } from 'fastify'
import { pino } from 'pino'
import { alarmEngine } from '#domain/alarm/engine.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import { ChannelId, EpisodeId, HubId, PumpId, UserId, BootId } from '#domain/ids.ts'
import type { Role } from '#domain/live/views.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import { emptySample } from '#domain/telemetry.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import type { HubCondition, PumpReport } from '#domain/uplink/envelope.ts'
import type { Condition, UplinkRecord } from '#domain/uplink/records.ts'
import { MemoryTelemetryStore } from './memory-telemetry-store.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { nodeHubCrypto } from '#server/adapters/node-hub-crypto.ts'
import { nodeScheduler } from '#server/adapters/node-clock.ts'
import { openFactors } from '#server/compose/factors.ts'
import { rulesOfSite } from '#server/compose/password-rules.ts'
import { lookBack } from '#server/compose/look-back.ts'
import { teamOfSubject } from '#server/compose/paging.ts'
import { JudgedRuns } from '#server/core/adherence/judged-runs.ts'
import { createAccounts } from '#server/core/accounts.ts'
import type { AccountSecrets, PasswordHasher } from '#server/core/accounts.ts'
import { AlarmService } from '#server/core/alarm-service.ts'
import { AuditSightings } from '#server/core/audit-sightings.ts'
import { AssignmentBook } from '#server/core/assignment-book.ts'
import type { WallAssignments } from '#server/core/assignments.ts'
import { colleaguesIn } from '#server/core/colleagues.ts'
import { Enrolment } from '#server/core/enrolment.ts'
import { HubConditionAlarms } from '#server/core/hub-condition-alarms.ts'
import { LinkSupervisor } from '#server/core/link-supervisor.ts'
import { ServerError } from '#server/core/errors.ts'
import type { ServerErrorCode } from '#server/core/errors.ts'
import { createLivePicture } from '#server/core/live-picture.ts'
import type { LivePicture } from '#server/core/live-picture.ts'
import { ScopeBook } from '#server/core/scope-book.ts'
import { OnCallBook } from '#server/core/on-call-book.ts'
import { ShiftAcceptances } from '#server/core/shift-acceptances.ts'
import { ShiftHandOver } from '#server/core/shift-hand-over.ts'
import { WatchBook } from '#server/core/watch-book.ts'
import type { AlarmJournal, DatedRecord, ReceivedKey } from '#server/core/ports.ts'
import type { SimulatorControl } from '#server/core/simulator-control.ts'
import { SimulatedFleet } from '#server/core/simulated-fleet.ts'
import { SimulatorDesk } from '#server/core/simulator-desk.ts'
import { sessionCookie } from '#server/core/session-cookie.ts'
import { buildApp } from '#server/http/app.ts'
import type { AppDependencies } from '#server/http/dependencies.ts'
import { ManualClock } from './manual-clock.ts'
import { silentPaging } from './silent-paging.ts'
import { createMemoryAccounts } from './memory-accounts.ts'
import { serverAdmin } from './acts.ts'

export const testOrigin = 'http://localhost:8080'
export const hub1 = HubId.parse('hub-1')
export const pump1 = PumpId.parse('P-1')
export const pump2 = PumpId.parse('P-2')
const boot = BootId.parse('boot-1')
const channel = ChannelId.parse('1')

const hasher: PasswordHasher = {
  hash: async (password) => `hash of ${password}`,
  verify: async (password, hash) => (hash === `hash of ${password}` ? 'right' : 'wrong'),
}

export const pumpReport = (pumpId: PumpId, changes: Partial<PumpReport> = {}): PumpReport => ({
  pumpId,
  port: 'usb0',
  protocol: 'ip1',
  link: 'up',
  silentMs: 100,
  statusIntervalMs: 1000,
  maker: 'Acme',
  model: 'A1',
  firmware: null,
  serial: pumpId,
  experimental: false,
  simulated: false,
  ...changes,
})

export const occlusion = (episodeId: string, changes: Partial<Condition> = {}): Condition => ({
  episodeId: EpisodeId.parse(episodeId),
  code: 'occlusion-downstream',
  vendorCode: 'A1',
  vendorText: 'DOWN OCC',
  phase: 'start',
  state: 'active',
  inactivation: ['enabled'],
  priority: 'high',
  prioritySource: 'pump',
  type: 'technical',
  channelId: channel,
  startedAt: null,
  measurementStatus: ['valid'],
  experimental: false,
  ...changes,
})

/** The server's core and its HTTP interface on memory stores and a manual clock. */
export const openServerBench = async (
  options: {
    assignments?: WallAssignments
    simulators?: SimulatorControl
    /** Who may go without a second factor; left out: everybody. */
    withoutSecond?: (userId: UserId) => boolean
  } = {},
) => {
  const clock = new ManualClock()
  const opened = openJournal(':memory:')
  const faults: { journal: ServerErrorCode | null; telemetry: Error | null } = { journal: null, telemetry: null }
  const journal: AlarmJournal = {
    load: (subject) => opened.alarms.load(subject),
    readAll: (after) => opened.alarms.readAll(after),
    commit: async (effects) => {
      const { journal: fault } = faults
      if (fault === 'SRV_VERSION_CONFLICT') faults.journal = null
      if (fault !== null) throw new ServerError(fault, 'injected')
      await opened.alarms.commit(effects)
    },
    [Symbol.asyncDispose]: () => opened.alarms[Symbol.asyncDispose](),
  }
  const book = new AssignmentBook(opened.assignments, clock)
  const enrolment = new Enrolment(opened.hubs, nodeHubCrypto(new Uint8Array(32)), clock)
  const assignments = options.assignments ?? book
  let counter = 0
  const next = (): number => (counter += 1)
  const newEpisodeId = (): EpisodeId => EpisodeId.parse(`derived-${next()}`)
  const store = createMemoryAccounts()
  const picture = createLivePicture({ clock, epoch: 'epoch-1', assignments })
  const onCall = new OnCallBook({ store: opened.onCall, users: () => store.users(), clock })
  const scopes = new ScopeBook({ onCall, assignments: book, pumpsOf: (hubId) => picture.hub(hubId)?.pumpIds ?? [] })
  const colleagues = colleaguesIn(store, scopes)
  const alarmsOn = (shown: LivePicture): AlarmService =>
    new AlarmService({
      engine: alarmEngine,
      policy: defaultAlarmPolicy,
      journal,
      archive: opened.states,
      scheduler: clock,
      notKept: (error) => {
        throw error
      },
      picture: shown,
      assignments,
      colleagues,
      clock,
      newEpisodeId,
      facilityTimeZone: 'Europe/Berlin',
    })
  const alarms = alarmsOn(picture)
  let running = alarms
  const log = pino({ level: 'silent' })
  const wanted: PumpId[] = []
  const links = new LinkSupervisor({
    alarms,
    picture,
    policy: defaultAlarmPolicy,
    clock,
    scheduler: clock,
    newEpisodeId,
    registry: opened.hubs,
    wantLists: (_, pumpIds) => wanted.push(...pumpIds),
    log,
  })
  const secrets: AccountSecrets = {
    newSessionId: () => `session-${next()}`.padEnd(43, 'x'),
    hashSessionId: (id) => `sha of ${id}`,
  }
  const accounts = createAccounts({
    store,
    hasher,
    secrets,
    clock,
    scheduler: clock,
    refused: () => undefined,
  })
  const sightings = new AuditSightings({ audit: opened.audit, clock, scheduler: nodeScheduler, log })
  const watches = new WatchBook(opened.watches)
  const acceptances = new ShiftAcceptances(opened.acceptances, clock)
  const telemetry = new MemoryTelemetryStore()
  const judgedRuns = new JudgedRuns(clock)
  const appWith = (
    hubRoutes: FastifyPluginAsync | null,
    peopleRoutes: readonly FastifyPluginAsync[] = [],
    {
      trustedProxies = [],
      origins = [testOrigin],
      shedding = { sheds: () => null },
    }: Partial<Pick<AppDependencies, 'trustedProxies' | 'shedding'>> & { readonly origins?: readonly string[] } = {},
  ) =>
    buildApp({
      tls: null,
      trustedProxies,
      shedding,
      accounts,
      ...openFactors({
        accounts,
        store,
        factorStore: opened.factors,
        hasher,
        rules: rulesOfSite('Test'),
        secrets,
        site: 'Test',
        mayGoWithout: (userId) => options.withoutSecond?.(userId) ?? true,
        refused: () => undefined,
        clock,
        log,
      }),
      audit: opened.audit,
      sightings,
      deskOf: alarms.deskOf,
      scopes,
      ...lookBack({
        journal: opened,
        telemetry,
        picture,
        scheduler: nodeScheduler,
        facilityTimeZone: 'Europe/Berlin',
        now: () => clock.now(),
      }),
      colleagues,
      paging: silentPaging,
      picture,
      assignments: book,
      onCall,
      watches,
      handOver: new ShiftHandOver({
        desk: alarms.desk,
        watches,
        acceptances,
        onCall,
        assignments: book,
        teamOf: teamOfSubject(picture, (pumpId) => book.get(pumpId)?.teamId ?? defaultTeam),
        clock,
      }),
      reachability: { facts: () => null },
      telemetry,
      pumpEvents: opened.pumpEvents,
      judgedRuns,
      scheduler: nodeScheduler,
      health: {
        telemetry: async () => {
          if (faults.telemetry !== null) throw faults.telemetry
        },
      },
      clock,
      site: {
        name: 'Test',
        facilityTimeZone: 'Europe/Berlin',
        phones: { backup: null, lead: '555 0102' },
        demo: false,
        version: '0.0.0',
      },
      origins: () => origins,
      newRequestId: () => `request-${next()}`,
      logger: log,
      dashboard: { dir: '/nowhere', built: false },
      hubRoutes,
      simulators:
        options.simulators === undefined
          ? null
          : new SimulatorDesk({
              control: options.simulators,
              hubs: () => opened.hubs.hubs(),
              picture,
              accounts,
              scheduler: clock,
              fleet: new SimulatedFleet({
                control: options.simulators,
                hubs: opened.hubs,
                createClaim: (name, by) => enrolment.createClaim({ name }, by),
                clock,
                origin: () => testOrigin,
              }),
            }),
      peopleRoutes,
    })
  const app = await appWith(null)

  let seq = 0
  const dated = (record: UplinkRecord, late: boolean): DatedRecord => ({
    hubId: hub1,
    record,
    occurredAt: clock.now(),
    uncertaintyMs: 0,
    numbering: 0,
    receivedAt: clock.now(),
    late,
  })
  const envelope = (pumpId: PumpId) => ({
    seq: (seq += 1),
    bootId: boot,
    pumpId,
    monotonicMs: clock.monotonic(),
    wallAt: clock.now(),
    clockQuality: 'ntp' as const,
  })
  const take = async (records: readonly UplinkRecord[], late = false): Promise<void> => {
    const received = records.map((record): ReceivedKey => ({
      lane: record.lane,
      bootId: record.bootId,
      seq: record.seq,
      hash: `h${record.seq}`,
    }))
    await running.take(
      hub1,
      records.map((record) => dated(record, late)),
      received,
    )
  }

  return {
    app,
    clock,
    journal,
    /** What the journal does instead of storing; a version conflict happens once. */
    faults,
    /** What a heartbeat says of the hub itself. */
    conditions: (...named: readonly HubCondition[]) =>
      new HubConditionAlarms({ alarms, picture, clock, newEpisodeId, log }).take(hub1, named),
    /** Another start of the server on the same journal. */
    restarted: async () => {
      const again = createLivePicture({ clock, epoch: 'epoch-2', assignments })
      const service = alarmsOn(again)
      service.rebuild()
      running = service
      return { picture: again, alarms: service }
    },
    factors: opened.factors,
    hubs: opened.hubs,
    judgedRuns,
    audit: opened.audit,
    auditReader: opened.auditReader,
    sightings,
    database: opened.database,
    pages: opened.pages,
    states: opened.states,
    newEpisodeId,
    book,
    onCall,
    scopes,
    watches,
    watchJournal: opened.watches,
    /** Lets the hub in with a key of that name, as a claim does. */
    enrol: async (keyId: string): Promise<void> => {
      const at = clock.now()
      const claim = { claimId: `claim-${keyId}`, hubId: hub1, expiresAt: instant(at + 600_000) }
      const codeMac = new Uint8Array(32)
      await opened.hubs.addClaim({ ...claim, hubName: 'Home 1', codeMac, createdAt: at, tries: 5 }, serverAdmin)
      await opened.hubs.useClaim(claim.claimId, keyId, new Uint8Array(32).fill(keyId.length), at)
    },
    picture,
    alarms,
    links,
    wanted,
    accounts,
    store,
    log,
    telemetry,

    condition: (pumpId: PumpId, body: Condition, late = false) =>
      take([{ ...envelope(pumpId), lane: 'alarm', kind: 'condition', body }], late),
    snapshot: (pumpId: PumpId, list: readonly Condition[] = []) =>
      take([
        {
          ...envelope(pumpId),
          lane: 'alarm',
          kind: 'snapshot',
          body: { reason: 'periodic', alarms: [...list], measurementStatus: ['valid'] },
        },
      ]),
    event: (pumpId: PumpId, event: 'link-down' | 'link-up', late = false) =>
      take(
        [
          {
            ...envelope(pumpId),
            lane: 'alarm',
            kind: 'event',
            body: { event, detail: { reason: 'silent' }, measurementStatus: ['valid'] },
          },
        ],
        late,
      ),
    /** As the live picture is told of a sample that comes late. */
    lateSample: (pumpId: PumpId): DatedRecord =>
      dated({ ...envelope(pumpId), lane: 'telemetry', kind: 'telemetry', body: emptySample(channel, pumpId) }, true),
    sample: (pumpId: PumpId, rateMlPerHour: number) =>
      picture.take([
        dated(
          {
            ...envelope(pumpId),
            lane: 'telemetry',
            kind: 'telemetry',
            body: { ...emptySample(channel, pumpId), operatingState: 'infusing', rateMlPerHour },
          },
          false,
        ),
      ]),
    sampleOf: (pumpId: PumpId, changes: Partial<TelemetrySample>) =>
      picture.take([
        dated(
          {
            ...envelope(pumpId),
            lane: 'telemetry',
            kind: 'telemetry',
            body: { ...emptySample(channel, pumpId), ...changes },
          },
          false,
        ),
      ]),
    heartbeat: (pumps: readonly PumpReport[], monotonicMs = clock.monotonic(), bootId = boot) =>
      links.heartbeat(
        hub1,
        {
          v: 1,
          bootId,
          monotonicMs,
          wallAt: clock.now(),
          clockQuality: 'ntp',
          anchor: null,
          versions: { gateway: '0.1.0', node: '24.21.0' },
          manifest: null,
          outbox: {
            alarm: { rows: 0, oldestAgeMs: null },
            telemetry: { rows: 0, oldestAgeMs: null },
            quarantined: 0,
            tombstoned: 0,
            diskFreeBytes: null,
          },
          ports: [],
          pumps: [...pumps],
          conditions: [],
        },
        instant(clock.now()),
      ),

    /** Another application on the same accounts, with further routes for people. */
    appWithPeople: (routes: readonly FastifyPluginAsync[], transport: Parameters<typeof appWith>[2] = {}) =>
      appWith(null, routes, transport),
    /** Starts an application with a route that names no permission. */
    unguardedRoute: () =>
      appWith(async (scope) => {
        scope.get('/api/v1/open-door', () => 'come in')
      }),

    /** Makes a user of that role and signs in: the `Cookie` header. */
    signIn: async (role: Role, name: string = role): Promise<string> => {
      const userId = UserId.parse(`u-${name}`)
      const user = { userId, name, role, passwordHash: 'hash of pw', disabled: false }
      await store.addUser(user, { by: serverAdmin, at: clock.now() })
      const known = await accounts.checkPassword(name, 'pw', 'test')
      const signedIn = known === null ? null : await accounts.begin(known, ['password'], 'test')
      if (signedIn === null) throw new Error('refused')
      return `${sessionCookie}=${signedIn.sessionId}`
    },
    close: async (): Promise<void> => {
      faults.journal = null
      await app.close()
      await links[Symbol.asyncDispose]()
      await opened.alarms[Symbol.asyncDispose]()
    },
  }
}

export type ServerBench = Awaited<ReturnType<typeof openServerBench>>
