import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plannedRuns } from '#domain/assignment/planned-runs.ts'
import { UserId } from '#domain/ids.ts'
import { coverage, dutyAt, gaps, nextChange } from '#domain/on-call/coverage.ts'
import { Weekday } from '#domain/on-call/local-time.ts'
import { Rota } from '#domain/on-call/rota.ts'
import type { RotaEntry } from '#domain/on-call/rota.ts'

const user = (name: string): UserId => UserId.parse(name)
const day = user('day')
const night = user('night')
const everyDay = [...Weekday.options]
const minute = 60_000
const hour = 60 * minute

const entry = (from: string, to: string, userId: UserId, changes: Partial<RotaEntry> = {}): RotaEntry => ({
  weekdays: everyDay,
  from,
  to,
  place: 'primary',
  userId,
  ...changes,
})
const rota = (timeZone: string, entries: readonly RotaEntry[]): Rota => Rota.parse({ timeZone, entries, overrides: [] })
const utc = (text: string): number => Date.parse(`${text}Z`)
const hoursOf = (stretches: readonly { from: number; to: number; userId: UserId | null }[]) =>
  stretches.map(({ from, to, userId }) => [new Date(from).toISOString().slice(0, 16), (to - from) / hour, userId])

describe('a night shift over a change of the clocks', () => {
  it.each([
    // [zone, an afternoon before, start of the night, its hours]
    ['Europe/Berlin, to summer', 'Europe/Berlin', '2026-03-28T12:00', '2026-03-28T20:00', 9],
    ['Europe/Berlin, to winter', 'Europe/Berlin', '2026-10-24T12:00', '2026-10-24T19:00', 11],
    ['America/New_York, to summer', 'America/New_York', '2026-03-07T18:00', '2026-03-08T02:00', 9],
    ['America/New_York, to winter', 'America/New_York', '2026-10-31T18:00', '2026-11-01T01:00', 11],
  ])('%s', (_, zone, from, nightStart, hours) => {
    const nights = rota(zone, [entry('07:00', '21:00', day), entry('21:00', '07:00', night)])
    const [, shift, next] = coverage(nights, 'primary', utc(from), utc(from) + 36 * hour)
    expect(hoursOf(shift === undefined ? [] : [shift])).toEqual([[nightStart, hours, night]])
    expect(next?.userId).toBe(day)
    expect(gaps(nights, utc(from), utc(from) + 36 * hour)).toEqual([])
  })

  it('one that starts in the skipped hour starts at the jump: the clock shows 03:00, later than 02:30', () => {
    const split = rota('Europe/Berlin', [entry('14:00', '02:30', day), entry('02:30', '14:00', night)])
    expect(dutyAt(split, utc('2026-03-29T00:59:59')).primary).toBe(day)
    expect(dutyAt(split, utc('2026-03-29T01:00')).primary).toBe(night)
    expect(hoursOf(coverage(split, 'primary', utc('2026-03-28T13:00'), utc('2026-03-29T12:00')))).toEqual([
      ['2026-03-28T13:00', 12, day],
      ['2026-03-29T01:00', 11, night],
    ])
  })

  it('one that starts in the repeated hour starts the first time: nobody hands back', () => {
    const split = rota('Europe/Berlin', [entry('14:00', '02:30', day), entry('02:30', '14:00', night)])
    expect(hoursOf(coverage(split, 'primary', utc('2026-10-24T12:00'), utc('2026-10-25T13:00')))).toEqual([
      ['2026-10-24T12:00', 12.5, day],
      ['2026-10-25T00:30', 12.5, night],
    ])
    expect(dutyAt(split, utc('2026-10-25T01:15')).primary).toBe(night)
  })

  it('one that lies in the skipped hour as a whole does not take place', () => {
    const short = rota('Europe/Berlin', [entry('02:15', '02:45', night)])
    expect(gaps(short, utc('2026-03-28T12:00'), utc('2026-03-29T12:00'))).toHaveLength(1)
  })

  it('half an hour, as on Lord Howe Island, is told as well', () => {
    const split = rota('Australia/Lord_Howe', [entry('14:00', '02:15', day), entry('02:15', '14:00', night)])
    // 2026-10-04 02:00 +10:30 becomes 02:30 +11:00, that is 15:30 UTC of the day before
    expect(dutyAt(split, utc('2026-10-03T15:29:59')).primary).toBe(day)
    expect(dutyAt(split, utc('2026-10-03T15:30')).primary).toBe(night)
  })
})

/**
 * The clock on the wall that never goes back, every 15 minutes of three days: minutes since 1970 as it shows them, at its
 * highest so far.
 */
const clockOn = (zone: string, start: number): readonly number[] => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  let highest = Number.NEGATIVE_INFINITY
  return Array.from({ length: 72 * 4 }, (_, quarters) => {
    const parts = format.formatToParts(start + quarters * 15 * minute)
    const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]))
    const shown = Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'], part['hour'], part['minute'])
    highest = Math.max(highest, shown / minute)
    return highest
  })
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
const weekdayAt = (index: number): Weekday => Weekday.options[(index + 7) % 7] ?? 'mon'

/** Who is on call by the clock alone: a second way to the answer, without a calendar. */
const byTheClock = (entries: readonly RotaEntry[], clockMinutes: number): UserId | null => {
  const minuteOfDay = clockMinutes % 1440
  const dayIndex = (Math.floor(clockMinutes / 1440) + 3) % 7
  const found = entries.find(({ weekdays, from, to }) => {
    const overnight = minutesOf(to) <= minutesOf(from)
    const today =
      weekdays.includes(weekdayAt(dayIndex)) &&
      minuteOfDay >= minutesOf(from) &&
      (overnight || minuteOfDay < minutesOf(to))
    return today || (overnight && weekdays.includes(weekdayAt(dayIndex - 1)) && minuteOfDay < minutesOf(to))
  })
  return found?.userId ?? null
}

const quarter = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30', '45'))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${m}`)
const weekdays = fc.uniqueArray(fc.constantFrom(...Weekday.options), { minLength: 1 })
const entries = fc.array(
  fc.record({
    weekdays,
    from: quarter,
    to: quarter,
    place: fc.constant('primary' as const),
    userId: fc.constantFrom('a', 'b', 'c').map(user),
  }),
  { minLength: 1, maxLength: 5 },
)
const changes = (
  [
    ['Europe/Berlin', utc('2026-03-29T00:00')],
    ['Europe/Berlin', utc('2026-10-25T00:00')],
    ['America/New_York', utc('2026-03-08T06:00')],
    ['America/New_York', utc('2026-11-01T05:00')],
    ['Australia/Lord_Howe', utc('2026-04-04T14:00')],
    ['Africa/Cairo', utc('2026-04-23T21:00')],
    ['Asia/Kolkata', utc('2026-06-01T00:00')],
  ] as const
).map(([zone, middle]) => ({ zone, from: middle - 36 * hour, clock: clockOn(zone, middle - 36 * hour) }))

describe('a rota of any shape', () => {
  it('covers every instant by exactly the shift that the local clock says', () => {
    fc.assert(
      fc.property(entries, fc.constantFrom(...changes), (list, { zone, from, clock }) => {
        const parsed = Rota.safeParse({ timeZone: zone, entries: list, overrides: [] })
        fc.pre(parsed.success)
        const stretches = coverage(parsed.data, 'primary', from, from + 72 * hour)
        for (const [index, { to }] of stretches.entries()) expect(stretches[index + 1]?.from ?? to).toBe(to)
        const holders = clock.map((_, quarters) => {
          const at = from + quarters * 15 * minute
          return stretches.filter((one) => one.from <= at && at < one.to).map(({ userId }) => userId)
        })
        expect(holders).toEqual(clock.map((shown) => [byTheClock(list, shown)]))
      }),
      { numRuns: 150 },
    )
  })

  it('says the same at one moment as over a time', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 0, max: 72 * 60 }), (list, minutes) => {
        const parsed = Rota.safeParse({ timeZone: 'Europe/Berlin', entries: list, overrides: [] })
        fc.pre(parsed.success)
        const from = utc('2026-10-24T00:00')
        const at = from + minutes * minute
        const shift = coverage(parsed.data, 'primary', from, from + 73 * hour).find((s) => s.from <= at && at < s.to)
        expect(dutyAt(parsed.data, at).primary).toBe(shift?.userId)
      }),
      { numRuns: 100 },
    )
  })
})

const parse = (list: readonly RotaEntry[]) => Rota.safeParse({ timeZone: 'UTC', entries: list, overrides: [] })

describe('a rota', () => {
  it.each([
    ['two that touch', [entry('07:00', '19:00', day), entry('19:00', '07:00', night)], true],
    ['an hour of both', [entry('07:00', '20:00', day), entry('19:00', '07:00', night)], false],
    [
      'a night into the next morning',
      [entry('22:00', '08:00', night, { weekdays: ['sun'] }), entry('07:00', '19:00', day, { weekdays: ['mon'] })],
      false,
    ],
    [
      'a whole day and the next',
      [entry('08:00', '08:00', day, { weekdays: ['mon'] }), entry('08:00', '08:00', night, { weekdays: ['tue'] })],
      true,
    ],
    [
      'the same hours at two places',
      [entry('07:00', '19:00', day), entry('07:00', '19:00', night, { place: 'backup' })],
      true,
    ],
    ['the same entry twice', [entry('07:00', '19:00', day), entry('07:00', '19:00', day)], false],
  ] as const)('holds each place once: %s', (_, list, good) => {
    expect(parse(list).success).toBe(good)
  })

  it('yields to an override, of two that overlap to the later one, and to nobody where one says so', () => {
    const at = utc('2026-06-01T00:00')
    const sick = { from: at + 8 * hour, to: at + 12 * hour, place: 'primary' as const }
    const changed = {
      ...rota('UTC', [entry('00:00', '00:00', day)]),
      overrides: [
        { ...sick, userId: night },
        { ...sick, from: at + 10 * hour, userId: null },
      ],
    }
    expect(hoursOf(coverage(changed, 'primary', at, at + 24 * hour))).toEqual([
      ['2026-06-01T00:00', 8, day],
      ['2026-06-01T08:00', 2, night],
      ['2026-06-01T10:00', 2, null],
      ['2026-06-01T12:00', 12, day],
    ])
    expect(nextChange(changed, at, at + 24 * hour)).toBe(at + 8 * hour)
    expect(nextChange(changed, at + 12 * hour, at + 24 * hour)).toBeNull()
  })

  it('has a gap where the one on call cannot be: an account that is disabled', () => {
    const at = utc('2026-06-01T00:00')
    const nights = rota('UTC', [entry('08:00', '20:00', day), entry('20:00', '08:00', night)])
    expect(hoursOf(gaps(nights, at, at + 24 * hour, 'primary', (userId) => userId !== night))).toEqual([
      ['2026-06-01T00:00', 8, null],
      ['2026-06-01T20:00', 4, null],
    ])
    expect(dutyAt(nights, at)).toEqual({ primary: night, backup: null, lead: null })
  })
})

const runs = (zone: string, from: string): readonly string[] =>
  plannedRuns(
    { starts: [{ weekdays: ['sat', 'sun'], at: '02:30', durationMinutes: 60, volumeMl: 100, rateMlPerHour: null }] },
    zone,
    utc(from),
    utc(from) + 48 * hour,
  ).map(({ startsAt }) => new Date(startsAt).toISOString().slice(0, 16))

describe('planned deliveries', () => {
  it('start by the clock of the home, once, also in the hour that is skipped or repeated', () => {
    expect(runs('Europe/Berlin', '2026-03-28T00:00')).toEqual(['2026-03-28T01:30', '2026-03-29T01:00'])
    expect(runs('Europe/Berlin', '2026-10-24T00:00')).toEqual(['2026-10-24T00:30', '2026-10-25T00:30'])
    expect(runs('America/New_York', '2026-11-01T00:00')).toEqual(['2026-11-01T07:30'])
  })
})
