import { instant, type Clock, type Instant } from './time.ts'

/** Nobody looked at the clock for this long, ms: the process itself stood still. Whoever judges silence looks once a second or more. */
const stallMs = 3_000
/** How long the others may need to find us again, ms: they have given up on us, and their attempts have grown rare. */
const graceMs = 10_000
/** A stall within this time of the last pardoned one is not pardoned, ms: constant stalls must not make silence look like OK. */
const pardonEveryMs = 60_000

/** A stall that is not counted, ms since the epoch by the wall clock of its end; `until`: the end of the grace after it. */
export interface Pardon {
  readonly from: Instant
  readonly until: Instant
  /** The stall and its grace, ms: by so much later silence may be found. */
  readonly ms: number
}

/**
 * Monotonic time in which this process could listen, for judging silence: a stall of our own (stopped, starved, suspended) and a
 * grace after it do not count, or everybody would be taken for silent because we were deaf. Elsewhere it is `clock`. `pardoned` is told
 * of each such stall, because it delays what is found.
 */
export const listeningClock = (clock: Clock, pardoned: (pardon: Pardon) => void = () => {}): Clock => {
  let lookedAt = clock.monotonic()
  let deafMs = 0
  let standsUntil = -Infinity
  let pardonedUntil = -Infinity
  const monotonic = (): number => {
    const now = clock.monotonic()
    const gapMs = now - lookedAt
    if (lookedAt < standsUntil) deafMs += Math.min(now, standsUntil) - lookedAt
    else if (gapMs >= stallMs && now >= pardonedUntil) {
      deafMs += gapMs
      standsUntil = now + graceMs
      pardonedUntil = now + pardonEveryMs
      const wallAt = clock.now()
      pardoned({ from: instant(wallAt - gapMs), until: instant(wallAt + graceMs), ms: gapMs + graceMs })
    }
    lookedAt = now
    return now - deafMs
  }
  return { now: () => clock.now(), monotonic }
}
