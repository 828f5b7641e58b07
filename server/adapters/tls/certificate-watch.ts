import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { Log } from '#server/core/log.ts'
import type { CertificateState } from '#server/core/transport/certificate.ts'
import { readCertificate } from './read-certificate.ts'
import type { CertificateFiles, ServerCertificate } from './read-certificate.ts'

const everyMs = 60_000

export interface CertificateWatchDependencies {
  readonly files: CertificateFiles
  readonly first: ServerCertificate
  /** Takes a new certificate into use for connections from now on. */
  readonly serve: (certificate: ServerCertificate) => void
  readonly clock: Pick<Clock, 'now'>
  readonly scheduler: Scheduler
  readonly log: Log
}

/**
 * Follows the files of the certificate: a look a minute, because renewals replace links and folders, which no notice of a file system
 * tells reliably. What cannot be used is told and the certificate in use stays.
 */
export class CertificateWatch implements AsyncDisposable {
  readonly #deps: CertificateWatchDependencies
  #served: ServerCertificate
  #problem: string | null = null
  /** Two files are not replaced in one moment: what is wrong at one look only is the middle of a renewal. */
  #suspected: string | null = null
  #cancel: Cancel = () => undefined
  #looking: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(deps: CertificateWatchDependencies) {
    this.#deps = deps
    this.#served = deps.first
  }

  get state(): CertificateState {
    return { served: this.#served, problem: this.#problem }
  }

  start(): void {
    if (this.#stopped) return
    this.#cancel = this.#deps.scheduler.after(everyMs, () => void this.#look(false).finally(() => this.start()))
  }

  /** Now, because somebody says that the files are new; what is wrong with them counts at once. */
  reload(): Promise<void> {
    return this.#look(true)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#looking
  }

  #look(isSure: boolean): Promise<void> {
    this.#looking = this.#looking.then(() => this.#compare(isSure))
    return this.#looking
  }

  async #compare(isSure: boolean): Promise<void> {
    const { files, serve, clock, log } = this.#deps
    const read = await readCertificate(files)
    if (this.#stopped) return
    if (!read.ok) return this.#doubt(read.problem, isSure)
    const { certificate } = read
    const isServed = certificate.cert === this.#served.cert && certificate.key === this.#served.key
    if (!isServed && certificate.validTo <= clock.now())
      return this.#doubt(`it ended on ${new Date(certificate.validTo).toISOString()}`, isSure)
    this.#suspected = null
    this.#problem = null
    if (isServed) return
    serve(certificate)
    this.#served = certificate
    log.info({ validTo: new Date(certificate.validTo).toISOString() }, 'a new TLS certificate is in use')
  }

  #doubt(problem: string, isSure: boolean): void {
    const counts = isSure || this.#suspected === problem
    this.#suspected = problem
    if (!counts || problem === this.#problem) return
    this.#problem = problem
    this.#deps.log.error({ problem }, 'the TLS certificate could not be replaced')
  }
}
