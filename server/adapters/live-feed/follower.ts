import type { Socket } from 'socket.io'
import { liveEvents } from '#domain/live/messages.ts'
import type { At } from '#domain/live/messages.ts'
import type { Clock } from '#domain/time.ts'
import type { WallView } from '#server/core/wall-view.ts'
import { sendSnapshot } from './send-snapshot.ts'

/** A picture of which nothing was taken for so long is given up. ms. */
const untakenMs = 30_000

/** Where everything goes that a view is told. */
export const roomOf = ({ sight }: WallView): string => `wall ${sight.key}`

/**
 * One socket on its way to what its view shows: a snapshot, then numbered updates. They begin when the first part of the snapshot was taken, with those
 * since it was made: before that they would wait behind it, and whoever takes nothing costs no more than that part.
 */
export class Follower {
  readonly #socket: Socket
  readonly #clock: Pick<Clock, 'monotonic'>
  #view: WallView
  #asked = false
  #untakenSince: number | null = null
  #endSnapshot: () => void = () => undefined

  constructor(socket: Socket, view: WallView, clock: Pick<Clock, 'monotonic'>) {
    this.#socket = socket
    this.#view = view
    this.#clock = clock
  }

  get view(): WallView {
    return this.#view
  }

  /** It wants to be told. */
  get isFollowing(): boolean {
    return this.#asked
  }

  get isStuck(): boolean {
    return this.#untakenSince !== null && this.#clock.monotonic() - this.#untakenSince > untakenMs
  }

  /** `at`: what it has already; null: nothing. */
  hello(at: At | null): void {
    this.#asked = true
    if (at === null || !this.#goOn(at)) this.#tellAll()
  }

  /** What it may see is another by now: nothing of the old view reaches it any more, and the new one replaces it at once. */
  look(view: WallView): void {
    if (view === this.#view) return
    void this.#socket.leave(roomOf(this.#view))
    this.#view = view
    this.#endSnapshot()
    if (this.#asked) this.#tellAll()
  }

  /** No part leaves after it. */
  end(): void {
    this.#endSnapshot()
  }

  #tellAll(): void {
    this.#endSnapshot()
    const view = this.#view
    void this.#socket.leave(roomOf(view))
    const at = view.at()
    this.#untakenSince = this.#clock.monotonic()
    this.#endSnapshot = sendSnapshot(this.#socket, view, this.#clock, () => {
      if (this.#untakenSince !== null && !this.#goOn(at)) this.#tellAll()
    })
  }

  /** False: it has missed more than is kept. */
  #goOn(at: At): boolean {
    const missed = this.#view.missed(at)
    if (missed === null) return false
    for (const update of missed) this.#socket.emit(liveEvents.update, update)
    this.#untakenSince = null
    void this.#socket.join(roomOf(this.#view))
    return true
  }
}
