import { stat } from 'node:fs/promises'
import type { Server as HttpServer } from 'node:http'
import { Server as HttpsServer } from 'node:https'
import type { Logger } from 'pino'
import type { Clock, Instant, Scheduler } from '#domain/time.ts'
import { CertificateWatch } from '../adapters/tls/certificate-watch.ts'
import { readCertificate } from '../adapters/tls/read-certificate.ts'
import type { CertificateFiles, ServerCertificate } from '../adapters/tls/read-certificate.ts'
import { handshakeTimeoutMs, tlsRules } from '../adapters/tls/tls-rules.ts'
import type { ServerConfig } from '../config.ts'
import { ServerError } from '../core/errors.ts'
import { keepsSessions } from '../core/origins.ts'
import { certificateTrouble } from '../core/transport/certificate.ts'
import type { ServedTls } from '../http/dependencies.ts'

export interface Transport extends AsyncDisposable {
  readonly scheme: 'http' | 'https'
  /** Null: plain HTTP. */
  readonly tls: ServedTls | null
  /** What is to be said about the certificate now, in words; null: nothing. */
  trouble(): string | null
  /** When the certificate in use ends; null: there is none. */
  certificateEnds(): Instant | null
  /** Follows the files of the certificate from now on, and SIGHUP. */
  follow(server: HttpServer): void
}

interface Parts {
  readonly config: Pick<ServerConfig, 'tls' | 'publicOrigins'>
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Logger
}

const inWords = (at: Instant): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const plain = (): Transport => ({
  scheme: 'http',
  tls: null,
  trouble: () => null,
  certificateEnds: () => null,
  follow: () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
})

/** TLS by the server itself, if it is configured. Throws `SRV_TLS` when its files cannot be used; one that has ended can. */
export const openTransport = async (parts: Parts): Promise<Transport> => {
  const { config, clock, scheduler, log } = parts
  for (const origin of (config.publicOrigins ?? []).filter((one) => !keepsSessions(one)))
    log.warn({ origin }, 'nobody can sign in under this origin: browsers keep no session over plain http')
  if (config.tls === null) return plain()
  const read = await readCertificate(config.tls)
  if (!read.ok) throw new ServerError('SRV_TLS', `TLS cannot be spoken: ${read.problem}.`)
  const first = read.certificate
  await notice(parts, config.tls, first)
  let server: HttpsServer | null = null
  const watch = new CertificateWatch({
    files: config.tls,
    first,
    serve: ({ cert, key }) => server?.setSecureContext({ ...tlsRules, cert, key }),
    clock,
    scheduler,
    log,
  })
  const reload = (): void => void watch.reload()
  return {
    scheme: 'https',
    tls: { ...tlsRules, cert: first.cert, key: first.key, handshakeTimeout: handshakeTimeoutMs },
    trouble: () => certificateTrouble(watch.state, clock.now(), inWords),
    certificateEnds: () => watch.state.served.validTo,
    follow: (listening) => {
      if (!(listening instanceof HttpsServer)) throw new TypeError('TLS was asked for and is not spoken')
      server = listening
      process.on('SIGHUP', reload)
      watch.start()
    },
    [Symbol.asyncDispose]: async () => {
      process.off('SIGHUP', reload)
      await watch[Symbol.asyncDispose]()
    },
  }
}

/** What is odd at the start and no reason to stay down: a server that is not there pages nobody. */
const notice = async (
  { config, clock, log }: Parts,
  { keyFile }: CertificateFiles,
  certificate: ServerCertificate,
): Promise<void> => {
  const state = { served: certificate, problem: null }
  const trouble = certificateTrouble(state, clock.now(), inWords)
  if (trouble !== null) log.error({ trouble }, 'the TLS certificate needs somebody')
  for (const origin of config.publicOrigins ?? [])
    if (!certificate.covers(new URL(origin).hostname.replace(/^\[|\]$/g, '')))
      log.error({ origin }, 'the TLS certificate is not for this origin: browsers and hubs refuse it')
  const { mode } = await stat(keyFile)
  if ((mode & 0o077) !== 0) log.warn({ file: keyFile }, 'others on this machine may read the private key: chmod 600')
}
