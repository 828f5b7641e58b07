import type { Cancel, Scheduler } from '#domain/time.ts'
import type { Log } from '../log.ts'
import type { StorageAlarm } from './storage-alarm.ts'

export interface DiskRoom {
  readonly freeBytes: number
  readonly totalBytes: number
}

export interface StorageWatchDependencies {
  /** Of the folder that holds the server's data. */
  readonly room: () => Promise<DiskRoom>
  /** Rejects while the telemetry store does not answer. */
  readonly check: () => Promise<void>
  readonly alarm: Pick<StorageAlarm, 'set'>
  readonly scheduler: Scheduler
  readonly log: Log
}

const everyMs = 60_000
/** Nearly full below this part and this much; well again above a tenth more. */
const leastPart = 0.05
const leastBytes = 1_000_000_000
const wellAgain = 1.1

const isShort = ({ freeBytes, totalBytes }: DiskRoom, factor: number): boolean =>
  freeBytes < Math.min(leastBytes, leastPart * totalBytes) * factor

/** Ingest finds out by itself that the store is down, when it has something to store. */
const isWell = async (check: () => Promise<void>): Promise<boolean> => {
  try {
    await check()
    return true
  } catch {
    return false
  }
}

/** Looks at the server's disk once a minute, and once at its start at the telemetry store: an alarm of an earlier start may be open. */
export class StorageWatch implements AsyncDisposable {
  readonly #deps: StorageWatchDependencies
  #cancel: Cancel = () => undefined
  #working: Promise<void> = Promise.resolve()
  #short = false
  #checked = false
  #stopped = false

  constructor(deps: StorageWatchDependencies) {
    this.#deps = deps
  }

  start(): void {
    this.#working = this.#look().finally(() => {
      if (this.#stopped) return
      this.#cancel = this.#deps.scheduler.after(everyMs, () => this.start())
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#working
  }

  async #look(): Promise<void> {
    const { room, check, alarm, log } = this.#deps
    if (!this.#checked && (await isWell(check))) {
      this.#checked = true
      alarm.set('telemetry-store', null)
    }
    try {
      const found = await room()
      this.#short = isShort(found, this.#short ? wellAgain : 1)
      const megabytes = Math.floor(found.freeBytes / 1_000_000)
      alarm.set('disk', this.#short ? `the server's disk is nearly full: ${megabytes} MB are left` : null)
    } catch (error) {
      log.warn({ err: error }, 'the room on the disk could not be read')
    }
  }
}
