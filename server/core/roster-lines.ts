import type { Adherence, RosterQuery } from '#domain/live/roster.ts'
import { naturalSort } from '#domain/live/roster-kinds.ts'
import type { RosterFilter, RosterSort } from '#domain/live/roster-kinds.ts'
import type { ChannelReading, PumpView } from '#domain/live/views.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import { delivers } from '#domain/telemetry.ts'

/** One channel of one pump, with what the roster asks about it. */
export interface RosterLine {
  readonly pump: PumpView
  readonly reading: ChannelReading
  readonly several: boolean
  readonly hubName: string
  /** Null: nobody uses it, or whoever asks may not know. */
  readonly team: { readonly teamId: TeamId; readonly name: string } | null
  readonly adherence: Adherence | null
}

const hourMs = 3_600_000
const lowBatteryMs = 2 * hourMs
const unheardMs = hourMs

export const runs = ({ reading }: RosterLine): boolean =>
  reading.sample !== null && delivers[reading.sample.operatingState] === true

/** End of the running program by what the pump told last, ms; null: it does not run, or the pump does not say. */
export const endsAt = (line: RosterLine): number | null => {
  const { sample, sampledAt } = line.reading
  if (sample === null || sampledAt === null || !runs(line) || sample.timeRemainingSeconds === null) return null
  return Math.round(sampledAt + sample.timeRemainingSeconds * 1000)
}

const onBattery = ({ reading }: RosterLine): boolean =>
  reading.sample?.powerSource === 'onBattery' || reading.sample?.powerSource === 'unknown'

/** When the battery is empty by what the pump told last, ms; null: on mains, or the pump does not say. */
export const batteryUntil = (line: RosterLine): number | null => {
  const { sample, sampledAt } = line.reading
  if (sample === null || sampledAt === null || !onBattery(line) || sample.batteryMinutesRemaining === null) return null
  return Math.round(sampledAt + sample.batteryMinutesRemaining * 60_000)
}

/** Whether the filter shows it; `untold`: the pump does not say what the filter asks for. */
export type Matches = 'yes' | 'no' | 'untold'

export interface FilterMoment {
  readonly now: number
  /** End of `ending`. */
  readonly until: number
}

export const matchesFilter = (line: RosterLine, filter: RosterFilter, { now, until }: FilterMoment): Matches => {
  const unknown = line.reading.sample === null || line.reading.sample.operatingState === 'unknown'
  switch (filter) {
    case 'all':
      return 'yes'
    case 'ending':
    case 'supply': {
      if (unknown) return 'untold'
      if (!runs(line)) return 'no'
      const end = endsAt(line)
      if (end === null) return 'untold'
      return filter === 'supply' || end < until ? 'yes' : 'no'
    }
    case 'battery': {
      if (line.reading.sample === null) return 'untold'
      if (!onBattery(line)) return 'no'
      const end = batteryUntil(line)
      return end === null ? 'untold' : end - now < lowBatteryMs ? 'yes' : 'no'
    }
    case 'unheard':
      return line.reading.sampledAt === null || now - line.reading.sampledAt >= unheardMs ? 'yes' : 'no'
    case 'adherence':
      return line.adherence === null ? 'no' : 'yes'
  }
}

/** Every word has to be found somewhere. */
export const matchesSearch = (line: RosterLine, search: string): boolean => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const { pump, reading, hubName, team } = line
  const text = [pump.label, pump.pumpId, pump.serial, reading.sample?.drugLabel, hubName, team?.name]
    .join(' ')
    .toLowerCase()
  return words.every((word) => text.includes(word))
}

type Key = string | number | null

const mostKept = 20_000
const kept = new Map<string, string>()

/** Numbers inside words are compared as numbers: "North 3" before "North 12". The words of a site are few, so their keys are kept. */
const natural = (text: string): string => {
  const known = kept.get(text)
  if (known !== undefined) return known
  const key = text.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(12, '0'))
  if (kept.size >= mostKept) kept.clear()
  kept.set(text, key)
  return key
}

const keyOf = (line: RosterLine, sort: RosterSort): Key => {
  const { pump, reading, hubName, team } = line
  const { sample } = reading
  switch (sort) {
    case 'label':
      return `${natural(pump.label ?? pump.pumpId)} ${sample?.channelId ?? ''}`
    case 'pump':
      return natural(pump.pumpId)
    case 'drug':
      return sample?.drugLabel == null ? null : natural(sample.drugLabel)
    case 'state':
      return sample?.operatingState ?? null
    case 'rate':
      return sample?.rateMlPerHour ?? null
    case 'time-left':
      return endsAt(line)
    case 'battery':
      return batteryUntil(line) ?? (sample?.batteryPercent == null ? null : 1e15 + sample.batteryPercent)
    case 'data-age':
      return reading.sampledAt === null ? null : -reading.sampledAt
    case 'hub':
      return natural(hubName)
    case 'team':
      return team === null ? null : natural(team.name)
  }
}

export const sortOf = ({ sort, filter }: Pick<RosterQuery, 'sort' | 'filter'>): RosterSort =>
  sort ?? naturalSort[filter]

/** What is not told stands last, whichever way the rest goes; equal ones in the order of their labels. */
export const sortLines = (lines: readonly RosterLine[], sort: RosterSort, descending: boolean): RosterLine[] => {
  const keyed = lines.map((line) => ({ line, key: keyOf(line, sort), label: keyOf(line, 'label') }))
  const direction = descending ? -1 : 1
  return keyed
    .toSorted((a, b) => {
      if (a.key === null || b.key === null) {
        if (a.key !== b.key) return a.key === null ? 1 : -1
      } else if (a.key !== b.key) return a.key < b.key ? -direction : direction
      return (a.label ?? '') < (b.label ?? '') ? -1 : 1
    })
    .map(({ line }) => line)
}
