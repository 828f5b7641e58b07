import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { alarmEngine } from '#domain/alarm/engine.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import { EpisodeId } from '#domain/ids.ts'
import { listeningClock } from '#domain/listening-clock.ts'
import { createSocketioLiveFeed } from './adapters/live-feed/socketio-live-feed.ts'
import type { SocketioLiveFeed } from './adapters/live-feed/socketio-live-feed.ts'
import { nodeClock, nodeScheduler } from './adapters/node-clock.ts'
import { SqliteDemoPeople } from './adapters/sqlite/demo-people.ts'
import { keepPrivate } from './adapters/private-files.ts'
import { lockFolder } from './adapters/sqlite/folder-lock.ts'
import { followAlarms } from './compose/alarm-copies.ts'
import { openAudit } from './compose/audit.ts'
import { assertRestored } from './compose/backup.ts'
import { letDemoIn } from './compose/demo-access.ts'
import { letFirstHubIn } from './compose/first-hub.ts'
import { derivedAlarms } from './compose/derived.ts'
import { followAssignments, followTeams, openAssignments } from './compose/assignments.ts'
import { openParts } from './compose/office.ts'
import { openCalling } from './compose/calling.ts'
import { listen } from './compose/listen.ts'
import { openHubDays } from './compose/hub-days.ts'
import { openPaths } from './compose/paths.ts'
import { influxOptions, telemetryStore } from './compose/telemetry-store.ts'
import { openRollUps } from './compose/roll-ups.ts'
import { openLedger } from './compose/ledger.ts'
import { openUplink } from './compose/uplink.ts'
import { openTransport } from './compose/transport.ts'
import { openServerWatch } from './compose/server-watch.ts'
import { openSimulators } from './compose/simulators.ts'
import { lookBack } from './compose/look-back.ts'
import { openOnCall, openShift, startOffice } from './compose/on-call.ts'
import { openSignIn } from './compose/sign-in.ts'
import type { ServerConfig } from './config.ts'
import { JudgedRuns } from './core/adherence/judged-runs.ts'
import { AlarmService } from './core/alarm-service.ts'
import { colleaguesIn } from './core/colleagues.ts'
import { demoRota } from './core/demo-rota.ts'
import type { HubUplink } from './core/hub-uplink.ts'
import { LinkSupervisor } from './core/link-supervisor.ts'
import { createLivePicture } from './core/live-picture.ts'
import { UplinkFigures } from './core/uplink-figures.ts'
import { ScopeBook } from './core/scope-book.ts'
import { HubRegisterDesk } from './core/hub-register-desk.ts'
import { buildApp } from './http/app.ts'
import { hubRegisterRoutes } from './http/routes/hub-register.ts'
import { hubRoutes } from './http/routes/hub-uplink.ts'
import { pumpExportRoutes } from './http/routes/pump-export.ts'

const newEpisodeId = (): EpisodeId => EpisodeId.parse(`e-${randomUUID()}`)

export interface RunningServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Every route there is, such as `GET /api/v1/me`. */
  readonly routes: readonly string[]
}

/** Opens the stores, folds the journal, then listens. Disposing closes sockets, stops timers and closes the stores. */
export const startServer = async (config: ServerConfig, version: string, log: Logger): Promise<RunningServer> => {
  await using opened = new AsyncDisposableStack()
  const clock = nodeClock
  const listening = listeningClock(clock)
  const scheduler = nodeScheduler
  const policy = { ...defaultAlarmPolicy, lateAfterMs: config.lateAfterMs, hubSilenceMs: config.hubSilentMs }

  opened.use(lockFolder(config.dataDir))
  await assertRestored(config.dataDir)
  for (const file of keepPrivate(config.dataDir))
    log.warn({ file }, 'others on this machine could use a private file until now: what is in it may be known')
  const { journal, accounts: store, hasher, rules, users, hubCrypto, enrolment } = await openParts(config)
  opened.use(journal.alarms)
  const audit = opened.use(await openAudit({ config, journal, accounts: store, clock, scheduler, log }))
  const telemetry = opened.use(telemetryStore(config, log))
  const transport = opened.use(await openTransport({ config, clock, scheduler, log }))
  const onCall = await openOnCall(journal.onCall, store, clock)
  const assignments = await openAssignments(journal.assignments, config.assignmentsFile, clock, log)

  const picture = createLivePicture({ clock, epoch: randomUUID(), assignments })
  const scopes = new ScopeBook({ onCall, assignments, pumpsOf: (hubId) => picture.hub(hubId)?.pumpIds ?? [] })
  const colleagues = colleaguesIn(store, scopes)
  const alarms = new AlarmService({
    engine: alarmEngine,
    policy,
    journal: journal.alarms,
    archive: journal.states,
    scheduler,
    notKept: (error) => log.warn({ err: error }, 'a state could not be kept beside the journal'),
    picture,
    assignments,
    colleagues,
    clock,
    newEpisodeId,
    facilityTimeZone: config.facilityTimeZone,
  })
  const { dataDir, facilityTimeZone } = config
  const about = {
    alarms,
    picture,
    assignments,
    scopes,
    telemetry,
    dataDir,
    facilityTimeZone,
    clock,
    scheduler,
    newEpisodeId,
    log,
  }
  const derived = derivedAlarms(about)
  const judgedRuns = new JudgedRuns(clock)
  const figures = new UplinkFigures()
  opened.use(alarms)
  const inWork = (): number => uplink.ingest.telemetryInWork
  const watch = opened.use(openServerWatch({ ...about, journal, config, transport, inWork, version }))

  let origins = config.publicOrigins ?? []
  const links: LinkSupervisor = new LinkSupervisor({
    ...about,
    policy,
    clock: listening,
    registry: journal.hubs,
    wantLists: (hubId, pumpIds) => uplink.snapshots.want(hubId, pumpIds),
  })
  const demo = new SqliteDemoPeople(journal.database)
  const isDemo = config.demo || config.demoAccounts
  const paths = openPaths({
    ...about,
    database: journal.database,
    proofs: journal.proofs,
    readiness: journal.readiness,
    onCall,
    isDemoPerson: (userId) => demo.has(userId),
    isColleague: (userId) => onCall.person(userId) !== null,
    addressesOf: (userId) => calling.ways.addressesOf(userId),
    isUnreached: (userId) => calling.paging.pager.reach.isUnreached(userId),
    policy,
    clock: listening,
  })
  const hubDays = openHubDays({ store: journal.hubDays, acts: journal.hubLog, picture, clock, scheduler, log })
  opened.use(hubDays.days)
  const ledger = openLedger({ ...about, store: journal.ledger, keptDays: config.telemetryDays })
  opened.use(ledger.ledgers)
  const uplink: HubUplink = openUplink({
    ...about,
    config,
    journal,
    hubDays,
    derived: { ...derived, samples: judgedRuns.samples(derived.samples) },
    intake: paths.intake,
    heartbeats: ledger.heartbeats(paths.heartbeats(links)),
    hubCrypto,
    gate: watch.gate,
    figures,
    origins: () => origins,
  })

  // Fold and timers first, then hubs and people.
  const known = await journal.hubs.hubs()
  links.remember(known, await journal.hubs.pumps())
  alarms.rebuild()
  await hubDays.remember(known)
  ledger.ledgers.remember(known)
  followAssignments(assignments, { picture, alarms, links, clock, log })
  if (config.demoAccounts) await letDemoIn({ dataDir, users, accounts: store, demo, enrolment, knownHubs: known })

  await letFirstHubIn(config.firstHub, enrolment, log)
  let feed: SocketioLiveFeed | null = null
  if (config.demoAccounts) await demoRota(onCall, config.facilityTimeZone)
  const calling = opened.use(
    await openCalling({
      ...about,
      config,
      journal,
      accounts: store,
      onCall,
      openPages: () => feed,
      origins: () => origins,
      isDemo,
      stations: (userId) => paths.stations.looks(userId),
      isDemoPerson: (userId) => demo.has(userId),
    }),
  )
  const { ways, paging } = calling

  const shift = await openShift(journal.watches, journal.acceptances, {
    desk: alarms.desk,
    onCall,
    assignments,
    picture,
    clock,
  })
  const {
    accounts,
    routes: peopleRoutes,
    ...doors
  } = openSignIn({
    ...about,
    config,
    journal,
    store,
    hasher,
    rules,
    audit,
    onCall,
    mayGoWithout: (userId) => isDemo && demo.has(userId),
    origins: () => origins,
  })
  const hubRegister = hubRegisterRoutes(new HubRegisterDesk({ registry: journal.hubs, enrolment, clock }), clock)
  const rollUps = opened.use(
    openRollUps({
      ...about,
      config,
      due: journal.dueMinutes,
      pumps: () => picture.pumps().map(({ pumpId }) => pumpId),
    }),
  )
  const app = await buildApp({
    ...about,
    telemetry: rollUps.history,
    tls: transport.tls,
    trustedProxies: config.trustedProxies,
    shedding: watch.shedding,
    accounts,
    ...doors,
    ...audit.recording,
    deskOf: alarms.deskOf,
    ...lookBack({ ...about, journal, now: () => clock.now() }),
    colleagues,
    paging: paging.desk,
    onCall,
    ...shift,
    reachability: paths.reachability,
    pumpEvents: journal.pumpEvents,
    judgedRuns,
    health: {
      telemetry: () => telemetry.check(),
      journal: () => watch.journal.check(),
      audit: () => audit.note(),
      patients: () => audit.patients(),
    },
    site: {
      name: config.siteName,
      phones: config.phones,
      facilityTimeZone: config.facilityTimeZone,
      demo: isDemo,
      version,
    },
    origins: () => origins,
    newRequestId: randomUUID,
    logger: log,
    dashboard: { dir: config.dashboardDir, built: existsSync(join(config.dashboardDir, 'index.html')) },
    hubRoutes: hubRoutes(uplink),
    simulators: openSimulators(config.simulatorControlUrl, {
      ...about,
      hubs: journal.hubs,
      enrolment,
      origins: () => origins,
      accounts,
    }),
    peopleRoutes: [
      ...audit.routes,
      ...ways.routes,
      ...paths.routes,
      ...hubDays.routes,
      ...ledger.routes,
      ...peopleRoutes,
      hubRegister,
      pumpExportRoutes({
        ...about,
        sightings: audit.sightings,
        source: rollUps.source,
        site: { name: config.siteName, facilityTimeZone },
        sampleDays: config.telemetryDays,
      }),
    ],
  })
  const live = createSocketioLiveFeed({
    ...about,
    server: app.server,
    stations: paths.stations,
    sightings: audit.sightings,
    accounts,
    deskOf: alarms.deskOf,
    notices: paging.desk,
    origins: () => origins,
    keeps: () => watch.journal.keeps,
    build: version,
    limits: { screens: config.screensPerSession },
  })
  feed = live
  picture.publishTo(live)
  followTeams(live, { assignments, onCall, log })
  app.addHook('preClose', () => live[Symbol.asyncDispose]())
  opened.use(links)
  opened.use(derived)
  opened.use(paths)
  opened.defer(() => app.close())

  const address = await listen(() => app.listen({ port: config.port, host: config.host }), config)
  const [bound] = app.addresses()
  const port = typeof bound === 'object' ? bound.port : config.port
  if (config.publicOrigins === null)
    origins = [`${transport.scheme}://localhost:${port}`, `${transport.scheme}://127.0.0.1:${port}`]
  transport.follow(app.server)
  links.start()
  derived.start()
  paths.start()
  hubDays.days.start()
  rollUps.start()
  ledger.ledgers.start()
  ways.start({
    journal: () => watch.journal.check(),
    'alarm engine': () => alarms.system([]),
    paging: () => paging.check(),
  })
  paging.start()
  opened.use(
    startOffice({
      ...about,
      onCall,
      reach: paging.pager.reach,
      outsideWrites: () => journal.outsideWrites(),
      rotaGapAheadMs: policy.rotaGapAheadMs,
      simulated: config.demo,
      handOver: shift.handOver,
      isDemoPerson: (userId) => demo.has(userId),
    }),
  )
  opened.use(
    followAlarms({
      ...about,
      influx: influxOptions(config, log),
      engine: alarmEngine,
      journal: journal.alarms,
      archive: journal.states,
    }),
  )
  await watch.start(app.server, live, { uplink: figures, picture, pager: paging.pager })
  await audit.start()
  log.info({ address, telemetry: telemetry.engine, hubs: known.length }, 'listening')

  const running = opened.move()
  return {
    url: origins[0] ?? address,
    port,
    routes: app.routeList,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
