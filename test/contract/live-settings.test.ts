import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { frame, upgradeRequest } from '#test/support/hostile-sockets.ts'
import { openLiveBench } from '#test/support/live-bench.ts'
import type { LiveBench } from '#test/support/live-bench.ts'
import { testOrigin } from '#test/support/server-bench.ts'

// What the library is set to, as somebody on the other end of the line sees it (security.md 7).

let bench: LiveBench
let cookie: string

beforeAll(async () => {
  bench = await openLiveBench()
  cookie = await bench.signIn('nurse')
})
afterAll(() => bench.close())

const text = 0x81
const closeFrame = '\u0088'
const closedForSize = `${closeFrame}\u0002${String.fromCharCode(1009 >> 8, 1009 & 0xff)}`

interface Line {
  readonly socket: Socket
  /** Every byte that came, one a character. */
  readonly heard: () => string
  readonly hears: (what: string | RegExp, within?: number) => Promise<string>
}

/** A web socket of a nurse's session, spoken by hand; `more` headers of its request. */
const open = async (more: readonly string[] = []): Promise<Line> => {
  const { host, port } = new URL(bench.url)
  const socket = connect(Number(port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  const asked = upgradeRequest({ host, cookie, origin: testOrigin })
  socket.write(asked.replace('\r\n\r\n', ['', ...more, '', ''].join('\r\n')))
  const hears = (what: string | RegExp, within = 5_000): Promise<string> =>
    eventually(() => (typeof what === 'string' ? text.includes(what) : what.test(text)) && text, {
      within,
      what: String(what),
    })
  return { socket, heard: () => text, hears }
}

const joined = async (): Promise<Line> => {
  const line = await open()
  await line.hears('0{"sid"')
  line.socket.write(frame(text, '40'))
  await line.hears('40{"sid"')
  return line
}

/** A message of so many bytes in all, of an event that nobody has heard of. */
const messageOf = (bytes: number): string => {
  const [head, tail] = ['42["unheard-of","', '"]']
  return `${head}${'x'.repeat(bytes - head.length - tail.length)}${tail}`
}

describe('the live feed’s own settings', () => {
  it('are told at the beginning: a ping every 10 s with 10 s to answer, 16 KiB a message, no other way to go over to', async () => {
    const { hears } = await open()
    const [, told = '{}'] = /0(\{"sid".*?\})/.exec(await hears(/0\{"sid".*?\}/)) ?? []
    expect(JSON.parse(told)).toEqual({
      sid: expect.any(String) as string,
      upgrades: [],
      pingInterval: 10_000,
      pingTimeout: 10_000,
      maxPayload: 16 * 1024,
    })
  })

  it('let nobody in by polling, by an older version of the protocol, or into another room of the library', async () => {
    const headers = { cookie, origin: testOrigin }
    for (const [query, message] of [
      ['EIO=4&transport=polling', 'Transport unknown'],
      ['EIO=3&transport=websocket', 'Bad request'],
      ['EIO=4', 'Transport unknown'],
    ]) {
      const reply = await fetch(`${bench.url}/socket.io/?${query}`, { headers })
      expect([query, reply.status], query).toEqual([query, 400])
      expect(await reply.text(), query).toContain(message)
      expect(reply.headers.get('access-control-allow-origin'), query).toBeNull()
    }
    const line = await open()
    line.socket.write(frame(text, '40/admin,'))
    await line.hears('44/admin,{"message":"Invalid namespace"}')
  })

  it('hand out neither the library’s own page script nor a cookie', async () => {
    for (const file of ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js', 'socket.io.js.map']) {
      const reply = await fetch(`${bench.url}/socket.io/${file}`, { headers: { cookie, origin: testOrigin } })
      expect(reply.status, file).toBe(400)
    }
    const line = await joined()
    expect(line.heard().toLowerCase()).not.toContain('set-cookie')
  })

  it('compress nothing, whatever is offered, and remember nobody who was gone', async () => {
    const line = await open(['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'])
    await line.hears('0{"sid"')
    expect(line.heard().toLowerCase()).not.toContain('sec-websocket-extensions')
    // The library's recovery gives a second, private id to come back with.
    line.socket.write(frame(text, '40{"pid":"AAAAAAAAAAAAAAAAAAAA","offset":"1"}'))
    const [, told = '{}'] = /40(\{"sid".*?\})/.exec(await line.hears(/40\{"sid".*?\}/)) ?? []
    expect(Object.keys(JSON.parse(told) as object)).toEqual(['sid'])
  })

  it('take a message of 16 KiB and end the connection at one byte more', async () => {
    const line = await joined()
    line.socket.write(frame(text, messageOf(16 * 1024)))
    // Told after it, and answered: the connection goes on.
    line.socket.write(frame(text, '42["hello",{}]'))
    const { counters } = bench.feed
    await eventually(() => counters['refused-message'] > 0)
    expect(line.heard()).not.toContain(closeFrame)
    line.socket.write(frame(text, messageOf(16 * 1024 + 1)))
    await line.hears(closedForSize)
  })

  it('end whoever opens a socket and joins nothing, before the first ping is due', async () => {
    const line = await open()
    await line.hears('0{"sid"')
    await line.hears(closeFrame, 20_000)
    // A ping would be a text frame of one character.
    expect(line.heard()).not.toContain('\u0081\u00012')
  }, 30_000)

  it('let nobody in from a foreign page or without a session, and say which', async () => {
    for (const [headers, refusal] of [
      [{ cookie, origin: 'https://evil.example' }, 'refused-origin'],
      [{ cookie, origin: 'null' }, 'refused-origin'],
      [{ cookie: '', origin: testOrigin }, 'refused-session'],
    ] as const) {
      const { host, port } = new URL(bench.url)
      const socket = connect(Number(port), '127.0.0.1')
      onTestFinished(() => void socket.destroy())
      let answer = ''
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
      socket.write(upgradeRequest({ host, ...headers }))
      await eventually(() => answer.includes('refused-'))
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(answer).toContain(refusal)
    }
  })
})
