import { SerialPort } from 'serialport'
import { access, constants } from 'node:fs/promises'
import { serialReopen } from '../../core/backoff.ts'
import { ByteQueue } from '../../core/byte-queue.ts'
import { GatewayError, messageOf } from '../../core/errors.ts'
import { guardedWrite } from '../../core/guarded-write.ts'
import { hangUpEnds } from './hang-up.ts'
import type { SerialSettings } from '#domain/pump-protocols/profile.ts'
import type { Scheduler } from '#domain/time.ts'
import type { Connection, Transport } from '../../core/ports.ts'

const closeTimeoutMs = 2_000

export interface SerialTransportOptions {
  readonly name: string
  readonly path: string
  readonly settings: SerialSettings
  readonly permits: (bytes: Uint8Array) => boolean
  readonly scheduler: Scheduler
  /** Tells of a cable that is plugged in; absent: only the ladder of attempts finds it. */
  readonly plugged?: (wasMissing: boolean, signal: AbortSignal) => Promise<void>
}

const systemCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null

/** What is wrong with a serial device, in words that say what to do. serialport itself gives only a text, so the device is asked first. */
export const explainOpenFailure = (path: string, error: unknown): GatewayError => {
  const text = messageOf(error)
  const code = systemCode(error)
  if (code === 'ENOENT' || /No such file|No such device/i.test(text))
    return new GatewayError('GW_PORT_MISSING', `${path} is not there: is the cable plugged in?`, { cause: error })
  if (code === 'EACCES' || code === 'EPERM' || /Permission denied/i.test(text))
    return new GatewayError(
      'GW_PORT_FORBIDDEN',
      `no right to use ${path}: add the gateway's user to the group dialout (sudo usermod -aG dialout USER) and start it again`,
      { cause: error },
    )
  if (code === 'EBUSY' || /Cannot lock port|Resource busy|temporarily unavailable/i.test(text))
    return new GatewayError('GW_PORT_BUSY', `${path} is in use by another program`, { cause: error })
  return new GatewayError('GW_PORT_FAILED', `${path} cannot be opened: ${text}`, { cause: error })
}

/** A pump on a serial line. Each attempt is a new port object: a closed or failed one is not safely reusable. */
export class SerialTransport implements Transport {
  readonly name: string
  readonly reopen = serialReopen
  readonly plugged?: (wasMissing: boolean, signal: AbortSignal) => Promise<void>
  readonly #options: SerialTransportOptions

  constructor(options: SerialTransportOptions) {
    this.name = options.name
    if (options.plugged !== undefined) this.plugged = options.plugged
    this.#options = options
  }

  async open(signal: AbortSignal): Promise<Connection> {
    const { path, settings } = this.#options
    try {
      signal.throwIfAborted()
      await access(path, constants.R_OK | constants.W_OK)
      const port = new HangUpAwarePort({ path, ...settings, autoOpen: false, lock: true })
      const connection = new SerialConnection(port, this.#options)
      await connection.opened
      return connection
    } catch (error) {
      throw explainOpenFailure(path, error)
    }
  }
}

/** The types leave out that the options win over the usual binding. */
class HangUpAwarePort extends SerialPort {
  constructor(options: ConstructorParameters<typeof SerialPort>[0]) {
    super(Object.assign({ binding: hangUpEnds }, options))
  }
}

class SerialConnection implements Connection {
  readonly opened: Promise<void>
  readonly #incoming = new ByteQueue()
  readonly #port: SerialPort
  readonly #guard: Pick<SerialTransportOptions, 'permits' | 'scheduler'>
  readonly #closed = Promise.withResolvers<void>()

  constructor(port: SerialPort, guard: Pick<SerialTransportOptions, 'permits' | 'scheduler'>) {
    this.#port = port
    this.#guard = guard
    // For the whole life of the object: closing with a stalled write emits an error, which would end the process.
    port.on('error', (error) => this.#incoming.end(error))
    // Before open, and flowing for ever: without a reader an unplug is never noticed.
    port.on('data', (chunk: Buffer) => this.#incoming.push(chunk))
    port.on('close', (error: Error | null) => {
      this.#incoming.end(error === null ? null : new GatewayError('GW_LINK_LOST', 'unplugged', { cause: error }))
      this.#closed.resolve()
    })
    this.opened = new Promise((resolve, reject) => {
      port.open((error) => (error === null ? resolve() : reject(error)))
    })
  }

  get incoming(): AsyncIterable<Uint8Array> {
    return this.#incoming
  }

  write(bytes: Uint8Array): Promise<void> {
    return guardedWrite(bytes, {
      ...this.#guard,
      send: (allowed, done) => {
        if (this.#port.isOpen) this.#port.write(Buffer.from(allowed), done)
        else done(new Error('the port is closed'))
      },
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#incoming.end()
    if (!this.#port.isOpen || this.#port.closing) return
    // A failed close tells itself by `error` or not at all; the deadline lets the next attempt begin.
    const deadline = setTimeout(this.#closed.resolve, closeTimeoutMs)
    this.#port.close(() => this.#closed.resolve())
    await this.#closed.promise
    clearTimeout(deadline)
  }
}
