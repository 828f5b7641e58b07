import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { AuditPage } from '#domain/audit/api.ts'
import { SessionList } from '#domain/live/sessions.ts'
import { Weekday } from '#domain/on-call/local-time.ts'
import { eventually } from '#test/support/eventually.ts'
import { FailingService } from '#test/support/failing-service.ts'
import { LiveClient, openLiveBench } from '#test/support/live-bench.ts'
import type { LiveBench } from '#test/support/live-bench.ts'
import { openTwoTeamServer } from '#test/support/two-team-server.ts'
import type { TwoTeamServer } from '#test/support/two-team-server.ts'
import { batch, condition } from '#test/support/uplink-records.ts'

const minutes = 60_000

/** Nobody has touched the page for 29 minutes when it says this. */
const untouched = (duty: 'on-call' | 'backup' | 'looking', advancing = true) => ({
  visible: false,
  audio: { state: 'running', advancing },
  lastInputAgeMs: 29 * minutes,
  build: 'test',
  duty,
})

describe('a session of an open page', () => {
  let bench: LiveBench

  beforeEach(async () => {
    bench = await openLiveBench()
  })
  afterEach(() => bench.close())

  const after29More = async (said: object): Promise<LiveClient> => {
    const client = await bench.follow(await bench.signIn('nurse'))
    bench.clock.stepWall(29 * minutes)
    client.socket.emit('station', said)
    client.hello(null)
    await eventually(() => client.snapshots.length === 2)
    bench.clock.stepWall(29 * minutes)
    bench.clock.advance(30_000)
    return client
  }

  it.each(['on-call', 'backup'] as const)(
    'does not end for being idle while its station is armed and %s',
    async (duty) => {
      const client = await after29More(untouched(duty))
      client.hello(null)
      await eventually(() => client.snapshots.length === 3)
      expect(client.sessionEnded).toBe(false)
    },
  )

  it.each([
    ['of somebody who only looks', untouched('looking')],
    ['whose sound does not run', untouched('on-call', false)],
  ])('ends %s', async (_what, said) => {
    const client = await after29More(said)
    await eventually(() => client.sessionEnded && client.disconnected !== null)
  })

  // As a browser counts it, in parts of a millisecond.
  it('does not end while somebody who only looks touches the page', async () => {
    const client = await after29More({ ...untouched('looking'), lastInputAgeMs: 800.25 })
    client.hello(null)
    await eventually(() => client.snapshots.length === 3)
    expect(client.sessionEnded).toBe(false)
  })

  it('ends after 12 hours whatever its station is', async () => {
    const client = await bench.follow(await bench.signIn('nurse'))
    for (let hour = 0; hour < 24; hour += 1) {
      bench.clock.stepWall(29 * minutes)
      bench.clock.advance(1000)
      client.socket.emit('station', untouched('on-call'))
      client.hello(null)
      await eventually(() => client.snapshots.length === hour + 2)
    }
    bench.clock.stepWall(25 * minutes)
    bench.clock.advance(30_000)
    await eventually(() => client.sessionEnded && client.disconnected !== null)
  })
})

describe('a stolen session', () => {
  let under: TwoTeamServer

  beforeAll(async () => {
    under = await openTwoTeamServer()
  }, 60_000)
  afterAll(() => under[Symbol.asyncDispose]())

  const connect = (cookie: string) => new LiveClient(under.server.url, { origin: under.server.url, cookie })
  const follow = async (cookie: string): Promise<LiveClient> => {
    const client = connect(cookie)
    await eventually(() => client.socket.connected)
    client.hello(null)
    await eventually(() => client.snapshots.length > 0)
    return client
  }
  const listed = async (cookie: string) =>
    SessionList.parse(await (await under.call(cookie, 'GET', '/api/v1/sessions')).json()).sessions

  it('is dead in every copy within 5 s of being ended from the list, and the trail says who ended it', async () => {
    const stolen = await under.session('nurse')
    const thief = await follow(stolen)
    const own = await under.session('nurse')
    const owner = await follow(own)
    const [mine, other] = await listed(own)
    expect([mine?.current, other?.current]).toEqual([true, false])
    expect(other).toMatchObject({ device: 'Chrome on Windows', origin: '10.0.3.x' })
    expect(stolen).not.toContain(other?.sessionId)

    const from = performance.now()
    expect((await under.call(own, 'DELETE', `/api/v1/sessions/${other?.sessionId}`)).status).toBe(204)
    await eventually(() => thief.sessionEnded && thief.disconnected !== null, { within: 5000 })
    expect((await under.call(stolen, 'GET', '/api/v1/me')).status).toBe(401)
    console.info(`stolen session: socket and REST dead ${Math.round(performance.now() - from)} ms after the press`)
    const again = connect(stolen)
    await eventually(() => again.refused !== null)

    expect(owner.sessionEnded).toBe(false)
    expect((await listed(own)).map(({ current }) => current)).toEqual([true])
    const trail = await under.call(await under.session('admin'), 'GET', '/api/v1/audit?action=session.revoke')
    expect(AuditPage.parse(await trail.json()).rows).toMatchObject([
      { actor: 'u-nurse-north', action: 'session.revoke', object: 'user:u-nurse-north', outcome: 'done' },
    ])
  })

  it('is ended together with all others but one’s own', async () => {
    const own = await under.session('lead')
    const others = await Promise.all([1, 2].map(() => under.session('lead')))
    expect((await under.call(own, 'DELETE', '/api/v1/sessions')).status).toBe(204)
    for (const other of others) expect((await under.call(other, 'GET', '/api/v1/me')).status).toBe(401)
    expect((await under.call(own, 'GET', '/api/v1/me')).status).toBe(200)
  })

  it('of somebody else is nothing that one could end', async () => {
    const nurse = await under.session('nurse')
    const [session] = await listed(nurse)
    const lead = await under.session('lead')
    expect((await under.call(lead, 'DELETE', `/api/v1/sessions/${session?.sessionId}`)).status).toBe(404)
    expect((await under.call(nurse, 'GET', '/api/v1/me')).status).toBe(200)
  })
})

describe('the session of somebody on call', () => {
  it('ends while a high alarm waits: its page is told, and paging asks her at once, because nobody sits there any more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hooks-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    await using service = await FailingService.start()
    const hooks = join(folder, 'hooks.json')
    const send = { template: 'json', url: `${service.url}/pages`, secret: 's'.repeat(24) }
    writeFileSync(hooks, JSON.stringify([{ name: 'pages', for: { user: 'nurse of north' }, send }]))
    await using under = await openTwoTeamServer({ PAGING_HOOKS_FILE: hooks, OUTGOING_HOSTS: service.host })
    const pagesFor = (episodeId: string) =>
      service.received.map(({ body }) => body.toString()).filter((body) => body.includes(episodeId))
    const done = async (cookie: string, method: string, path: string, body?: object) => {
      const answer = await under.call(cookie, method, `/api/v1/${path}`, body)
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    }

    // Standard therapy: with a station that sounds the wall has a minute before anybody is paged (alarms.md, "Paging").
    const use = { label: null, phone: null, therapy: 'hydration', timeZone: null, plan: null, criticality: 'standard' }
    const lead = await under.session('lead')
    const pumpId = 'PUMP-NORTH-2'
    await done(lead, 'PUT', `assignments/${pumpId}`, { ...use, teamId: 'north', expectedVersion: 0 })
    const always = { weekdays: Weekday.options, from: '00:00', to: '00:00', place: 'primary', userId: 'u-nurse-north' }
    const rota = { timeZone: 'UTC', entries: [always], overrides: [] }
    await done(lead, 'PUT', 'teams/north/rota', { expectedVersion: 0, rota })

    const cookie = await under.session('nurse')
    const wall = new LiveClient(under.server.url, { origin: under.server.url, cookie })
    await eventually(() => wall.socket.connected)
    const audio = { state: 'running', advancing: true }
    const armed = { visible: true, audio, lastInputAgeMs: 1000, build: 'test', duty: 'on-call' }
    const speaks = setInterval(() => wall.socket.emit('station', armed), 1000)
    onTestFinished(() => clearInterval(speaks))
    wall.socket.emit('station', armed)
    wall.hello(null)
    await eventually(() => wall.snapshots.length > 0)

    const raised = condition(2)
    // Simulated alarms page people of a demonstration alone.
    const body = { ...raised.body, episodeId: 'ep-attended', measurementStatus: [] }
    const record = { ...raised, pumpId, body }
    const anchor = { monotonicMs: record.monotonicMs, serverAt: Date.now(), errorMs: 5 }
    await under.sides.own.send('alarm', batch([record], anchor))
    const episodeId = await eventually(
      () =>
        wall.updates
          .flatMap(({ changes }) => changes)
          .find((change) => change.kind === 'alarm' && change.alarm.pumpId === pumpId),
      { within: 20_000, what: 'the alarm on her wall' },
    ).then((change) => (change.kind === 'alarm' ? change.alarm.episodeId : ''))
    expect(pagesFor(episodeId)).toEqual([])

    const from = performance.now()
    await done(await under.session('admin'), 'DELETE', 'people/u-nurse-north/sessions')
    await eventually(() => wall.sessionEnded && wall.disconnected !== null, { within: 5000 })
    await eventually(() => pagesFor(episodeId).length > 0, { within: 20_000, what: 'a page after her session' })
    console.info(`session ended: paged ${Math.round(performance.now() - from)} ms later`)
    expect(performance.now() - from).toBeLessThan(30_000)
  }, 90_000)
})
