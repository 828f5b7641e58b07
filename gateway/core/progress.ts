/** A part of the hub that must not stand still unnoticed. */
export interface WatchedPart {
  readonly name: string
  /** Changes whenever the part gets on: a count of its turns, answers, settled rows. */
  readonly turns: () => number
  /** It has nothing to do, or waits on purpose for somebody outside: a missing server or pump is no lack of progress. */
  readonly idle?: () => boolean
  /** Standing still for longer, monotonic ms, is being stuck. */
  readonly limitMs: number
}

export interface StuckPart {
  readonly name: string
  readonly stillMs: number
}

interface Seen {
  turns: number
  movedMs: number
}

/** Judges by what gets done, not by what is alive: a deadlocked part answers no question and ends no process. */
export class Progress {
  readonly #parts: readonly WatchedPart[]
  readonly #seen = new Map<WatchedPart, Seen>()

  constructor(parts: readonly WatchedPart[]) {
    this.#parts = parts
  }

  /** Parts that have stood still beyond their limit. To be asked several times within the shortest limit. */
  look(nowMs: number): readonly StuckPart[] {
    return this.#parts.flatMap((part) => {
      const stillMs = nowMs - this.#movedMs(part, nowMs)
      return stillMs > part.limitMs ? [{ name: part.name, stillMs }] : []
    })
  }

  /** The whole process stood still: that says nothing about any one part. */
  forgive(nowMs: number): void {
    for (const seen of this.#seen.values()) seen.movedMs = nowMs
  }

  #movedMs(part: WatchedPart, nowMs: number): number {
    const turns = part.turns()
    const seen = this.#seen.get(part)
    if (seen === undefined) {
      this.#seen.set(part, { turns, movedMs: nowMs })
      return nowMs
    }
    if (turns !== seen.turns || part.idle?.() === true) {
      seen.turns = turns
      seen.movedMs = nowMs
    }
    return seen.movedMs
  }
}
