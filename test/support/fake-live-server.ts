import { readFileSync } from 'node:fs'
import { z } from 'zod'
import fastifyStatic from '@fastify/static'
import Fastify from 'fastify'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import type { Socket } from 'socket.io'
import type { PumpId } from '#domain/ids.ts'
import { ShiftCheckBody, TriageBody } from '#domain/live/api.ts'
import type { TriageVersion } from '#domain/alarm/triage.ts'
import type { AlarmDetail, History, HistoryBucket, Me, ShiftCheckState } from '#domain/live/api.ts'
import type { Completeness, PumpAbout } from '#domain/live/pump-about.ts'
import type { PushDeviceView } from '#domain/live/push-api.ts'
import { RosterQuery } from '#domain/live/roster.ts'
import type { Roster } from '#domain/live/roster.ts'
import { Hello, LiveCommand, liveEvents, openDigest } from '#domain/live/messages.ts'
import type { CommandReply, LiveChange, LiveUpdate, PathProven } from '#domain/live/messages.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'
import { ReadinessBody } from '#domain/on-call/readiness.ts'
import type { Readiness, ReadinessState } from '#domain/on-call/readiness.ts'
import type { OnCallNow } from '#domain/on-call/api.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import type { AlarmView, HubView, PumpView, Role } from '#domain/live/views.ts'
import type { Page } from '#domain/paging/page.ts'
import { sendSnapshot } from '#server/adapters/live-feed/send-snapshot.ts'
import { offeredTo } from '#server/core/permissions.ts'
import type { PartSource } from '#server/core/snapshot-parts.ts'
import { lind, osei } from './live-fixtures.ts'

// A server with a scripted picture, for looking at the screens in states that are hard to bring about: real HTTP, real
// socket.io, the real content security policy. Sessions are a flag; nothing is stored.

export interface Picture {
  readonly alarms: readonly AlarmView[]
  readonly pumps: readonly PumpView[]
  readonly hubs: readonly HubView[]
  readonly paged?: readonly PagedNote[]
  readonly closed: readonly AlarmView[]
}

const policy = (port: number): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "worker-src 'self'",
    `connect-src 'self' ws://localhost:${port}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types app-worker',
  ].join('; ')

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')))

export class FakeLiveServer implements AsyncDisposable {
  readonly #app = Fastify({ forceCloseConnections: true })
  readonly #io: Server
  readonly #timers: NodeJS.Timeout[] = []
  readonly #heard = new Set<string>()
  readonly #epoch = 'epoch-1'
  #seq = 0
  #alarms: Map<string, AlarmView>
  #pumps: Map<string, PumpView>
  #picture: Picture
  readonly #triage = new Map<string, TriageVersion[]>()
  /** What happened to an alarm, and whom it paged. */
  story: (alarm: AlarmView) => Pick<AlarmDetail, 'history' | 'paging'> = ({ startedAt }) => ({
    history: [{ at: startedAt, what: 'opened', by: null, detail: {} }],
    paging: { calls: [], passed: [], noticed: [], next: null },
  })
  /** What every command is refused with; null: none is. */
  refusal: string | null = null
  /** What of the page the line does not bring: the connection breaks. Null: it brings all. */
  withheld: RegExp | null = null
  /** How often it was asked for in vain. */
  withheldCount = 0
  #silent = false
  /** Ends of what is being told. */
  readonly #snapshots = new WeakMap<Socket, () => void>()
  #held: (() => void)[] | null = null
  #signedIn: boolean
  /** What the browser was told with `hello`, newest last. */
  readonly hellos: unknown[] = []
  /** What stations said of themselves, newest last. */
  readonly stations: unknown[] = []
  /** Who looks. */
  role: Role = 'nurse'
  /** What else the REST interface answers, by method and path below /api/v1; a number is a status without a body. */
  readonly answers = new Map<string, (query: Readonly<Record<string, string>>, body: unknown) => unknown>()
  /** When a snapshot was told for the first time, ms. */
  firstSnapshotAt: number | null = null
  /** What the nurse said last of an audible test page. */
  check: ShiftCheckState['check'] = null
  /** What was said of duty and devices; null: nothing yet. */
  readiness: Readiness | null = null
  planned: ReadinessState['planned'] = []
  /** Of whoever looks: what is paged while no page is open. */
  devices: readonly PushDeviceView[] = []
  /** Of the server; as a rule that of the page. */
  build = version
  sessionEndsInMs = 8 * 3_600_000
  /** So many screens the session has already, and takes no more; null: it takes them. */
  fullWith: number | null = null
  /** It can store nothing, and says so to whoever comes. */
  keepsNothing = false
  history: (pumpId: string, from: number, to: number) => History
  about: (pumpId: PumpId) => PumpAbout = (pumpId) => ({
    pumpId,
    use: null,
    events: [],
    infusionStartedAt: null,
    serverTime: this.now(),
  })
  completeness: () => Completeness = () => {
    const to = this.now()
    return { from: to - 86_400_000, to, expected: 43_200, stored: 42_854, percent: 99.2, serverTime: to }
  }
  phone: string | null = null
  /** What the page asked of its list, newest last. */
  readonly asked: RosterQuery[] = []
  /** The server's clock, ms since the epoch. */
  now: () => number = Date.now
  /** Null: the list is unavailable. */
  roster: ((query: RosterQuery) => Roster) | null = () => this.#list()
  onCall: Omit<OnCallNow, 'serverTime'> = {
    seesOnly: null,
    teams: [
      {
        teamId: defaultTeam,
        name: 'North',
        timeZone: 'UTC',
        duty: { teamId: defaultTeam, primary: osei, backup: lind, lead: lind },
        nextChangeAt: null,
        gaps: [],
      },
    ],
    reachability: [],
  }

  private constructor(picture: Picture, signedIn: boolean) {
    this.#picture = picture
    this.#signedIn = signedIn
    this.#alarms = new Map(picture.alarms.map((alarm) => [alarm.episodeId, alarm]))
    this.#pumps = new Map(picture.pumps.map((pump) => [pump.pumpId, pump]))
    this.history = (pumpId, from, to) => quietHistory(pumpId as PumpId, from, to)
    this.#io = new Server(this.#app.server, { transports: ['websocket'], serveClient: false })
  }

  /** `port` 0: any. */
  static async start(dist: string, picture: Picture, signedIn = true, port = 0): Promise<FakeLiveServer> {
    const server = new FakeLiveServer(picture, signedIn)
    await server.#listen(dist, port)
    return server
  }

  get url(): string {
    return `http://localhost:${(this.#app.server.address() as AddressInfo).port}`
  }

  get me(): Me {
    return {
      ...osei,
      role: this.role,
      may: offeredTo(this.role),
      sessionEndsAt: this.now() + this.sessionEndsInMs,
      site: 'North',
      facilityTimeZone: 'UTC',
      phones: { backup: '555 0101', lead: '555 0102' },
      demo: true,
    }
  }

  show(alarm: AlarmView): void {
    this.#alarms.set(alarm.episodeId, alarm)
    this.#publish([{ kind: 'alarm', alarm }])
  }

  /** What became of the pages about an alarm. */
  showPaged(note: PagedNote): void {
    this.#publish([{ kind: 'paged', note }])
  }

  /** Another picture altogether, for whoever comes next and whoever looks. */
  become(picture: Picture, signedIn = true): void {
    this.#signedIn = signedIn
    this.#picture = picture
    this.#alarms = new Map(picture.alarms.map((alarm) => [alarm.episodeId, alarm]))
    this.#pumps = new Map(picture.pumps.map((pump) => [pump.pumpId, pump]))
    this.#seq += 1
    if (!this.#silent) for (const socket of this.#io.sockets.sockets.values()) this.#tellAll(socket)
  }

  /** Pages whoever looks; resolves when one page said that it has it. */
  async page(page: Page): Promise<void> {
    await new Promise<void>((resolve) => {
      for (const socket of this.#io.sockets.sockets.values()) socket.emit(liveEvents.page, page, resolve)
    })
  }

  /** A test alarm to whoever looks; resolves when one page has played it. */
  async canary(): Promise<void> {
    const provenAt = Date.now()
    await new Promise<void>((resolve) => {
      for (const socket of this.#io.sockets.sockets.values()) {
        socket.once(liveEvents.canaryHeard, (_heard: unknown, acknowledge: (proven: PathProven) => void) => {
          acknowledge({ provenAt, overdueAfterMs: 150_000 })
          resolve()
        })
        socket.emit(liveEvents.canary, { canaryId: `canary-${provenAt}`, hubId: null })
      }
    })
  }

  /** Changes what the server knows and tells nobody: a lost update. */
  changeSilently(alarm: AlarmView): void {
    this.#alarms.set(alarm.episodeId, alarm)
  }

  /** Commands wait for their answer until they are released. */
  holdCommands(): void {
    this.#held = []
  }

  releaseCommands(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const answer of held) answer()
  }

  close(episodeId: AlarmView['episodeId']): void {
    this.#alarms.delete(episodeId)
    this.#publish([{ kind: 'alarm-closed', episodeId }])
  }

  sample(pumpId: string, sample: Partial<NonNullable<PumpView['sample']>>): void {
    const pump = this.#pumps.get(pumpId)
    if (pump?.sample == null) return
    const next = {
      ...pump,
      sample: { ...pump.sample, ...sample },
      sampledAt: this.now() - 300,
      receivedAt: this.now() - 80,
    }
    this.#pumps.set(pumpId, next)
    this.#heard.add(pumpId)
  }

  /** One message with the latest of every pump that was heard since the last. */
  #tellSamples(): void {
    if (this.#silent || this.#heard.size === 0) return
    const samples = [...this.#heard].flatMap((id) => {
      const pump = this.#pumps.get(id)
      if (pump === undefined) return []
      const { pumpId, sample, sampledAt, receivedAt, uncertaintyMs, otherChannels } = pump
      return [{ pumpId, sample, sampledAt, receivedAt, uncertaintyMs, otherChannels }]
    })
    this.#heard.clear()
    this.#io.volatile.emit(liveEvents.telemetry, { serverAt: this.now(), samples })
  }

  /** The socket stays open and nothing more is said. */
  silence(silent = true): void {
    this.#silent = silent
  }

  /** Every connection breaks; browsers come back by themselves. */
  dropSockets(): void {
    this.#io.disconnectSockets(true)
  }

  /** Says that it speaks another protocol, and hangs up. */
  refuseProtocol(): void {
    this.#io.emit(liveEvents.otherProtocol)
    this.#io.disconnectSockets(true)
  }

  endSession(): void {
    this.#signedIn = false
    this.#io.emit(liveEvents.sessionEnded)
  }

  /** A number is left out, as if an update had been lost. */
  skip(): void {
    this.#seq += 1
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    // Not io.close(): it would wait for the browser's idle connections.
    this.#io.disconnectSockets(true)
    this.#io.engine.close()
    await this.#app.close()
  }

  #publish(changes: LiveChange[]): void {
    this.#seq += 1
    const update: LiveUpdate = { at: this.#at(), serverAt: this.now(), changes }
    if (!this.#silent) this.#io.emit(liveEvents.update, update)
  }

  #tellAll(socket: Socket): void {
    this.#snapshots.get(socket)?.()
    this.#snapshots.set(socket, sendSnapshot(socket, this.#source(), { monotonic: () => performance.now() }))
  }

  #source(): PartSource {
    return {
      snapshot: () => ({
        at: this.#at(),
        serverAt: this.now(),
        alarms: [...this.#alarms.values()],
        pumps: [...this.#pumps.values()],
        hubs: [...this.#picture.hubs],
        paged: [...(this.#picture.paged ?? [])],
      }),
      pump: (id) => this.#pumps.get(id) ?? null,
      hub: (id) => this.#picture.hubs.find(({ hubId }) => hubId === id) ?? null,
    }
  }

  #at(): { epoch: string; seq: number } {
    return { epoch: this.#epoch, seq: this.#seq }
  }

  /** One heartbeat more than the one a second. */
  beat(): void {
    if (this.#silent) return
    this.#io.emit(liveEvents.heartbeat, {
      at: this.#at(),
      serverAt: this.now(),
      openAlarms: this.#alarms.size,
      openDigest: openDigest(this.#alarms.values()),
      build: this.build,
    })
  }

  #readiness(): ReadinessState {
    return { readiness: this.readiness, planned: this.planned, serverTime: this.now() }
  }

  #act(command: LiveCommand): CommandReply {
    const alarm = this.#alarms.get(command.episodeId)
    if (this.refusal !== null) return { outcome: 'refused', message: this.refusal }
    if (alarm === undefined) return { outcome: 'refused', message: 'There is no such alarm.' }
    if (alarm.version !== command.expectedVersion)
      return { outcome: 'conflict', alarm, message: 'It changed meanwhile.' }
    const next = { ...alarm, ...answered(command), version: alarm.version + 1 }
    this.show(next)
    return { outcome: 'ok', alarm: next }
  }

  /** Every pump, unsorted, without an assignment. */
  #list(): Roster {
    const rows = [...this.#pumps.values()].map((pump) => ({
      pump,
      channelId: null,
      hubName: pump.hubId,
      use: null,
      endsAt: null,
      batteryUntil: null,
      adherence: null,
      useVersion: null,
      alike: [],
    }))
    const counts = { matched: rows.length, total: rows.length, untold: 0 }
    return { rows, offset: 0, ...counts, until: null, teams: [], serverTime: this.now() }
  }

  async #listen(dist: string, port: number): Promise<void> {
    const app = this.#app
    app.addHook('onRequest', async (request, reply) => {
      if (this.withheld?.test(request.url) !== true) return
      this.withheldCount += 1
      reply.hijack()
      request.raw.socket.destroy()
    })
    await app.register(fastifyStatic, { root: dist })
    app.addHook('onSend', async (_request, reply) => {
      void reply.header('content-security-policy', policy((app.server.address() as AddressInfo).port))
    })
    const signedOut = { type: 'about:blank', title: 'Not signed in', status: 401, code: 'not_signed_in' }
    app.get('/api/v1/me', async (_request, reply) => (this.#signedIn ? this.me : reply.code(401).send(signedOut)))
    app.post('/api/v1/session', async (request, reply) => {
      const { password } = request.body as { password: string }
      if (password === 'wrong') return reply.code(401).send(signedOut)
      this.#signedIn = true
      return this.me
    })
    app.delete('/api/v1/session', async (_request, reply) => {
      this.#signedIn = false
      return reply.code(204).send()
    })
    app.get('/api/v1/colleagues', async () => ({ colleagues: [lind, osei], serverTime: this.now() }))
    app.get('/api/v1/push', async () => ({ publicKey: '', devices: this.devices, serverTime: this.now() }))
    app.get('/api/v1/readiness', async () => this.#readiness())
    app.put('/api/v1/readiness', async (request) => {
      this.readiness = { ...ReadinessBody.parse(request.body), at: Date.now() }
      return this.#readiness()
    })
    app.get('/api/v1/shift-check', async () => ({ check: this.check }))
    app.post('/api/v1/shift-check', async (request) => {
      const { heard } = ShiftCheckBody.parse(request.body)
      this.check = { at: Date.now(), heard }
      return { check: this.check }
    })
    app.get('/api/v1/on-call', async () => ({ ...this.onCall, serverTime: this.now() }))
    app.get('/api/v1/alarms', async (request) => {
      const { pumpId } = request.query as { pumpId?: string }
      const alarms = this.#picture.closed.filter((alarm) => pumpId === undefined || alarm.pumpId === pumpId)
      return { alarms, serverTime: this.now() }
    })
    app.get('/api/v1/pumps/:pumpId/about', async (request) => {
      const { pumpId } = request.params as { pumpId: PumpId }
      return this.about(pumpId)
    })
    app.get('/api/v1/pumps/:pumpId/completeness', async () => this.completeness())
    app.get('/api/v1/assignments/:pumpId/phone', async () => ({ phone: this.phone, serverTime: this.now() }))
    app.post('/api/v1/roster', async (request, reply) => {
      const query = RosterQuery.parse(request.body)
      this.asked.push(query)
      return this.roster === null ? reply.code(503).send({ status: 503 }) : this.roster(query)
    })
    app.get('/api/v1/alarms/:episodeId', async (request, reply) => {
      const { episodeId } = request.params as { episodeId: string }
      const alarm = this.#alarms.get(episodeId)
      if (alarm === undefined) return reply.code(404).send({ ...signedOut, status: 404, code: 'not_found' })
      const triage = this.#triage.get(episodeId) ?? []
      return { alarm, ...this.story(alarm), triage, serverTime: this.now() }
    })
    app.put('/api/v1/alarms/:episodeId/triage', async (request) => {
      const { episodeId } = request.params as { episodeId: string }
      const { requestId: _, expectedVersion, ...record } = TriageBody.parse(request.body)
      const versions = [...(this.#triage.get(episodeId) ?? [])]
      versions.push({ version: expectedVersion + 1, at: Date.now(), by: osei, record })
      this.#triage.set(episodeId, versions)
      return { triage: versions, serverTime: this.now() }
    })
    app.get('/api/v1/pumps/:pumpId/history', async (request) => {
      const { pumpId } = request.params as { pumpId: string }
      const { from, to } = request.query as { from: string; to: string }
      const history = this.history(pumpId, Number(from), Number(to))
      const alarms = [...this.#picture.closed, ...this.#alarms.values()].filter((alarm) => alarm.pumpId === pumpId)
      return { ...history, alarms }
    })
    app.all('/api/v1/*', async (request, reply) => {
      const path = request.url.replace('/api/v1', '').split('?')[0]
      const answer = this.answers.get(`${request.method} ${path}`)?.(
        request.query as Record<string, string>,
        request.body,
      )
      if (answer === undefined) return reply.code(404).send({ ...signedOut, status: 404, code: 'not_found' })
      return typeof answer === 'number' ? reply.code(answer).send({ ...signedOut, status: answer }) : reply.send(answer)
    })
    this.#io.on('connection', (socket) => {
      if (this.fullWith !== null) {
        socket.emit(liveEvents.tooManyScreens, { most: this.fullWith })
        socket.disconnect(true)
        return
      }
      if (this.keepsNothing) {
        socket.emit(liveEvents.keepsNothing)
        socket.disconnect(true)
        return
      }
      socket.on(liveEvents.station, (station: unknown) => this.stations.push(station))
      socket.on(liveEvents.hello, (hello: unknown) => {
        this.hellos.push(hello)
        if (this.#silent) return
        this.firstSnapshotAt ??= Date.now()
        // Whoever has everything is told nothing, as by the real server.
        const { at } = Hello.parse(hello)
        if (at?.epoch !== this.#epoch || at.seq !== this.#seq) this.#tellAll(socket)
        this.beat()
      })
      socket.on(liveEvents.command, (raw: unknown, answer: (reply: CommandReply) => void) => {
        const act = (): void => answer(this.#act(LiveCommand.parse(raw)))
        if (this.#held !== null) this.#held.push(act)
        else if (!this.#silent) act()
      })
    })
    await app.listen({ port, host: 'localhost' })
    this.#timers.push(
      setInterval(() => this.beat(), 1_000),
      setInterval(() => this.#tellSamples(), 250),
    )
  }
}

const answered = (command: LiveCommand): Partial<AlarmView> => {
  const at = Date.now()
  switch (command.kind) {
    case 'accept':
      return { response: 'accepted', owner: osei, acceptedAt: at }
    case 'seen':
      return { response: 'seen' }
    case 'withdraw':
      return { response: 'new', owner: null, acceptedAt: null }
    case 'reject':
      return { response: 'rejected', owner: null, acceptedAt: null }
    case 'hand-over':
      return { response: 'handed-over', handedTo: { ...osei, userId: command.to }, handedAt: at }
    case 'take-over':
      return { response: 'accepted', owner: osei, acceptedAt: at, handedTo: null, handedAt: null }
    case 'decline-hand-over':
    case 'withdraw-hand-over':
      return { response: 'accepted', handedTo: null, handedAt: null }
    case 'check-in':
      return { checkedAt: at, checkInMissedAt: null }
    case 'take-from':
      return { response: 'accepted', owner: osei, acceptedAt: at }
    case 'escalate':
      return {
        escalated: {
          by: osei,
          to: [lind, osei].find(({ userId }) => userId === command.to) ?? null,
          at,
          ...(command.flood === undefined ? {} : { flood: command.flood }),
        },
      }
    case 'shelve':
      return { shelved: { by: osei, reason: command.reason, at, until: at + command.minutes * 60_000 } }
    case 'unshelve':
      return { shelved: null }
    case 'resolve': {
      const { class: resolveClass, finding, note } = command
      return { response: 'resolved', resolved: { class: resolveClass, finding, note, by: osei, at } }
    }
  }
}

/** Every 10 s a sample of a pump that infuses. */
export const quietHistory = (pumpId: PumpId, from: number, to: number): History => {
  const step = Math.max(10_000, Math.round((to - from) / 300))
  const buckets: HistoryBucket[] = []
  for (let at = from; at < to - 1_000; at += step) {
    const share = (at - from) / (to - from)
    const pressure = 80 + Math.sin(at / 400_000) * 6
    const infused = 20 + share * 11.4
    buckets.push({
      from: at,
      to: Math.min(at + step - 1, to - 1),
      samples: 6,
      late: 0,
      state: 'infusing',
      values: {
        rateMlPerHour: [2, 2, 2, 2],
        linePressureMmHg: [pressure, pressure - 2, pressure + 2, pressure],
        infusedTotalMl: [infused, infused, infused, infused],
      },
    })
  }
  return { pumpId, from, to, resolutionMs: step, buckets, alarms: [], lastSampleAt: buckets.at(-1)?.to ?? null }
}
