import { lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect as tlsConnect } from 'node:tls'
import { messageOf } from '../../core/errors.ts'
import { fail, ok, warn } from '../../core/finding.ts'
import { knock } from './network-port.ts'
import type { Finding } from '../../core/finding.ts'

const check = 'server'
const timeoutMs = 5_000
const expiresSoonMs = 14 * 86_400_000

export interface ServerExam {
  readonly findings: readonly Finding[]
  /** Server's clock minus ours, ± 1 s and half the round trip; null without an answer. */
  readonly offsetMs: number | null
}

interface Answer {
  readonly status: number
  readonly offsetMs: number | null
}

const get = (url: URL, ca: string | undefined): Promise<Answer> => {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const sentAt = Date.now()
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
    url,
    { method: 'GET', timeout: timeoutMs, agent: false, ...(ca === undefined ? {} : { ca }) },
    (message) => {
      message.resume()
      const date = Date.parse(message.headers.date ?? '')
      // The header has whole seconds: its middle is half a second later.
      const offsetMs = Number.isNaN(date) ? null : date + 500 - (sentAt + Date.now()) / 2
      resolve({ status: message.statusCode ?? 0, offsetMs })
    },
  )
  request.once('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs / 1_000} s`)))
  request.once('error', reject)
  request.end()
  return promise
}

const judgeTls = (url: URL, ca: string | undefined): Promise<Finding> => {
  const { promise, resolve } = Promise.withResolvers<Finding>()
  const socket = tlsConnect({
    host: url.hostname,
    port: Number(url.port || 443),
    servername: url.hostname,
    minVersion: 'TLSv1.3',
    timeout: timeoutMs,
    ...(ca === undefined ? {} : { ca }),
  })
  const done = (finding: Finding): void => {
    socket.destroy()
    resolve(finding)
  }
  socket.once('secureConnect', () => {
    const until = Date.parse(socket.getPeerCertificate().valid_to)
    const day = new Date(until).toISOString().slice(0, 10)
    done(
      until - Date.now() < expiresSoonMs
        ? warn(check, `its certificate ends on ${day}`, 'renew it at the server before that day')
        : ok(check, `TLS 1.3, certificate good until ${day}`),
    )
  })
  socket.once('timeout', () => done(fail(check, 'no TLS answer', 'check that this port speaks TLS')))
  socket.once('error', (error) => done(fail(check, `TLS fails: ${messageOf(error)}`, tlsAdvice(error))))
  return promise
}

const tlsAdvice = (error: Error): string => {
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return 'look at this machine’s clock first; if it is right, renew the certificate at the server'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'the certificate is for another name: correct server.url'
  if (/SELF_SIGNED|UNABLE_TO|ISSUER/.test(code))
    return 'the certificate comes from an authority this hub does not know: name its root in server.ca'
  return 'check that server.url names the right host and port, and that it speaks TLS 1.3'
}

const stop = (finding: Finding): ServerExam => ({ findings: [finding], offsetMs: null })

/** Name, connection, TLS and an answer, in that order: the first that fails is the one to repair. Sends nothing that needs a key. */
export const examineServer = async (url: URL, caFile: string | undefined): Promise<ServerExam> => {
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8').catch(() => null)
  if (ca === null) return stop(fail(check, `${caFile} cannot be read`, 'correct server.ca'))
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const found = await lookup(host).catch((error: unknown) => messageOf(error))
  if (typeof found === 'string')
    return stop(
      fail(check, `the name ${host} is not known: ${found}`, 'check server.url, and the network’s name server'),
    )
  const { trouble } = await knock(host, port, 0)
  if (trouble !== null)
    return stop(
      fail(check, `${host}:${port} cannot be reached: ${trouble}`, 'check the network, then whether the server runs'),
    )
  const findings: Finding[] = []
  if (url.protocol === 'https:') {
    const tls = await judgeTls(url, ca)
    findings.push(tls)
    if (tls.level === 'fail') return { findings, offsetMs: null }
  } else if (!['localhost', '127.0.0.1', '::1'].includes(host))
    findings.push(warn(check, 'server.url has no TLS: anybody on the way can read along', 'use https'))
  const answer = await get(new URL('/readyz', url), ca).catch((error: unknown) => messageOf(error))
  if (typeof answer === 'string')
    return { findings: [...findings, fail(check, `no answer: ${answer}`, 'look at the server’s log')], offsetMs: null }
  const { status, offsetMs } = answer
  const words = `${url.origin} answers ${status}`
  if (status === 200) findings.push(ok(check, `${words}, its stores work`))
  else if (status === 503)
    findings.push(warn(check, `${words}: a store of it does not work`, 'look at its /api/v1/health'))
  else findings.push(fail(check, words, 'check that server.url is an Infusion Watch server'))
  return { findings, offsetMs }
}
