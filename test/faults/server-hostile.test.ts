import { connect } from 'node:net'
import type { Socket as NetSocket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { liveProtocolVersion } from '#domain/live/messages.ts'
import { screensPerSession } from '#server/core/open-screens.ts'
import { eventually } from '#test/support/eventually.ts'
import { ambiguous, bodies, head, host, malformed } from '#test/support/hostile-requests.ts'
import { HostileServer } from '#test/support/hostile-server.ts'
import { frame, upgradeRequest } from '#test/support/hostile-sockets.ts'
import { batch, condition, telemetry } from '#test/support/uplink-records.ts'

// Nonsense and malice from the network at one running server, bounded and on loopback. Nothing of it is taken, nobody is thrown out, the
// process stays and its memory is bounded.

let server: HostileServer
let before: number

beforeAll(async () => {
  server = await HostileServer.start()
  expect((await server.say('alarm', batch([condition(1)]))).status).toBe(200)
  before = await server.memory()
}, 120_000)
afterAll(() => server?.[Symbol.asyncDispose]())

const statusesIn = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, code]) => Number(code))

describe('hostile HTTP', () => {
  it.each(Object.keys(ambiguous))(
    'with %s is one refused request, and what hides in it is not answered',
    async (name) => {
      const answer = await server.raw(ambiguous[name] ?? '')
      expect(
        statusesIn(answer).every((code) => code >= 400 && code < 500),
        answer.slice(0, 300),
      ).toBe(true)
      expect(answer).not.toContain('"status":"ok"')
    },
  )

  it.each(Object.keys(malformed))('that is %s is refused or ended', async (name) => {
    const answer = await server.raw(malformed[name] ?? '')
    const statuses = statusesIn(answer)
    expect(
      statuses.every((code) => code >= 400 && code < 506 && code !== 500),
      answer.slice(0, 300),
    ).toBe(true)
    expect(answer).not.toMatch(/\bat .*\.ts:|node_modules/)
  })

  it('in bodies of every kind is refused, signed or not, and never an error of the server', async () => {
    for (const body of bodies) {
      const text = body.slice(0, 60)
      for (const path of ['session', 'push/receipts', 'roster']) {
        const reply = await fetch(`${server.url}/api/v1/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: server.url, cookie: server.nurse.cookie },
          body,
        })
        expect(reply.status, `${path} ${text}`).toSatisfy((code: number) => code >= 400 && code < 500)
      }
      for (const path of ['alarm', 'telemetry', 'heartbeat']) {
        const reply = await server.say(path, body)
        const said = await reply.text()
        expect(said, `${path} ${text}`).not.toContain('"stored"')
        expect(reply.status, `${path} ${text}`).toSatisfy((code: number) => code === 200 || (code >= 400 && code < 500))
      }
    }
  })

  it('that climbs out of folders or names prototypes finds nothing', async () => {
    for (const path of [
      '/../../../../etc/passwd',
      '/assets/..%2f..%2f..%2f..%2fetc/passwd',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/%00',
      '/__proto__.json',
      '/api/v1/__proto__',
      '/api/v1/pumps/__proto__/history?from=0&to=9',
      '/api/v1/alarms/constructor',
      '/api/v1/alarms?__proto__[state]=open',
      '/socket.io/?EIO=4&transport=polling',
    ]) {
      const answer = await server.raw(
        head(`GET ${path} HTTP/1.1`, host, `Cookie: ${server.nurse.cookie}`, 'Connection: close'),
      )
      expect(answer, path).not.toMatch(/root:|"dependencies"/)
      expect(statusesIn(answer)[0] ?? 400, path).not.toBe(500)
    }
  })

  it('that never ends what it began is ended, and holds nobody up', async () => {
    const began = performance.now()
    const slow = Array.from({ length: 200 }, (_, n) => {
      const socket = connect(server.port, '127.0.0.1')
      socket.on('error', () => {})
      const start =
        n % 2 === 0
          ? 'GET / HTTP/1.1\r\nX-A: '
          : head('POST /api/v1/session HTTP/1.1', host, 'Content-Type: application/json', 'Content-Length: 1000')
      socket.write(start)
      const drip = setInterval(() => socket.write('x'), 700)
      socket.once('close', () => clearInterval(drip))
      return socket
    })
    const waits: number[] = []
    while (slow.some(({ destroyed }) => !destroyed) && performance.now() - began < 30_000) {
      const asked = performance.now()
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      waits.push(performance.now() - asked)
      await pause(100)
    }
    console.log(
      `200 slow connections: the last ended after ${((performance.now() - began) / 1000).toFixed(1)} s; others waited ${median(waits).toFixed(1)} ms in the middle, ${Math.max(...waits).toFixed(0)} ms at most`,
    )
    expect(slow.filter(({ destroyed }) => !destroyed)).toEqual([])
  }, 60_000)
})

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0

const upgrade = (cookie: string, origin: string): string => upgradeRequest({ host: server.host, cookie, origin })

/** A web socket of the nurse's session, spoken by hand: what is sent, and whether the server has ended it. */
const speak = async (frames: readonly Buffer[]): Promise<boolean> => {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => {})
  let heard = ''
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
  socket.write(upgrade(server.nurse.cookie, server.url))
  await eventually(() => heard.includes('101 Switching'))
  socket.write(frame(0x81, '40'))
  await eventually(() => heard.includes('40{"sid"'))
  heard = ''
  socket.write(Buffer.concat(frames))
  // The last word of a web socket is a close frame; a peer that does not answer it is waited for.
  const isEnded = (): boolean => socket.destroyed || heard.includes('\u0088')
  for (let n = 0; n < 100 && !isEnded(); n += 1) await pause(100)
  const wasEnded = isEnded()
  socket.destroy()
  return wasEnded
}

describe('hostile live sockets', () => {
  it('of a foreign page, without a session, or by polling are not let in', async () => {
    const answers = [
      await server.raw(upgrade(server.nurse.cookie, 'https://evil.example')),
      await server.raw(upgrade(server.nurse.cookie, 'null')),
      await server.raw(upgrade('', server.url)),
      await server.raw(upgrade('__Host-sid=__proto__', server.url)),
      await server.raw(upgrade(server.nurse.cookie, server.url).replace('websocket HTTP', 'polling HTTP')),
    ]
    for (const answer of answers) expect(answer).not.toContain('101 Switching')
  })

  it.each([
    ['a message of 100 kB', () => [frame(0x81, `42["hello","${'x'.repeat(100_000)}"]`)]],
    ['an announced exabyte', () => [frame(0x81, 'x', Number.MAX_SAFE_INTEGER)]],
    [
      'parts without an end',
      () => [frame(0x01, '42["hello"'), ...Array.from({ length: 40 }, () => frame(0x00, 'x'.repeat(1_000)))],
    ],
    ['a reserved opcode', () => [frame(0x83, 'x')]],
    ['reserved bits', () => [frame(0xf1, 'x')]],
    [
      'bytes that are no text',
      () => [Buffer.concat([frame(0x81, ''), Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe])])],
    ],
    ['a thousand events at once', () => Array.from({ length: 1_000 }, () => frame(0x81, '42["hello",{}]'))],
    ['attachments without an end', () => [frame(0x81, '4599999-["hello",{"_placeholder":true,"num":0}]')]],
    ['no packet of the library', () => [frame(0x81, '4{"__proto__":1}')]],
  ])('that say %s are ended', async (_name, frames) => {
    expect(await speak(frames())).toBe(true)
  })

  it('that name prototypes as events are not heard, and do no harm', async () => {
    const events = ['__proto__', 'constructor', 'toString', 'connect', 'disconnect', 'error', 'newListener']
    await speak([
      ...events.map((event) => frame(0x81, `42${JSON.stringify([event, { __proto__: 1 }])}`)),
      frame(0x81, '4299999999999999999["hello",{}]'),
    ])
    expect(server.program.running).toBe(true)
  }, 60_000)

  it('that stop reading, 200 of them, cost less than 100 MB and delay nobody', async () => {
    const open = async (): Promise<ReturnType<typeof io>> => {
      const client = io(server.url, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        extraHeaders: { cookie: server.nurse.cookie, origin: server.url },
      })
      await eventually(() => client.connected)
      return client
    }
    const hello = { at: null, build: 'test', protocol: liveProtocolVersion, watch: [] }
    const follow = async (client: ReturnType<typeof io>): Promise<number[]> => {
      const beats: number[] = []
      client.on('heartbeat', () => void beats.push(performance.now()))
      client.on('snapshot', (_part: unknown, taken: () => void) => taken())
      client.emit('hello', hello)
      await eventually(() => beats.length > 0)
      return beats
    }
    const sessions: string[] = []
    while (sessions.length < 200 / screensPerSession) sessions.push((await server.anotherSession()).cookie)
    const watcher = await open()
    const beats = await follow(watcher)
    let seq = 10
    /** Five seconds of a busy ward: how long each batch of its samples took. */
    const busy = async (): Promise<number[]> => {
      const took: number[] = []
      for (let n = 0; n < 20; n += 1) {
        const asked = performance.now()
        const records = Array.from({ length: 100 }, () => telemetry((seq += 1)))
        // On a machine that is busy with something else samples may give way; alarms never do.
        expect([200, 503]).toContain((await server.say('telemetry', batch(records))).status)
        expect((await server.say('alarm', batch([condition((seq += 1))]))).status).toBe(200)
        took.push(performance.now() - asked)
        await pause(250)
      }
      return took
    }
    const quiet = await busy()
    const memory = await server.memory()
    const paused: NetSocket[] = []
    for (let n = 0; n < 200; n += 1) {
      const socket = connect(server.port, '127.0.0.1')
      socket.on('error', () => {})
      paused.push(socket)
      socket.write(
        Buffer.concat([Buffer.from(upgrade(sessions[n % sessions.length] ?? '', server.url)), frame(0x81, '40')]),
      )
      const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
      expect(answer.toString('latin1')).toContain('101 Switching')
      socket.write(frame(0x81, `42${JSON.stringify(['hello', hello])}`))
      socket.pause()
    }
    const from = beats.length
    const crowded = await busy()
    const most = await server.memory()
    const gaps = beats.slice(from).map((at, place) => at - (beats[from + place - 1] ?? at))
    console.log(
      `200 paused clients: ${(most - memory).toFixed(1)} MB, two batches ${median(quiet).toFixed(0)} ms before and ${median(crowded).toFixed(0)} ms with them, ` +
        `longest pause of another client's heartbeat ${Math.max(0, ...gaps).toFixed(0)} ms`,
    )
    for (const socket of paused) socket.destroy()
    watcher.disconnect()
    expect(most - memory).toBeLessThan(100)
    expect(beats.length).toBeGreaterThan(from)
  }, 120_000)
})

describe('after all of it', () => {
  it('the server is the one it was, nothing is stored that the hub did not say, and its memory is bounded', async () => {
    expect(server.program.running).toBe(true)
    expect((await server.say('alarm', batch([condition(999_999)]))).status).toBe(200)
    const alarms = await server.nurse.openAlarms()
    expect(alarms.filter(({ pumpId }) => pumpId !== null).map(({ code }) => code)).toEqual(
      alarms.filter(({ code }) => code === 'occlusion-downstream').map(({ code }) => code),
    )
    expect((await server.nurse.pumps()).map(({ pumpId }) => pumpId)).toHaveLength(1)
    expect(server.program.output).not.toMatch(/"level":"(error|fatal)"/)
    const grown = (await server.memory()) - before
    console.log(`the server has ${grown.toFixed(0)} MB more than before`)
    expect(grown).toBeLessThan(250)
  })
})
