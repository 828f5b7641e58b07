import { z } from 'zod'
import { UserId } from '../ids.ts'
import { DutyPlace } from './duty.ts'
import { LocalTime, TimeZone, Weekday, Weekdays } from './local-time.ts'

/** One shift of every week, by the clock of the team. Until `to` of the same day, or of the next one when that is not later. */
export const RotaEntry = z.strictObject({
  weekdays: Weekdays,
  from: LocalTime,
  to: LocalTime,
  place: DutyPlace,
  userId: UserId,
})
export type RotaEntry = Readonly<z.infer<typeof RotaEntry>>

/** For once somebody else, whatever the week says. Of two that overlap the later one in the list holds. */
export const RotaOverride = z
  .strictObject({
    /** Server time, ms, inclusive. */
    from: z.int(),
    /** Exclusive. */
    to: z.int(),
    place: DutyPlace,
    /** Null: nobody, which is a gap. */
    userId: UserId.nullable(),
  })
  .refine(({ from, to }) => from < to, 'must end after it begins')
export type RotaOverride = Readonly<z.infer<typeof RotaOverride>>

const minutesOfDay = 24 * 60
const minutesOfWeek = 7 * minutesOfDay

const minuteOf = (time: LocalTime): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** Minutes by the clock on the wall; a whole day when both ends are the same. */
const lengthOf = ({ from, to }: RotaEntry): number => {
  const minutes = minuteOf(to) - minuteOf(from)
  return minutes > 0 ? minutes : minutes + minutesOfDay
}

interface Stretch {
  readonly entry: RotaEntry
  readonly start: number
  readonly length: number
}

const stretchesOf = (entry: RotaEntry): readonly Stretch[] =>
  entry.weekdays.map((day) => ({
    entry,
    start: Weekday.options.indexOf(day) * minutesOfDay + minuteOf(entry.from),
    length: lengthOf(entry),
  }))

const touch = (a: Stretch, b: Stretch): boolean => {
  const later = (b.start - a.start + minutesOfWeek) % minutesOfWeek
  return later < a.length || minutesOfWeek - later < b.length
}

/** Two entries that put two people into one place at once; null: there are none. */
export const firstOverlap = (entries: readonly RotaEntry[]): readonly [RotaEntry, RotaEntry] | null => {
  const all = entries.flatMap(stretchesOf)
  for (const [index, a] of all.entries())
    for (const b of all.slice(index + 1)) if (a.entry.place === b.entry.place && touch(a, b)) return [a.entry, b.entry]
  return null
}

const words = ({ place, weekdays, from, to }: RotaEntry): string => `${place} ${weekdays.join(',')} ${from}–${to}`

/** Who is on call in a team, week after week. */
export const Rota = z
  .strictObject({
    /** Of the team: its entries are told by this clock. */
    timeZone: TimeZone,
    entries: z.array(RotaEntry).max(200),
    overrides: z.array(RotaOverride).max(500),
  })
  .superRefine(({ entries }, context) => {
    const found = firstOverlap(entries)
    if (found === null) return
    const [a, b] = found
    context.addIssue({ code: 'custom', path: ['entries'], message: `${words(a)} and ${words(b)} overlap` })
  })
export type Rota = Readonly<z.infer<typeof Rota>>
