import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { liveProtocolVersion } from '#domain/live/messages.ts'
import { frame, upgradeRequest } from '#test/support/hostile-sockets.ts'
import { holding, paced } from './attack.ts'
import type { Attack, Target } from './attack.ts'

const opened = ({ url, cookie }: Pick<Target, 'url' | 'cookie'>, origin: string): Socket => {
  const { port, host } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(Buffer.concat([Buffer.from(upgradeRequest({ host, cookie, origin })), frame(0x81, '40')]))
  return socket
}

const closed = (socket: Socket, withinMs: number): Promise<void> =>
  new Promise((resolve) => {
    const over = setTimeout(() => socket.destroy(), withinMs)
    socket.once('close', () => {
      clearTimeout(over)
      resolve()
    })
  })

const flood = Buffer.concat(Array.from({ length: 1_000 }, () => frame(0x81, '42["hello",{}]')))
const oversized = frame(0x81, `42["hello","${'x'.repeat(100_000)}"]`)

/** Ten sockets a second: of foreign pages, and of a stolen session with a thousand events at once or a message of 100 kB. */
export const eventFloods: Attack = (target, signal) =>
  paced(10, signal, async (nth) => {
    const isForeign = nth % 3 === 0
    const socket = opened(target, isForeign ? 'https://evil.example' : target.url)
    socket.on('data', (chunk: Buffer) => {
      if (!isForeign && chunk.includes('40{"sid"')) socket.write(nth % 3 === 1 ? flood : oversized)
    })
    await closed(socket, 2_000)
  })

const hello = frame(
  0x81,
  `42${JSON.stringify(['hello', { at: null, build: 'bench', protocol: liveProtocolVersion, watch: [] }])}`,
)

/** As a page does it. */
const reopenMs = 1_000

/** 200 sockets that ask for everything and read nothing of it; what is hung up on is opened anew. */
const paused = (url: string, cookies: readonly string[], signal: AbortSignal): Promise<void> =>
  holding(
    200,
    signal,
    (place) => {
      const socket = opened({ url, cookie: cookies[place % cookies.length] ?? '' }, url)
      socket.on('data', (chunk: Buffer) => {
        if (!chunk.includes('40{"sid"')) return
        socket.write(hello)
        socket.pause()
      })
      return socket
    },
    reopenMs,
  )

/** All of one stolen session, which is let have 20. */
export const pausedOfOneSession: Attack = ({ url, cookie }, signal) => paused(url, [cookie], signal)

/** Of ten stolen sessions, as many as these are let have. */
export const pausedClients: Attack = ({ url, cookies }, signal) => paused(url, cookies, signal)
