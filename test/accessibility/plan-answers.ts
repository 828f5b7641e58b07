import type { AdherenceRow, JudgedRunView, PumpAdherence, TeamAdherence } from '#domain/live/adherence.ts'
import type { Supply, SupplyRow } from '#domain/live/supply.ts'
import type { PumpView } from '#domain/live/views.ts'
import { defaultTeam, TeamId } from '#domain/on-call/duty.ts'
import type { Picture } from '#test/support/fake-live-server.ts'
import { longDrug } from './pictures.ts'

// What the server says on request to the plan, with every kind of line there is.

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const teams = [
  { teamId: defaultTeam, name: 'Everybody' },
  { teamId: TeamId.parse('north'), name: 'North' },
]
const nothing = { group: 'runs-out', channelId: null, therapy: null, timeZone: null, stale: false } as const

const supplyRow = (pump: PumpView, now: number, changes: Partial<SupplyRow>): SupplyRow => ({
  ...nothing,
  pump: { pumpId: pump.pumpId, label: pump.label, simulated: pump.simulated },
  state: 'infusing',
  drugLabel: 'saline 0.9 %',
  heardAt: now - 4_000,
  end: { how: 'nothing-runs' },
  leftMl: null,
  rateMlPerHour: 50,
  battery: { how: 'mains' },
  runsOut: null,
  nextBag: null,
  run: null,
  ...changes,
})

const ends = (now: number, hours: number): Pick<SupplyRow, 'end' | 'runsOut'> => {
  const likely = now + hours * hourMs
  const spread = hours * 0.05 * hourMs + minuteMs
  const end = { how: 'at', earliest: likely - spread, likely, latest: likely + spread, by: 'pump' } as const
  return { end, runsOut: { at: likely, what: 'program' } }
}

const supplyLines = (now: number): readonly Partial<SupplyRow>[] => [
  {
    ...ends(now, 3.2),
    battery: { how: 'until', at: now + 0.7 * hourMs },
    runsOut: { at: now + 0.7 * hourMs, what: 'battery' },
    nextBag: { at: now + 3.2 * hourMs, why: 'plan-goes-on' },
    run: { startsAt: now - 4 * hourMs, endsAt: now + 6 * hourMs },
    drugLabel: longDrug,
  },
  {
    ...ends(now, 1.4),
    stale: true,
    heardAt: now - 9 * minuteMs,
    end: { how: 'at', earliest: null, likely: now + 1.4 * hourMs, latest: null, by: 'pump' },
    battery: { how: 'not-told' },
  },
  { ...ends(now, 2.6), nextBag: { at: now + 8 * hourMs, why: 'next-start' }, timeZone: 'Europe/Lisbon' },
  {
    ...ends(now, 5.5),
    end: { how: 'at', earliest: null, likely: now + 5.5 * hourMs, latest: now + 6 * hourMs, by: 'pump' },
    battery: { how: 'percent', percent: 64 },
  },
  {
    ...ends(now, 19),
    end: {
      how: 'at',
      earliest: now + 18 * hourMs,
      likely: now + 19 * hourMs,
      latest: now + 20 * hourMs,
      by: 'volume-and-rate',
    },
  },
  { group: 'stands', state: 'paused', end: { how: 'stands', leftSeconds: 2_280 }, leftMl: 38 },
  { group: 'stands', state: 'stopped-alarm', end: { how: 'stands', leftSeconds: null } },
  { group: 'not-known', state: 'unknown', heardAt: null, stale: true, end: { how: 'not-told', why: 'not-heard' } },
  {
    group: 'not-known',
    end: { how: 'not-told', why: 'rate-changes' },
    battery: { how: 'until', at: now + 5 * hourMs },
  },
  { group: 'not-known', state: 'kvo', end: { how: 'keeps-open' } },
  {
    group: 'next-start',
    state: 'standby',
    nextBag: { at: now + 2 * hourMs, why: 'next-start' },
    timeZone: 'Europe/Lisbon',
  },
  { group: 'next-start', state: 'off', nextBag: { at: now + 30 * hourMs, why: 'next-start' } },
]

export const supplyOf = ({ pumps }: Picture, now: number): Supply => {
  const rows =
    pumps.length === 0
      ? []
      : supplyLines(now).flatMap((changes, at) => {
          const pump = pumps[at % pumps.length]
          return pump === undefined ? [] : [supplyRow(pump, now, changes)]
        })
  const count = (group: SupplyRow['group']): number => rows.filter((row) => row.group === group).length
  return {
    rows,
    offset: 0,
    counts: {
      'runs-out': count('runs-out'),
      stands: count('stands'),
      'not-known': count('not-known'),
      'next-start': count('next-start'),
    },
    idle: pumps.length === 0 ? 0 : 3,
    teams,
    serverTime: now,
  }
}

const daysOf = (now: number): PumpAdherence['days'] => {
  const today = now - (now % dayMs)
  return Array.from({ length: 7 }, (_, at) => {
    const from = today - (6 - at) * dayMs
    return { date: new Date(from).toISOString().slice(0, 10), from, to: from + dayMs }
  })
}

type Changes = Partial<Omit<JudgedRunView, 'startsAt' | 'endsAt' | 'day'>>

const told = (ms: number, late = 0) => ({ how: 'at', notBefore: ms + late - 10_000, notAfter: ms + late }) as const

/** One of 20:00 to 08:00 each, in every state that it can have. */
const nights = (startsAt: number): readonly Changes[] => {
  const endsAt = startsAt + 12 * hourMs
  return [
    {},
    {
      start: told(startsAt, 100 * minuteMs),
      stop: told(endsAt, 90 * minuteMs),
      judged: { start: 'late', stop: 'kept', volume: 'kept' },
      pauses: { count: 2, ms: 14 * minuteMs },
    },
    {
      start: { how: 'none' },
      stop: { how: 'none' },
      volume: null,
      judged: { start: 'missed', stop: 'open', volume: 'missed' },
    },
    {
      start: { how: 'at', notBefore: startsAt + 10 * minuteMs, notAfter: startsAt + 40 * minuteMs },
      judged: { start: 'not-known', stop: 'kept', volume: 'kept' },
      gaps: [{ from: startsAt + 10 * minuteMs, to: startsAt + 40 * minuteMs }],
      volume: { ml: 1170, atLeast: true },
    },
    {
      stop: told(startsAt + 5 * hourMs),
      volume: { ml: 500.5, atLeast: false },
      judged: { start: 'kept', stop: 'early', volume: 'short' },
      cutAt: startsAt + 8 * hourMs,
    },
    {
      start: { how: 'not-known' },
      stop: { how: 'none' },
      volume: null,
      judged: { start: 'not-known', stop: 'open', volume: 'not-known' },
      gaps: [{ from: startsAt - hourMs, to: endsAt + hourMs }],
    },
    {
      start: { how: 'to-come' },
      stop: { how: 'none' },
      volume: null,
      judged: { start: 'open', stop: 'open', volume: 'open' },
    },
  ]
}

const runsFrom = (now: number, shift: number): readonly JudgedRunView[] =>
  daysOf(now).map(({ from }, day) => {
    const startsAt = from + 20 * hourMs
    const endsAt = startsAt + 12 * hourMs
    const all = nights(startsAt)
    return {
      startsAt,
      endsAt,
      plannedMl: 1200,
      day,
      cutAt: null,
      start: { how: 'at', notBefore: startsAt, notAfter: startsAt + 2 * minuteMs },
      stop: { how: 'at', notBefore: endsAt, notAfter: endsAt + minuteMs },
      volume: { ml: 1198, atLeast: false },
      pauses: { count: 0, ms: 0 },
      judged: { start: 'kept', stop: 'kept', volume: 'kept' },
      gaps: [],
      ...all[day === 6 ? 6 : (day + shift) % 6],
    }
  })

export const adherenceOf = ({ pumps }: Picture, offset: number, limit: number, now: number): TeamAdherence => {
  const planned = pumps.slice(0, 8)
  return {
    days: daysOf(now),
    rows: planned.slice(offset, offset + limit).map(({ pumpId, label, simulated }, at): AdherenceRow => ({
      pump: { pumpId, label, simulated },
      therapy: 'parenteral-nutrition',
      timeZone: 'UTC',
      runs: [...runsFrom(now, offset + at)],
    })),
    offset,
    matched: planned.length,
    unplanned: Math.max(0, pumps.length - planned.length),
    teams,
    serverTime: now,
  }
}

export const pumpAdherenceOf = ({ pumpId }: PumpView, now: number): PumpAdherence => ({
  pumpId,
  days: daysOf(now),
  timeZone: 'UTC',
  runs: [...runsFrom(now, 0)],
  serverTime: now,
})
