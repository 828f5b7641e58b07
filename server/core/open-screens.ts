import type { Clock } from '#domain/time.ts'

/** Ten tabs of a nurse, twice: a line that comes and goes leaves the old ones behind for some seconds. */
export const screensPerSession = 20

/** An open screen answers a ping every 10 s. One that was not heard for longer may be gone, or reads nothing. */
const quietMs = 12_000
/** Beside them so many are let in for a moment, to be told why they may not stay. */
const toldAtOnce = 4

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
 * Bounds the screens of each session. The oldest stay and a new one is refused, but for one that has fallen silent: it makes room, so that neither
 * what a lost line left behind nor sockets that read nothing keep somebody from her wall.
 */
export class OpenScreens {
  readonly #most: number
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #open = new Map<string, Set<Place>>()
  readonly #told = new Map<string, number>()

  constructor(most: number, clock: Pick<Clock, 'monotonic'>) {
    this.#most = most
    this.#clock = clock
  }

  /** Sessions with a screen. */
  get sessions(): number {
    return this.#open.size
  }

  /** `end` is called when it has to make room. Null: refused without a word, because enough are being told already. */
  come(session: string, end: () => void): Screen | null {
    const places = this.#open.get(session) ?? new Set<Place>()
    if (places.size >= this.#most && !this.#makesRoom(places)) return this.#tell(session)
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

  #makesRoom(places: Set<Place>): boolean {
    const [first, ...others] = places
    if (first === undefined) return false
    const quietest = others.reduce((one, other) => (other.heardAt < one.heardAt ? other : one), first)
    if (this.#clock.monotonic() - quietest.heardAt <= quietMs) return false
    places.delete(quietest)
    quietest.end()
    return true
  }

  #tell(session: string): Screen | null {
    const told = this.#told.get(session) ?? 0
    if (told >= toldAtOnce) return null
    this.#told.set(session, told + 1)
    let isHere = true
    return {
      isOver: true,
      heard: () => undefined,
      left: () => {
        if (!isHere) return
        isHere = false
        const left = (this.#told.get(session) ?? 1) - 1
        if (left === 0) this.#told.delete(session)
        else this.#told.set(session, left)
      },
    }
  }
}
