// How one hub was heard over the last day, five minutes at a time. Pure; times are server time, ms.

export const slotMs = 300_000
export const slotsOfDay = 288
/** A hub beats every 10 s; a longer hole within a slot makes it partly silent, ms. */
const holeMs = 30_000

/**
 * `.` not known: the server did not run, or the hub was not expected yet; `h` heard throughout; `p` with holes; `s` silent. A capital
 * says that the hub restarted in this time.
 */
export type Slot = '.' | 'h' | 'H' | 'p' | 'P' | 's'

export interface HubDay {
  /** Closed slots, at most 288, oldest first; the last one is `lastSlot`. */
  readonly slots: string
  /** Its number since the epoch; null: none is closed yet. */
  readonly lastSlot: number | null
  readonly open: OpenSlot
}

interface OpenSlot {
  readonly slot: number
  /** From when on this slot was watched. */
  readonly from: number
  readonly heardAt: number | null
  readonly hasHole: boolean
  readonly restarted: boolean
}

export const slotAt = (ms: number): number => Math.floor(ms / slotMs)

const opened = (slot: number, from: number, heardAt: number | null): OpenSlot => ({
  slot,
  from,
  heardAt,
  hasHole: false,
  restarted: false,
})

/** A hub that is expected from now on, with what was kept of it. */
export const beginDay = (now: number, kept: Pick<HubDay, 'slots' | 'lastSlot'> | null = null): HubDay => ({
  slots: kept?.slots ?? '',
  lastSlot: kept?.lastSlot ?? null,
  open: opened(slotAt(now), now, null),
})

/** `restarted`: the first heartbeat of a boot. */
export const hearBeat = (day: HubDay, at: number, restarted: boolean): HubDay => {
  const now = passSlots(day, at)
  const { open } = now
  // The clock was set back: what is closed stays closed.
  if (slotAt(at) < open.slot) return day
  const last = open.heardAt ?? open.from
  return {
    ...now,
    open: {
      ...open,
      heardAt: Math.max(at, open.heardAt ?? at),
      hasHole: open.hasHole || at - last > holeMs,
      restarted: open.restarted || restarted,
    },
  }
}

const closed = ({ slot, from, heardAt, hasHole, restarted }: OpenSlot): Slot => {
  const end = (slot + 1) * slotMs
  const heardHere = heardAt !== null && heardAt >= slot * slotMs
  // Watched for too short a time to say that it was silent.
  if (!heardHere) return end - from > holeMs ? 's' : '.'
  const hole = hasHole || end - heardAt > holeMs
  if (restarted) return hole ? 'P' : 'H'
  return hole ? 'p' : 'h'
}

/** Closes what is over by `now`. Slots in which nothing ran are not known. */
export const passSlots = (day: HubDay, now: number): HubDay => {
  const current = slotAt(now)
  const { open } = day
  if (current <= open.slot) return day
  const before =
    day.lastSlot === null ? '' : '.'.repeat(Math.min(slotsOfDay, Math.max(0, open.slot - day.lastSlot - 1)))
  const after = '.'.repeat(Math.min(slotsOfDay, current - open.slot - 1))
  return {
    slots: (day.slots + before + closed(open) + after).slice(-slotsOfDay),
    lastSlot: current - 1,
    open: opened(current, current * slotMs, current === open.slot + 1 ? open.heardAt : null),
  }
}
