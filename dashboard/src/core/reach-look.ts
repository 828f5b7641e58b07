import type { OnCallNow } from '#domain/on-call/api.ts'
import type { Reachability } from '#domain/on-call/reachability.ts'

// Whether each nurse on call could be reached now, in the four things that have to hold (dashboard.md 10, Handover). Pure.

/** `unknown`: nothing says so either way, because what comes before it does not hold. */
export type Holds = 'yes' | 'no' | 'unknown'

export interface ReachLook {
  readonly reach: Reachability['reach']
  /** A page of hers speaks to the server. */
  readonly tab: Holds
  /** Its sound runs, and a test alarm was heard to the end. */
  readonly audio: Holds
  readonly clock: Holds
  /** A device takes pushes, as far as its push service says. */
  readonly push: Holds
  readonly hidden: boolean
  readonly provenAt: number | null
  readonly shiftCheck: { readonly at: number; readonly heard: boolean } | null
}

export const reachLook = ({ reach, reasons, provenAt, shiftCheck }: Reachability): ReachLook => {
  const says = (reason: Reachability['reasons'][number]): boolean => reasons.includes(reason)
  const watched = reach !== 'unknown'
  const tab = !watched ? 'unknown' : says('no-open-screen') || says('screen-silent') ? 'no' : 'yes'
  const audio = tab !== 'yes' ? 'unknown' : says('sound-not-armed') || says('path-unproven') ? 'no' : 'yes'
  const clock = tab !== 'yes' || says('sound-not-armed') ? 'unknown' : says('clock-off') ? 'no' : 'yes'
  return {
    reach,
    tab,
    audio,
    clock,
    push: !watched ? 'unknown' : says('no-address') ? 'no' : 'yes',
    hidden: says('screen-hidden'),
    provenAt: provenAt ?? null,
    shiftCheck: shiftCheck ?? null,
  }
}

/** A rota gap that begins within this time is a bar on every screen, ms. */
export const gapBarAheadMs = 24 * 3_600_000

export interface GapAhead {
  readonly team: string
  readonly from: number
  readonly to: number
  /** Nobody is on call already. */
  readonly now: boolean
}

/** The next gap of each team within 24 h, the earliest first. `now`: server time, ms. */
export const gapsAhead = (told: OnCallNow | null, now: number | null): readonly GapAhead[] => {
  if (told === null || now === null) return []
  const next = told.teams.flatMap(({ name, gaps }) => {
    const gap = gaps.find(({ from, to }) => to > now && from < now + gapBarAheadMs)
    return gap === undefined ? [] : [{ team: name, from: gap.from, to: gap.to, now: gap.from <= now }]
  })
  return next.toSorted((a, b) => a.from - b.from)
}
