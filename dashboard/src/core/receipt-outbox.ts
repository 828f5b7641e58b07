import type { EpisodeId } from '#domain/ids.ts'
import { noticedAtOnce } from '#domain/live/messages.ts'
import type { PageNotice } from '#domain/live/messages.ts'
import type { ReceiptKind } from './alarm-receipts.ts'

/** More than are open in any storm; the oldest make room. */
const mostWaiting = 10_000

export interface Parcel {
  readonly kind: ReceiptKind
  readonly episodeIds: readonly EpisodeId[]
}

/** Receipts until the server has them: one message of each kind on its way, sent again until it is acknowledged. */
export class ReceiptOutbox {
  readonly #station: string
  #waiting: Readonly<Record<ReceiptKind, readonly EpisodeId[]>> = { audible: [], viewed: [] }
  readonly #onTheWay = new Set<ReceiptKind>()

  /** `station`: the same as long as the page is open. */
  constructor(station: string) {
    this.#station = station
  }

  add({ kind, episodeIds }: Parcel): void {
    const all = [...this.#waiting[kind], ...episodeIds].slice(-mostWaiting)
    this.#waiting = { ...this.#waiting, [kind]: all }
  }

  /** Null: nothing waits, or one is on its way. */
  next(kind: ReceiptKind): PageNotice | null {
    const [first, ...more] = this.#waiting[kind]
    if (first === undefined || this.#onTheWay.has(kind)) return null
    this.#onTheWay.add(kind)
    return { kind, about: { episodeIds: [first, ...more.slice(0, noticedAtOnce - 1)] }, station: this.#station }
  }

  acknowledged({ kind, about }: PageNotice): void {
    this.#onTheWay.delete(kind)
    const done = new Set<string>('episodeIds' in about ? about.episodeIds : [])
    this.#waiting = { ...this.#waiting, [kind]: this.#waiting[kind].filter((id) => !done.has(id)) }
  }

  /** No answer in time, or the connection is gone. */
  unanswered({ kind }: PageNotice): void {
    this.#onTheWay.delete(kind)
  }

  /** The session is over: what was said of its person is nobody else's. */
  clear(): void {
    this.#waiting = { audible: [], viewed: [] }
    this.#onTheWay.clear()
  }
}
