import type { Clock } from '#domain/time.ts'
import { TokenBuckets } from './pressure/token-buckets.ts'

/** Ten tabs of a nurse, twice: a line that comes and goes leaves the old ones behind for some seconds. */
export const screensPerSession = 20

/** An open screen answers a ping every 10 s. One that was not heard for longer may be gone, or reads nothing. */
const quietMs = 12_000
/** Of those that are too many so many are let in for a moment, to be told why they may not stay. */
const told = { burst: 4, perSecond: 0.5 }

/** Opened and closed again and again: each costs as much as a hundred alarms. Ten tabs whose line is lost every few seconds stay below. */
const opened = { burst: 60, perSecond: 4 }

/** One socket from its handshake on. */
export interface Screen {
  /** It is one too many: it is told so and ended. */
  readonly isOver: boolean
  /** Something came from it. */
  heard(): void
  /** It is closed. */
  left(): void
}

interface Place {
  heardAt: number
  readonly end: () => void
}

/**
 * Bounds the screens of each session, and how often it opens one. The oldest stay and a new one is refused, but for one that has fallen silent: it makes room, so that neither
 * what a lost line left behind nor sockets that read nothing keep somebody from her wall.
 */
export class OpenScreens {
  readonly #most: number
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #open = new Map<string, Set<Place>>()
  readonly #told = new TokenBuckets(told)
  readonly #opened = new TokenBuckets(opened)

  constructor(most: number, clock: Pick<Clock, 'monotonic'>) {
    this.#most = most
    this.#clock = clock
  }

  /** Sessions with a screen. */
  get sessions(): number {
    return this.#open.size
  }

  /** Whoever comes now would be refused without a word. Before anything is asked of a database: whoever comes again and again should cost little. */
  isShut(session: string): boolean {
    const places = this.#open.get(session)
    const now = this.#clock.monotonic()
    if (!this.#opened.has(session, now)) return true
    if (places === undefined || places.size < this.#most || this.#quietest(places) !== null) return false
    return !this.#told.has(session, now)
  }

  /** `end` is called when it has to make room. Null: refused without a word. */
  come(session: string, end: () => void): Screen | null {
    const places = this.#open.get(session) ?? new Set<Place>()
    if (places.size >= this.#most && !this.#makesRoom(places))
      return this.#told.take(session, this.#clock.monotonic()) ? oneTooMany : null
    this.#opened.take(session, this.#clock.monotonic())
    const place = { heardAt: this.#clock.monotonic(), end }
    places.add(place)
    this.#open.set(session, places)
    return {
      isOver: false,
      heard: () => void (place.heardAt = this.#clock.monotonic()),
      left: () => {
        places.delete(place)
        if (places.size === 0 && this.#open.get(session) === places) this.#open.delete(session)
      },
    }
  }

  #quietest(places: ReadonlySet<Place>): Place | null {
    const [first, ...others] = places
    if (first === undefined) return null
    const quietest = others.reduce((one, other) => (other.heardAt < one.heardAt ? other : one), first)
    return this.#clock.monotonic() - quietest.heardAt > quietMs ? quietest : null
  }

  #makesRoom(places: Set<Place>): boolean {
    const quietest = this.#quietest(places)
    if (quietest === null) return false
    places.delete(quietest)
    quietest.end()
    return true
  }
}

const oneTooMany: Screen = { isOver: true, heard: () => undefined, left: () => undefined }
