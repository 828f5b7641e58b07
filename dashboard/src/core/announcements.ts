// What a screen reader is told, and how often: two live regions that must not flood.

export interface Announcement {
  readonly urgency: 'assertive' | 'polite'
  readonly text: string
}

const pauseMs: Readonly<Record<Announcement['urgency'], number>> = { assertive: 3_000, polite: 5_000 }

/** Collects what happened and gives out one text per region and pause; several of one kind become one sentence. */
export class AnnouncementQueue {
  readonly #join: (texts: readonly string[]) => string
  #waiting: readonly Announcement[] = []
  #spokenAt: Record<Announcement['urgency'], number> = {
    assertive: Number.NEGATIVE_INFINITY,
    polite: Number.NEGATIVE_INFINITY,
  }

  constructor(join: (texts: readonly string[]) => string) {
    this.#join = join
  }

  add(announcement: Announcement): void {
    this.#waiting = [...this.#waiting, announcement]
  }

  /** What to say now, if the pause since the last text of that region is over. `nowMs` is monotonic. */
  take(urgency: Announcement['urgency'], nowMs: number): string | null {
    const texts = this.#waiting.filter((waiting) => waiting.urgency === urgency).map((waiting) => waiting.text)
    if (texts.length === 0 || nowMs - this.#spokenAt[urgency] < pauseMs[urgency]) return null
    this.#waiting = this.#waiting.filter((waiting) => waiting.urgency !== urgency)
    this.#spokenAt[urgency] = nowMs
    return this.#join(texts)
  }

  /** What was taken stands in its region only now: on a busy page later than it was taken, and the pause begins with it. */
  shown(urgency: Announcement['urgency'], nowMs: number): void {
    this.#spokenAt[urgency] = nowMs
  }
}
