import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { programFaults, type SimulatedPumpReport } from '#domain/simulators/control.ts'
import type { ControlAnswer, SimulatorControl } from '#server/core/simulator-control.ts'
import { describeFault, faultNames } from '#simulators/core/faults/catalog.ts'
import { openServerBench, pump1, pump2, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const report: SimulatedPumpReport = {
  id: 'P-1',
  protocol: 'ip1',
  scenario: 'normal',
  address: 'tcp://127.0.0.1:5001',
  plugged: true,
  virtualMs: 1_000,
  uptimeMs: 1_000,
  operatingState: 'infusing',
  rateMlPerHour: 50,
  infusedTotalMl: 1,
  programRemainingMl: 499,
  linePressureMmHg: 40,
  batteryPercent: 88,
  onMains: false,
  activeAlarms: [],
  dropped: 0,
  faults: [],
  speed: 1,
  paused: false,
}

/** A control port in memory. `answer`: what it says to everything. */
class FakeControl implements SimulatorControl {
  readonly asked: (readonly [string, object | null])[] = []
  answer: ControlAnswer<unknown> = { kind: 'done', body: { speed: 1, paused: false, pumps: [report] } }
  ended: AbortSignal | null = null
  readonly #say = (path: string, body: object | null): ControlAnswer<unknown> => {
    this.asked.push([path, body])
    return this.answer
  }
  get = async (path: string) => this.#say(path, null)
  post = async (path: string, body: object) => this.#say(path, body)
  text = async (path: string) => {
    const answer = this.#say(path, null)
    return answer.kind === 'done' ? { ...answer, body: 'name: lived\n' } : answer
  }
  stream = async (path: string, ended: AbortSignal) => {
    const answer = this.#say(path, null)
    this.ended = ended
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => {
        stream.enqueue(new TextEncoder().encode('{"pumpId":"P-1","protocol":"ip1"}\n'))
        ended.addEventListener('abort', () => stream.close())
      },
    })
    return answer.kind === 'done' ? { ...answer, body } : answer
  }
}

let bench: ServerBench
let control: FakeControl

beforeEach(async () => {
  control = new FakeControl()
  bench = await openServerBench({ simulators: control })
  bench.heartbeat([pumpReport(pump1, { simulated: true })])
})
afterEach(() => bench.close())

const get = (path: string, cookie = '') =>
  bench.app.inject({ url: `/api/v1/simulators/${path}`, headers: cookie === '' ? {} : { cookie } })
const post = (path: string, cookie: string, payload: unknown, origin = testOrigin) =>
  bench.app.inject({
    method: 'POST',
    url: `/api/v1/simulators/${path}`,
    headers: { cookie, origin, 'content-type': 'application/json' },
    payload: payload === undefined ? '' : JSON.stringify(payload),
  })

describe('driving simulated pumps through the server', () => {
  it('is for engineers', async () => {
    expect((await get('pumps')).statusCode).toBe(401)
    for (const role of ['nurse', 'lead', 'admin'] as const) {
      const cookie = await bench.signIn(role)
      expect((await get('pumps', cookie)).statusCode).toBe(403)
      expect((await post('pumps/P-1/act', cookie, { act: 'occlude' })).statusCode).toBe(403)
    }
    expect(control.asked).toEqual([])
    const seen = await get('pumps', await bench.signIn('engineer'))
    expect(seen.json()).toEqual({ speed: 1, paused: false, pumps: [report] })
  })

  it('passes acts, keys, faults and time on, from the own page only', async () => {
    const cookie = await bench.signIn('engineer')
    control.answer = { kind: 'done', body: { pumpId: 'P-1', act: 'inject-air', amount: 2 } }
    const done = await post('pumps/P-1/act', cookie, { act: 'inject-air', amount: 2 })
    expect(done.json()).toEqual({ pumpId: 'P-1', act: 'inject-air', amount: 2 })
    await post('pumps/P-1/key', cookie, { key: 'silence' })
    await post('pumps/P-1/fault', cookie, { fault: 'flip', on: false, way: 'to-pump' })
    control.answer = { kind: 'done', body: { speed: 60, paused: false } }
    await post('speed', cookie, { speed: 60 })
    await post('pumps/P-1/step', cookie, { ms: 50 })
    expect((await post('pumps/P-1/pause', cookie, {})).statusCode).toBe(200)
    expect(control.asked).toEqual([
      ['/pumps/P-1/act', { act: 'inject-air', amount: 2 }],
      ['/pumps/P-1/key', { key: 'silence' }],
      ['/pumps/P-1/fault', { fault: 'flip', on: false, way: 'to-pump' }],
      ['/speed', { speed: 60 }],
      ['/pumps/P-1/step', { ms: 50 }],
      ['/pumps/P-1/pause', {}],
    ])
    const foreign = await post('pumps/P-1/act', cookie, { act: 'occlude' }, 'https://elsewhere.example')
    expect(foreign.json()).toMatchObject({ status: 403, code: 'foreign_origin' })
    expect(control.asked.length).toBe(6)
  })

  it('tells a story of the library, and none that kills or stops a program', async () => {
    const cookie = await bench.signIn('engineer')
    const stories = [
      { name: 'calm', what: 'Nothing.', programs: false },
      { name: 'server-dies', what: 'Much.', programs: true },
    ]
    control.answer = { kind: 'done', body: { scenarios: stories } }
    expect((await get('scenarios', cookie)).json()).toEqual({ scenarios: [stories[0]] })
    expect((await post('pumps/P-1/scenario', cookie, { scenario: 'calm', seed: 7 })).statusCode).toBe(200)
    for (const scenario of ['server-dies', 'unheard-of'])
      expect((await post('pumps/P-1/scenario', cookie, { scenario })).statusCode).toBe(400)
    expect(control.asked.filter(([, body]) => body !== null)).toEqual([
      ['/pumps/P-1/scenario', { scenario: 'calm', seed: 7 }],
    ])
  })

  it('lets a fleet in with claims of its own, which counts as simulated before it tells a pump, and revokes it', async () => {
    const cookie = await bench.signIn('engineer')
    control.answer = { kind: 'done', body: { fleet: null, words: 'Its hubs are being let in.' } }
    expect((await post('fleet', cookie, { pumps: 25, seed: 7 })).json()).toMatchObject({
      fleet: null,
      words: expect.stringContaining('let in'),
    })
    const [, order] = control.asked.at(-1) ?? []
    expect(order).toMatchObject({ pumps: 25, seed: 7, speed: 1, mix: 'home', server: testOrigin })
    expect(order).toHaveProperty('claims.length', 3)
    const named = async () =>
      (await bench.hubs.hubs()).filter(({ name }) => name.startsWith('Simulated')).map(({ state }) => state)
    expect(await named()).toEqual(['active', 'active', 'active'])
    expect((await get('fleet', cookie)).statusCode).toBe(200)
    await post('fleet', cookie, { pumps: 10 })
    expect((await named()).toSorted()).toEqual(['active', 'revoked', 'revoked', 'revoked'])
    await post('fleet/stop', cookie, {})
    expect(new Set(await named())).toEqual(new Set(['revoked']))
    expect((await post('fleet', cookie, { pumps: 5001 })).statusCode).toBe(400)
    expect((await post('fleet', await bench.signIn('nurse'), { pumps: 5 })).statusCode).toBe(403)
  })

  it.each([
    ['an unknown path', 'pumps/P-1/eject', { act: 'occlude' }, 404],
    ['a path within the path', 'pumps/..%2F..%2Fspeed/act', { act: 'occlude' }, 400],
    ['an unknown field', 'pumps/P-1/act', { act: 'occlude', sudo: true }, 400],
    ['a name that is none', 'pumps/P-1/act', { act: 'Occlude; rm' }, 400],
    ['a fault that ends a program', 'pumps/P-1/fault', { fault: 'kill-server' }, 400],
    ['another type', 'speed', { speed: '60' }, 400],
    ['a body for what takes none', 'pause', { now: true }, 400],
    ['a huge body', 'pumps/P-1/act', { act: 'a'.repeat(5_000) }, 413],
  ])('%s never reaches the control port', async (_, path, body, status) => {
    const answer = await post(path, await bench.signIn('engineer'), body)
    expect(answer.statusCode).toBe(status)
    expect(control.asked).toEqual([])
  })

  it('hands on what the control port refuses, and says when nobody answers there', async () => {
    const cookie = await bench.signIn('engineer')
    control.answer = { kind: 'refused', status: 400, why: 'unknown act; known: occlude' }
    const refused = await post('pumps/P-1/act', cookie, { act: 'explode' })
    expect(refused.json()).toMatchObject({
      status: 400,
      code: 'invalid_request',
      detail: 'unknown act; known: occlude',
    })
    control.answer = { kind: 'refused', status: 404, why: 'there is no pump P-9' }
    expect((await get('pumps/P-9', cookie)).json()).toMatchObject({ status: 404, detail: 'there is no pump P-9' })
    control.answer = { kind: 'away' }
    expect((await get('pumps', cookie)).json()).toMatchObject({ status: 503, code: 'unavailable' })
    control.answer = { kind: 'done', body: { pumps: 'many' } }
    expect((await get('pumps', cookie)).json()).toMatchObject({ status: 503, code: 'unavailable' })
  })

  it('knows every fault that concerns a whole program, and shows none of them', async () => {
    expect(programFaults).toEqual(faultNames.filter((name) => describeFault(name).at === 'program'))
    const possibleFaults = ['flip', 'stop-server'].map((fault) => ({ fault, what: 'Something.', hasWay: false }))
    control.answer = { kind: 'done', body: { ...report, keys: [], acts: [], possibleFaults, alarmCodes: [] } }
    const detail = await get('pumps/P-1', await bench.signIn('engineer'))
    expect(detail.json()).toMatchObject({ possibleFaults: [{ fault: 'flip' }] })
  })

  it('has the lived scenario as a file', async () => {
    const answer = await get('pumps/P-1/scenario', await bench.signIn('engineer'))
    expect(answer.body).toBe('name: lived\n')
    expect(answer.headers).toMatchObject({
      'content-type': 'application/yaml; charset=utf-8',
      'content-disposition': 'attachment; filename="P-1.yaml"',
    })
  })

  it('does not exist where it is not configured', async () => {
    const other = await openServerBench()
    const cookie = await other.signIn('engineer')
    const answer = await other.app.inject({ url: '/api/v1/simulators/pumps', headers: { cookie } })
    expect(answer.statusCode).toBe(404)
    await other.close()
  })

  it('is described in the OpenAPI document', async () => {
    const document = (await bench.app.inject({ url: '/api/openapi.json' })).json()
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/simulators/pumps/{pumpId}/wire',
        '/api/v1/simulators/pumps/{pumpId}/fault',
        '/api/v1/simulators/speed',
      ]),
    )
    expect(document.paths['/api/v1/simulators/pumps/{pumpId}/act'].post.responses['409']).toBeDefined()
  })
})

describe('where something real is known', () => {
  const refusal = { status: 409, code: 'not_a_demonstration' }

  it('nothing is driven while one pump is not simulated', async () => {
    const cookie = await bench.signIn('engineer')
    bench.heartbeat([pumpReport(pump1, { simulated: true }), pumpReport(pump2)])
    expect((await get('pumps', cookie)).json()).toMatchObject(refusal)
    expect((await post('pumps/P-1/act', cookie, { act: 'occlude' })).json()).toMatchObject(refusal)
    expect((await get('pumps/P-1/wire', cookie)).json()).toMatchObject(refusal)
    expect(control.asked).toEqual([])
  })

  it('nothing is driven while a hub that was let in has told of no pump', async () => {
    const other = await openServerBench({ simulators: control })
    const cookie = await other.signIn('engineer')
    const look = () => other.app.inject({ url: '/api/v1/simulators/pumps', headers: { cookie } })
    expect((await look()).statusCode).toBe(200)
    await other.enrol('key-1')
    expect((await look()).json()).toMatchObject(refusal)
    other.heartbeat([pumpReport(pump1, { simulated: true })])
    expect((await look()).statusCode).toBe(200)
    await other.close()
  })
})

const streaming = async (cookie: string) => {
  const answer = get('pumps/P-1/wire', cookie)
  let ended = false
  void answer.then(() => (ended = true))
  for (let turn = 0; control.ended === null && turn < 100; turn += 1) await new Promise(setImmediate)
  return { answer, hasEnded: () => ended }
}

describe('a wire through the server', () => {
  it('ends when its session ends', async () => {
    const cookie = await bench.signIn('engineer')
    const { answer, hasEnded } = await streaming(cookie)
    expect(control.ended?.aborted).toBe(false)
    expect(hasEnded()).toBe(false)
    await bench.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie, origin: testOrigin } })
    const { headers, body } = await answer
    expect(headers['content-type']).toBe('application/x-ndjson')
    expect(body).toBe('{"pumpId":"P-1","protocol":"ip1"}\n')
    expect(control.ended?.aborted).toBe(true)
  })

  it('ends within 30 s when something real comes up, and goes on as long as nothing does', async () => {
    const { answer } = await streaming(await bench.signIn('engineer'))
    bench.clock.advance(30_000)
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
    expect(control.ended?.aborted).toBe(false)
    bench.heartbeat([pumpReport(pump1, { simulated: true }), pumpReport(pump2)])
    bench.clock.advance(30_000)
    await answer
    expect(control.ended?.aborted).toBe(true)
  })
})
