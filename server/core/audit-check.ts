import { cutFault, emptyChain, followRow, headFault, isFault } from '#domain/audit/chain.ts'
import type { ChainEnd, ChainFault, ChainHash } from '#domain/audit/chain.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { AuditReader } from './audit.ts'
import type { Log } from './log.ts'

/** Rows followed at once: 5 ms of a core. */
const rowsAtOnce = 500
const pauseMs = 50
const everyMs = 3_600_000
const fullEveryMs = 24 * everyMs

export interface CheckState {
  /** Rows that were followed since the last full check began. */
  readonly verifiedTo: number
  /** When the newest rows of that time had been followed; null: not yet. */
  readonly at: number | null
  /** The first row that is wrong. */
  readonly fault: ChainFault | null
}

export interface AuditCheckDependencies {
  readonly reader: AuditReader
  readonly hash: ChainHash
  /** Rows whose hash is signed, with that hash. */
  readonly signed: () => ReadonlyMap<number, string>
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

/**
 * Follows the chain in the background, a little at a time: all of it at start and once a day, what is new every hour. A fault is
 * logged at each full check and shown; it stops nothing, because alarms have to go on.
 */
export class AuditCheck implements Disposable {
  readonly #deps: AuditCheckDependencies
  #end: ChainEnd = emptyChain
  #state: CheckState = { verifiedTo: 0, at: null, fault: null }
  #fullFrom = -Infinity
  #cancel: Cancel = () => undefined

  constructor(deps: AuditCheckDependencies) {
    this.#deps = deps
  }

  get state(): CheckState {
    return this.#state
  }

  start(): void {
    this.#next()
  }

  [Symbol.dispose](): void {
    this.#cancel()
  }

  #next(): void {
    const { clock, scheduler } = this.#deps
    const now = clock.monotonic()
    if (now - this.#fullFrom >= fullEveryMs) {
      this.#fullFrom = now
      this.#end = emptyChain
    }
    const more = this.#follow()
    this.#cancel = scheduler.after(more ? pauseMs : everyMs, () => this.#next())
  }

  /** Whether there are more rows to follow now. */
  #follow(): boolean {
    const { reader, hash, signed, clock } = this.#deps
    const heads = signed()
    const rows = reader.after(this.#end.seq, rowsAtOnce)
    for (const row of rows) {
      const followed = row === null ? unreadable(this.#end) : followRow(hash, this.#end, row)
      const fault = isFault(followed) ? followed : headFault(heads, followed)
      if (fault !== null || isFault(followed)) return this.#found(fault)
      this.#end = followed
    }
    if (rows.length === rowsAtOnce) {
      // A fault that was found before is not forgotten while the way there is still long.
      if (this.#state.fault === null) this.#state = { ...this.#state, verifiedTo: this.#end.seq }
      return true
    }
    const cut = cutFault(heads, this.#end)
    if (cut !== null) return this.#found(cut)
    this.#state = { verifiedTo: this.#end.seq, at: clock.now(), fault: null }
    return false
  }

  #found(fault: ChainFault | null): boolean {
    const { clock, log } = this.#deps
    this.#state = { verifiedTo: this.#end.seq, at: clock.now(), fault }
    log.error({ row: fault?.seq, problem: fault?.problem }, 'the audit trail is broken: see server audit verify')
    return false
  }
}

const unreadable = (end: ChainEnd): ChainFault => ({ seq: end.seq + 1, problem: 'unreadable' })
