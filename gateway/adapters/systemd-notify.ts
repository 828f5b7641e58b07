import { execFile } from 'node:child_process'

/** A call takes about 15 ms; a supervisor that is this slow, ms, is left alone until the next call. */
const callTimeoutMs = 5_000

export interface SupervisorOptions {
  /** The environment that the supervisor gave this process: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID, PATH. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
  /** A message did not get through. */
  readonly failed: (reason: string) => void
}

/**
 * Talks to systemd, or to nobody when no supervisor listens. Node has no datagram sockets of the Unix kind, so the program
 * `systemd-notify` speaks, as a child: the unit needs `NotifyAccess=all`. It waits until systemd has read the message, because the
 * sender of one that is read after its end cannot be told.
 */
export class SystemdNotify {
  readonly #options: SupervisorOptions

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  get listens(): boolean {
    return this.#options.env['NOTIFY_SOCKET'] !== undefined
  }

  /** How long the supervisor waits for a sign of progress, ms; null = it does not. */
  get watchdogMs(): number | null {
    const { env, pid } = this.#options
    const microseconds = Number(env['WATCHDOG_USEC'])
    const meant = env['WATCHDOG_PID'] === undefined || Number(env['WATCHDOG_PID']) === pid
    return this.listens && meant && microseconds > 0 ? microseconds / 1_000 : null
  }

  ready(status: string): void {
    this.#send('READY=1', `STATUS=${status}`)
  }

  /** The hub gets on. */
  feed(): void {
    if (this.watchdogMs !== null) this.#send('WATCHDOG=1')
  }

  /** One line for `systemctl status`. */
  status(text: string): void {
    this.#send(`STATUS=${text}`)
  }

  #send(...messages: readonly string[]): void {
    const { env, failed } = this.#options
    if (!this.listens) return
    const { NOTIFY_SOCKET, PATH } = env
    const child = execFile(
      'systemd-notify',
      [...messages],
      { env: { NOTIFY_SOCKET, PATH }, timeout: callTimeoutMs, killSignal: 'SIGKILL' },
      (error, _stdout, stderr) => {
        if (error !== null) failed(stderr.trim() || error.message)
      },
    )
    // An ending program does not wait for it.
    child.unref()
  }
}
