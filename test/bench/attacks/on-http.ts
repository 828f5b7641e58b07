import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { ambiguous, bodies, head, malformed } from '#test/support/hostile-requests.ts'
import { SigningHub } from '#test/support/signing-hub.ts'
import { batch, condition } from '#test/support/uplink-records.ts'
import { holding, paced, whileOpen } from './attack.ts'
import type { Attack, Target } from './attack.ts'

/** One address, and not that of those who behave. */
const stranger = '127.66.6.6'

const portOf = ({ url }: Target): number => Number(new URL(url).port)

/** 200 requests that never end what they began, a byte every 0.7 s. */
export const slowHttp: Attack = (target, signal) =>
  holding(200, signal, (place) => {
    const { host } = new URL(target.url)
    const socket = connect({ port: portOf(target), host: '127.0.0.1', localAddress: stranger })
    socket.write(
      place % 2 === 0
        ? 'GET / HTTP/1.1\r\nX-A: '
        : head(
            'POST /api/v1/session HTTP/1.1',
            `Host: ${host}`,
            'Content-Type: application/json',
            'Content-Length: 1000',
          ),
    )
    whileOpen(socket, 700, () => socket.write('x'))
    return socket
  })

const post = (target: Target, agent: Agent, path: string, headers: object, body: string): Promise<void> =>
  new Promise((resolve) => {
    const asked = request(
      {
        host: '127.0.0.1',
        localAddress: stranger,
        port: portOf(target),
        path,
        method: 'POST',
        headers: { ...headers },
        agent,
        timeout: 5_000,
      },
      (answer) => answer.resume().once('close', resolve),
    )
    asked.on('error', () => resolve())
    asked.on('timeout', () => asked.destroy())
    asked.end(body)
  })

/** Bytes as they are, and what comes back is not read for long. */
const sayRaw = (target: Target, text: string): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect({ port: portOf(target), host: '127.0.0.1', localAddress: stranger })
    const over = setTimeout(() => socket.destroy(), 500)
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.once('close', () => {
      clearTimeout(over)
      resolve()
    })
    socket.write(text)
  })

const oversized = `{"name":"${'x'.repeat(300_000)}"}`
const requests = [...Object.values(ambiguous), ...Object.values(malformed)]

/** 40 requests a second, about 1.5 MB: too long, too deep, with keys twice, ambiguous, malformed; to people's routes and to hubs'. */
export const wrongBodies: Attack = async (target, signal) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const { origin, host } = new URL(target.url)
  const headers = { 'content-type': 'application/json', origin, host, cookie: target.cookie }
  await paced(40, signal, (nth) => {
    const body = nth % 8 === 0 ? oversized : (bodies[nth % bodies.length] ?? '')
    if (nth % 4 === 3) return sayRaw(target, requests[nth % requests.length] ?? '')
    return post(target, agent, ['/api/v1/session', '/api/v1/roster', '/hub/v1/alarm'][nth % 3] ?? '', headers, body)
  })
  agent.destroy()
}

/** 200 batches a second, about 2.2 MB, in the name of a hub that is let in, signed by another key; every tenth of 100 kB. */
export const forgedSignatures: Attack = async (target, signal) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const { host } = new URL(target.url)
  const forger = new SigningHub()
  forger.keyId = target.keyId
  const small = JSON.stringify(batch([condition(1)]))
  const large = JSON.stringify(batch([condition(1, { vendorText: 'x'.repeat(100_000) })]))
  await paced(200, signal, (nth) => {
    const path = `/hub/v1/${nth % 2 === 0 ? 'alarm' : 'telemetry'}`
    const forged = forger.request(path, nth % 10 === 0 ? large : small, Date.now(), { authority: host })
    return post(target, agent, path, forged.headers, forged.payload)
  })
  agent.destroy()
}
