import type { LogEntry } from './event.ts'
import { closesBlock, isErased, opensBlock } from './event.ts'

// Between an opening and a closing entry lie 2 (newer) or 16 (older) raw records that are no events, whatever their first byte looks
// like (zyno-miva.md 3). Nothing here interprets one.

const shortSpan = 3
const longSpan = 17

export interface ReadForward {
  /** Oldest first. */
  readonly events: readonly LogEntry[]
  /** How many of the entries are done with; the rest is a block whose end is not written yet. */
  readonly consumed: number
  /** A block does not end where it must. */
  readonly broken: boolean
}

/** `entries`: what follows the last entry that is done with, in order and without a hole. */
export const readForward = (entries: readonly LogEntry[]): ReadForward => {
  const events: LogEntry[] = []
  let at = 0
  for (let entry = entries[at]; entry !== undefined; entry = entries[at]) {
    if (closesBlock(entry)) return { events, consumed: at, broken: true }
    if (opensBlock(entry)) {
      const span = spanOf(entries, at, 1)
      if (span === null) return { events, consumed: at, broken: at + longSpan < entries.length }
      at += span + 1
    } else {
      if (!isErased(entry)) events.push(entry)
      at += 1
    }
  }
  return { events, consumed: at, broken: false }
}

export interface ReadBack {
  /** Newest first. */
  readonly events: readonly LogEntry[]
  /** How many of the newest entries belong to a block whose end is not written yet. */
  readonly open: number
  /** `enough`: every entry is accounted for; `more`: the last block began before; `broken`: what is older cannot be told apart. */
  readonly end: 'enough' | 'more' | 'broken'
}

/** `entries`: newest first, from the head of the log back, without a hole. */
export const readBack = (entries: readonly LogEntry[]): ReadBack => {
  let events: LogEntry[] = []
  let open = 0
  /** Events before an end without a beginning: it is a raw record if a block is still open, and else the log is broken there. */
  let stray: readonly LogEntry[] | null = null
  let at = 0
  for (let entry = entries[at]; entry !== undefined; entry = entries[at]) {
    if (stray !== null && at >= longestOpenBlock) return { events: stray, open, end: 'broken' }
    if (closesBlock(entry)) {
      const span = spanOf(entries, at, -1)
      if (span === null && at + longSpan >= entries.length) return { events, open, end: 'more' }
      if (span === null && at >= longestOpenBlock) return { events, open, end: 'broken' }
      if (span === null) stray ??= [...events]
      at += (span ?? 0) + 1
    } else if (opensBlock(entry)) {
      if (at >= longestOpenBlock) return { events, open, end: 'broken' }
      events = []
      stray = null
      at += 1
      open = at
    } else {
      if (!isErased(entry)) events.push(entry)
      at += 1
    }
  }
  return { events, open, end: stray === null ? 'enough' : 'more' }
}

/** Steps from one end of a block to the other, or null. Forward from its opening, or back from its closing entry. */
const spanOf = (entries: readonly LogEntry[], at: number, direction: 1 | -1): number | null => {
  const other = direction === 1 ? closesBlock : opensBlock
  for (const span of [shortSpan, longSpan]) {
    const entry = entries[at + span]
    if (entry !== undefined && other(entry)) return span
  }
  return null
}

/** So many entries from the head back may belong to a block whose end is not written yet. */
export const longestOpenBlock = longSpan
