import { globSync, renameSync, writeFileSync } from 'node:fs'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { ClockFault } from '../core/faults/catalog.ts'
import { WrongClock } from '../core/faults/wrong-clock.ts'

/** A drifting clock is set anew this often: 200 ppm are 20 µs a time. */
const everyMs = 100

/** Under which a program sees the wall clock that `file` says; its monotonic clock and the times of files stay true. null: not installed. */
export const faketimeEnvironment = (file: string): Readonly<Record<string, string>> | null => {
  const [library] = globSync('/usr/lib/{*/,}faketime/libfaketimeMT.so.1')
  if (library === undefined) return null
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  }
}

export interface FaketimeClockOptions {
  /** `FAKETIME_TIMESTAMP_FILE` of the program's environment. */
  readonly file: string
  readonly clock: Clock
  readonly scheduler: Scheduler
}

/**
 * The wall clock of a program that was started in `faketimeEnvironment`: the file says by how many seconds it is off. Disposing sets it
 * right.
 */
export class FaketimeClock implements Disposable {
  readonly #options: FaketimeClockOptions
  readonly #wrong = new WrongClock(0)
  #cancel: Cancel | null = null

  /** Throws what the file system says when the file cannot be written. */
  constructor(options: FaketimeClockOptions) {
    this.#options = options
    this.#write()
  }

  /** `amount` null: the fault is over. */
  set(fault: ClockFault, amount: number | null): void {
    const { clock } = this.#options
    this.#wrong.set(fault, amount, clock.monotonic(), clock.now())
    this.#tick()
  }

  [Symbol.dispose](): void {
    this.#cancel?.()
    writeAtOnce(this.#options.file, '+0\n')
  }

  #tick(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#write()
    if (this.#wrong.drifts) this.#cancel = this.#options.scheduler.after(everyMs, () => this.#tick())
  }

  #write(): void {
    const seconds = this.#wrong.aheadMs(this.#options.clock.monotonic()) / 1000
    writeAtOnce(this.#options.file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds).toFixed(6)}\n`)
  }
}

/** Whoever reads at this moment sees the old content or the new. */
const writeAtOnce = (file: string, text: string): void => {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}
