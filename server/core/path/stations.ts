import { isOverdue, isUnproven, overdueAfterMs } from '#domain/path/overdue.ts'
import type { PathPolicy } from '#domain/path/overdue.ts'
import type { HubId, UserId } from '#domain/ids.ts'
import type { Canary, CanaryHeard, PathProven, Station } from '#domain/live/messages.ts'
import type { Person } from '#domain/live/views.ts'
import { stationSilentAfterMs } from '#domain/on-call/station.ts'
import type { StationFacts } from '#domain/on-call/station.ts'
import type { Clock, Instant } from '#domain/time.ts'
import type { Log } from '../log.ts'
import type { PathProof, PathProofs } from './path-proofs.ts'

export interface StationsDependencies {
  readonly proofs: Pick<PathProofs, 'personProven'>
  readonly policy: PathPolicy
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Log
}

/** One open page, from its connection to its end. */
export interface StationSeat {
  said(look: Station): void
  /** Null: nobody asked that, or it was answered. */
  heard(answer: CanaryHeard): PathProven | null
  left(): void
}

interface Seat {
  readonly sessionHash: string
  readonly send: (canary: Canary) => void
  look: Station | null
  saidMs: number
  askedMs: number
  /** Test alarms on their way, oldest first. */
  asked: ReadonlyMap<string, number>
}

interface Nurse {
  readonly person: Person
  readonly seats: Set<Seat>
  /** Sessions that had a page here and were not signed out. */
  readonly sessions: Set<string>
  provenMs: number | null
  provenAt: Instant | null
  tookMs: number | null
  /** A page of hers has been open, or should be, since then; null: she signed out. */
  expectedMs: number | null
  storedMs: number
}

export interface PersonPath {
  readonly provenAt: Instant | null
  readonly tookMs: number | null
  readonly overdue: boolean
}

export interface Unheard {
  readonly person: Person
  readonly why: string
}

/** A nurse has a few pages open; a page answers in a second or never. */
const mostAsked = 8
const storeEveryMs = 300_000

/**
 * The open pages of people, and the last part of the path: a test alarm goes to each page and counts as heard when the page's audio clock
 * has played it without a sound. It goes out with every hub's, and by itself, so that silent hubs make no nurse unproven.
 */
export class Stations {
  readonly #deps: StationsDependencies
  readonly #nurses = new Map<UserId, Nurse>()

  constructor(deps: StationsDependencies) {
    this.#deps = deps
  }

  /** Of the last run: what is shown until somebody proves it again. */
  remember(proofs: readonly PathProof<UserId>[]): void {
    const { clock } = this.#deps
    for (const { id, provenAt, tookMs } of proofs) {
      const nurse = this.#nurse({ userId: id, name: id })
      const provenMs = clock.monotonic() - Math.max(0, clock.now() - provenAt)
      Object.assign(nurse, { provenAt, tookMs, provenMs })
    }
  }

  open(person: Person, sessionHash: string, send: (canary: Canary) => void): StationSeat {
    const nowMs = this.#deps.clock.monotonic()
    const known = this.#nurse(person)
    const nurse: Nurse = { ...known, person }
    this.#nurses.set(person.userId, nurse)
    nurse.sessions.add(sessionHash)
    nurse.expectedMs ??= nowMs
    const seat: Seat = { sessionHash, send, look: null, saidMs: nowMs, askedMs: -Infinity, asked: new Map() }
    nurse.seats.add(seat)
    return {
      said: (look) => {
        seat.look = look
        seat.saidMs = this.#deps.clock.monotonic()
        if (seat.askedMs === -Infinity && isAudible(look)) this.#ask(seat, null)
      },
      heard: (answer) => this.#heard(person.userId, seat, answer),
      left: () => void this.#nurse(person).seats.delete(seat),
    }
  }

  /** Signed out, or the session is over: nobody waits for its pages any more. */
  sessionEnded(sessionHash: string): void {
    for (const nurse of this.#nurses.values()) {
      if (!nurse.sessions.delete(sessionHash)) continue
      for (const seat of nurse.seats) if (seat.sessionHash === sessionHash) nurse.seats.delete(seat)
      if (nurse.sessions.size === 0) nurse.expectedMs = null
    }
  }

  /** A test alarm of a hub has come as far as here, and goes on. */
  passOn(hubId: HubId): void {
    this.#askThoseAfter(this.#deps.policy.stationRestMs, hubId)
  }

  /** To be called every few seconds. */
  passTime(): void {
    this.#askThoseAfter(this.#deps.policy.stationEveryMs, null)
  }

  looks(userId: UserId): readonly StationFacts[] {
    const nowMs = this.#deps.clock.monotonic()
    return [...(this.#nurses.get(userId)?.seats ?? [])].map(({ look, saidMs }) => stationFacts(look, nowMs - saidMs))
  }

  path(userId: UserId): PersonPath {
    const nurse = this.#nurses.get(userId)
    const { provenAt = null, tookMs = null } = nurse ?? {}
    return { provenAt, tookMs, overdue: nurse === undefined || this.#is(isUnproven, nurse) }
  }

  /** Whose pages should have heard a test alarm and did not, and what is known of why. */
  unheard(): readonly Unheard[] {
    return [...this.#nurses.values()]
      .filter((nurse) => this.#is(isOverdue, nurse))
      .map(({ person }) => ({ person, why: this.#why(person.userId) }))
  }

  #is(judge: typeof isOverdue, { provenMs, expectedMs }: Nurse): boolean {
    const { clock, policy } = this.#deps
    return judge({ everyMs: policy.stationEveryMs, provenMs, expectedMs }, clock.monotonic(), policy)
  }

  #why(userId: UserId): string {
    const looks = this.looks(userId)
    const speaking = looks.filter(({ silentMs }) => silentMs <= stationSilentAfterMs)
    if (looks.length === 0) return 'no page is connected'
    if (speaking.length === 0) return 'the page is frozen'
    return speaking.some(({ audible }) => audible) ? 'the page does not answer' : 'the sound is off'
  }

  #nurse(person: Person): Nurse {
    const known = this.#nurses.get(person.userId)
    if (known !== undefined) return known
    const times = { provenMs: null, provenAt: null, tookMs: null, expectedMs: null, storedMs: -Infinity }
    const nurse: Nurse = { person, seats: new Set(), sessions: new Set(), ...times }
    this.#nurses.set(person.userId, nurse)
    return nurse
  }

  #askThoseAfter(restMs: number, hubId: HubId | null): void {
    const nowMs = this.#deps.clock.monotonic()
    for (const { seats } of this.#nurses.values())
      for (const seat of seats) if (nowMs - seat.askedMs >= restMs) this.#ask(seat, hubId)
  }

  #ask(seat: Seat, hubId: HubId | null): void {
    const { clock, newId } = this.#deps
    const canaryId = newId()
    seat.askedMs = clock.monotonic()
    seat.asked = new Map([...seat.asked, [canaryId, seat.askedMs] as const].slice(-mostAsked))
    seat.send({ canaryId, hubId })
  }

  #heard(userId: UserId, seat: Seat, { canaryId }: CanaryHeard): PathProven | null {
    const { clock, policy, proofs, log } = this.#deps
    const askedMs = seat.asked.get(canaryId)
    const nurse = this.#nurses.get(userId)
    if (askedMs === undefined || nurse?.seats.has(seat) !== true) return null
    const nowMs = clock.monotonic()
    // Those before it are answered by it, and one heard so late proves nothing of now.
    seat.asked = new Map([...seat.asked].filter(([, sentMs]) => sentMs > askedMs))
    if (nowMs - askedMs > policy.stationEveryMs) return null
    const provenAt = clock.now()
    const tookMs = nowMs - askedMs
    Object.assign(nurse, { provenMs: nowMs, provenAt, tookMs })
    if (nowMs - nurse.storedMs >= storeEveryMs) {
      nurse.storedMs = nowMs
      proofs
        .personProven({ id: userId, provenAt, tookMs })
        .catch((error: unknown) => log.error({ err: error }, 'a proof of the path could not be stored'))
    }
    return { provenAt, overdueAfterMs: overdueAfterMs(policy.stationEveryMs, policy) }
  }
}

const isAudible = ({ audio }: Station): boolean => audio.state === 'running' && audio.advancing

/** A pause ends by itself, also when the page says nothing more. */
const stationFacts = (look: Station | null, silentMs: number): StationFacts => {
  const pause = look?.pause ?? null
  const leftMs = pause === null ? 0 : pause.leftMs - silentMs
  return {
    silentMs,
    visible: look?.visible ?? false,
    audible: look !== null && isAudible(look),
    inputAgeMs: look === null ? Infinity : look.lastInputAgeMs + silentMs,
    pause: pause === null || leftMs <= 0 ? null : { ...pause, leftMs },
    clockErrorMs: look?.clockErrorMs ?? null,
    lookingOnly: look?.duty === 'looking',
  }
}
