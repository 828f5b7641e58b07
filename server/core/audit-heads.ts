import type { ChainEnd } from '#domain/audit/chain.ts'
import type { SignedHead } from '#domain/audit/head.ts'
import type { Cancel, Clock, Instant, Scheduler } from '#domain/time.ts'
import type { AuditReader } from './audit.ts'
import type { Log } from './log.ts'

export interface HeadSigner {
  /** 32 bytes, base64url. */
  readonly publicKey: string
  sign(end: ChainEnd, at: Instant): SignedHead
  isOurs(head: SignedHead): boolean
}

/** A place that heads are copied to. */
export interface HeadCopy {
  /** For the log. */
  readonly name: string
  /** Whether it is another disk than the journal's. */
  isAway(): Promise<boolean>
  /** Rejects when it is not known to have arrived. */
  put(head: SignedHead): Promise<void>
  /** What is there, as far as it can be read back; oldest first. */
  kept(): Promise<readonly SignedHead[]>
}

export interface HeadsState {
  /** The newest head that arrived in every place; null: none yet. */
  readonly copied: { readonly at: number; readonly seq: number } | null
  /** Whether some place is another disk than the journal's. */
  readonly away: boolean
  /** Places that the last head did not reach. */
  readonly failing: number
}

export interface AuditHeadsDependencies {
  readonly reader: Pick<AuditReader, 'end'>
  readonly signer: HeadSigner
  /** At least one. */
  readonly copies: readonly HeadCopy[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

const everyMs = 3_600_000
const againAfterMs = 5 * 60_000

/** Signs the end of the chain every hour and copies it out: without such a copy nobody sees that a tail was cut off. */
export class AuditHeads implements Disposable {
  readonly #deps: AuditHeadsDependencies
  /** Rows whose hash is signed, with that hash. */
  readonly #signed = new Map<number, string>()
  #state: HeadsState = { copied: null, away: false, failing: 0 }
  #cancel: Cancel = () => undefined

  constructor(deps: AuditHeadsDependencies) {
    this.#deps = deps
  }

  get state(): HeadsState {
    return this.#state
  }

  get signed(): ReadonlyMap<number, string> {
    return this.#signed
  }

  /** Reads what was copied before, then copies the head of now and goes on every hour. */
  async start(): Promise<void> {
    const { copies, signer, log } = this.#deps
    for (const copy of copies) {
      const kept = await copy.kept().catch((error: unknown) => {
        log.warn({ err: error, place: copy.name }, 'copied heads of the audit trail cannot be read back')
        return []
      })
      for (const head of kept) {
        if (!signer.isOurs(head)) continue
        this.#signed.set(head.seq, head.hash)
        this.#state = { ...this.#state, copied: { at: head.at, seq: head.seq } }
      }
    }
    await this.copyNow()
    if (!this.#state.away)
      log.warn(
        { places: copies.map(({ name }) => name) },
        'the head of the audit trail is copied to the disk of the journal only, which proves less: set AUDIT_HEAD_DIR or AUDIT_HEAD_URL',
      )
  }

  async copyNow(): Promise<void> {
    this.#cancel()
    const { reader, signer, copies, clock, scheduler, log } = this.#deps
    const head = signer.sign(reader.end(), clock.now())
    let failing = 0
    let away = false
    for (const copy of copies)
      try {
        await copy.put(head)
        away = (await copy.isAway()) || away
      } catch (error) {
        failing += 1
        log.error({ err: error, place: copy.name }, 'the head of the audit trail could not be copied')
      }
    // A head that only this process has seen proves nothing to anybody.
    if (failing < copies.length && head.seq > 0) this.#signed.set(head.seq, head.hash)
    const copied = failing === 0 ? { at: head.at, seq: head.seq } : this.#state.copied
    this.#state = { copied, away, failing }
    this.#cancel = scheduler.after(failing === 0 ? everyMs : againAfterMs, () => void this.copyNow())
  }

  [Symbol.dispose](): void {
    this.#cancel()
  }
}
