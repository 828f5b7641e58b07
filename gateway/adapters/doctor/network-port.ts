import { createConnection } from 'node:net'
import { messageOf } from '../../core/errors.ts'
import { fail, ok } from '../../core/finding.ts'
import type { Finding } from '../../core/finding.ts'

const connectTimeoutMs = 3_000
/** A device server that has something to say says it at once, ms. */
const greetingMs = 500

interface Knock {
  readonly trouble: string | null
  readonly greeting: Buffer
}

/** Connects, listens for a moment, says nothing, closes. */
export const knock = (host: string, port: number, listenMs: number): Promise<Knock> => {
  const { promise, resolve } = Promise.withResolvers<Knock>()
  const chunks: Buffer[] = []
  const socket = createConnection({ host, port })
  const done = (trouble: string | null): void => {
    clearTimeout(timer)
    socket.destroy()
    resolve({ trouble, greeting: Buffer.concat(chunks) })
  }
  let timer = setTimeout(() => done(`no answer within ${connectTimeoutMs / 1_000} s`), connectTimeoutMs)
  socket.once('connect', () => {
    clearTimeout(timer)
    timer = setTimeout(() => done(null), listenMs)
  })
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.once('end', () => done(null))
  socket.once('error', (error) => done(messageOf(error)))
  return promise
}

/** IAC with WILL, DO or DONT: telnet, and so RFC 2217. */
const isTelnet = (bytes: Buffer): boolean => bytes[0] === 0xff && [0xfb, 0xfd, 0xfe].includes(bytes[1] ?? 0)

/** A pump behind a device server. Connecting opens the line there, so this is not asked while a gateway is connected. */
export const examineTcpPort = async (name: string, host: string, port: number): Promise<readonly Finding[]> => {
  const check = `port ${name}`
  const { trouble, greeting } = await knock(host, port, greetingMs)
  if (trouble !== null)
    return [
      fail(
        check,
        `${host}:${port} cannot be reached: ${trouble}`,
        'check address, cable and power of the device server',
      ),
    ]
  if (isTelnet(greeting))
    return [fail(check, `${host}:${port} speaks telnet or RFC 2217`, 'set this port of the device server to raw TCP')]
  if (greeting.toString('latin1').startsWith('Port already in use'))
    return [fail(check, `${host}:${port} is in use by another client`, 'end the other connection at the device server')]
  return [ok(check, `${host}:${port} answers`)]
}
