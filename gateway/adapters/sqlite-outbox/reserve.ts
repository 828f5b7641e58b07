import { GatewayError } from '../../core/errors.ts'
import type { LaneFile } from './lane-file.ts'

/** Small enough that no alarm waits long behind a step, bytes. */
const growBytes = 512 * 1024
const rowsEmptiedPerStep = 8
/** A log of this size takes any commit without growing, bytes. */
const mostLogBytes = 2 * 1024 * 1024

/**
 * Free pages inside the alarm file and a log that is long enough, both made while there is room: on a full disk alarms are written into
 * them (reliability.md 3 rule 14). Bytes are written and deleted again; what is deleted stays in the file as free pages.
 */
export class Reserve {
  readonly #file: LaneFile
  readonly #wantedBytes: number
  readonly #logBytes: number
  #state: 'resting' | 'growing' | 'emptying' = 'resting'

  /** `ballastBytes`: what the log may have to be made from when the disk is full. */
  constructor(file: LaneFile, wantedBytes: number, ballastBytes: number) {
    this.#file = file
    this.#wantedBytes = wantedBytes
    this.#logBytes = Math.min(mostLogBytes, wantedBytes, ballastBytes === 0 ? wantedBytes : ballastBytes / 4)
  }

  get bytes(): number {
    return this.#file.freePages * this.#file.pageBytes
  }

  get wantedBytes(): number {
    return this.#wantedBytes
  }

  get missingBytes(): number {
    return Math.max(0, this.#wantedBytes - this.bytes - this.#file.count('fillBytes'))
  }

  /** Before anything else: a clean end has deleted the log, and a kill may have left bytes that are not free yet. */
  open(): void {
    this.release()
    try {
      this.#fill(this.#logBytes, true)
    } catch (error) {
      if (!isFull(error)) throw error
    }
    this.release()
  }

  /** One step towards the wanted size. False when there is nothing to do. */
  step(): boolean {
    switch (this.#state) {
      case 'resting':
        if (this.bytes >= this.#wantedBytes * 0.9) return false
        this.#state = 'growing'
        return true
      case 'growing':
        if (this.missingBytes === 0) this.#state = 'emptying'
        else this.#grow()
        return true
      case 'emptying':
        if (!this.#empty(rowsEmptiedPerStep)) this.#state = 'resting'
        return true
    }
  }

  /** Gives what is on its way to the alarms at once. True when there was something. */
  release(): boolean {
    this.#state = 'resting'
    return this.#empty(Number.MAX_SAFE_INTEGER)
  }

  #grow(): void {
    try {
      // The ballast is not for this: it may be needed for an alarm.
      this.#fill(growBytes, false)
    } catch (error) {
      if (!isFull(error)) throw error
      this.#state = 'emptying'
    }
  }

  #fill(bytes: number, mayMakeRoom: boolean): void {
    this.#file.transaction(() => this.#file.statement('fill').run(bytes), mayMakeRoom)
  }

  #empty(rows: number): boolean {
    if (this.#file.count('fillBytes') === 0) return false
    try {
      // Not by making room: this is how room is made.
      this.#file.transaction(() => this.#file.statement('emptyFill').run(rows), false)
      return true
    } catch (error) {
      if (!isFull(error)) throw error
      return false
    }
  }
}

const isFull = (error: unknown): boolean => error instanceof GatewayError && error.code === 'GW_OUTBOX_FULL'
