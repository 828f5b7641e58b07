import type { AlarmCode } from '../../alarm/codes.ts'
import { ChannelId } from '../../ids.ts'
import { hexDigits } from '../ascii.ts'
import type { ReportedAlarm } from '../profile.ts'
import type { LogEvent } from './event.ts'
import type { EventTable } from './event-meaning.ts'
import { meaningOf } from './event-meaning.ts'

/** What an event of the log settles, also when it raises no alarm. */
export const groups = ['delivery', 'occlusion', 'cassette', 'battery'] as const
export type Group = (typeof groups)[number]

/** How an alarm ends: by an event of its own group, by the next run, or by nothing that is known. */
type Ending = 'occlusion' | 'battery-level' | 'battery-fault' | 'dose-limit' | 'run' | 'never'

interface Standing {
  readonly alarm: ReportedAlarm
  readonly ending: Ending
  /** The pump may have stopped, and the log does not say. */
  readonly stops: boolean
}

/** What the events read so far say about the pump (zyno-miva.md 5): it has no register of alarms, so they follow from edges. */
export interface LogPicture {
  /** By what each of them says: told again while it stands, it stays the same alarm, with the index of its first event. */
  readonly standing: ReadonlyMap<string, Standing>
  readonly known: ReadonlySet<Group>
  readonly state: 'infusing' | 'paused' | 'off' | 'unknown'
}

export const emptyPicture: LogPicture = { standing: new Map(), known: new Set(), state: 'unknown' }

/** What was known may be over: alarms stay, and none of their groups is certain. */
export const doubted = ({ standing }: LogPicture): LogPicture => ({ ...emptyPicture, standing })

/** The log has been read from its first entry: what it does not tell has never been. */
export const complete = (picture: LogPicture): LogPicture => ({ ...picture, known: new Set(groups) })

/** MIVA pumps have one channel. */
export const channelId = ChannelId.parse('1')

export const isSettled = ({ known, state }: LogPicture): boolean =>
  state === 'off' || groups.every((group) => known.has(group))

/** Run or pause is the last that was told, and nothing that stops a pump has come since. */
export const operatingStateOf = ({ state, standing }: LogPicture): LogPicture['state'] =>
  state === 'infusing' && [...standing.values()].some(({ stops }) => stops) ? 'unknown' : state

/** What stands, and a notice for each group of alarms that nobody knows about. */
export const alarmsOf = ({ standing, known }: LogPicture): readonly ReportedAlarm[] => [
  ...[...standing.values()].map(({ alarm }) => alarm),
  ...groups.filter((group) => group !== 'delivery' && !known.has(group)).map(notKnown),
]

const notKnown = (group: Group): ReportedAlarm => ({
  code: 'device-text',
  channelId,
  vendorCode: `unknown ${group}`,
  vendorText: `${group} alarms are not known: the part of the pump's log that was read does not tell`,
  priority: 'info',
})

export const applied = (picture: LogPicture, event: LogEvent, table: EventTable): LogPicture => {
  const found = meaningOf(event.type, table)
  if (found === null) return raise(picture, 'device-text', event, unlisted(event, table), 'run', false)
  const { meaning, words } = found
  switch (meaning) {
    case 'run':
      return { ...settle(end(picture, 'run', 'occlusion'), 'delivery', 'occlusion', 'cassette'), state: 'infusing' }
    case 'paused':
      return { ...settle(picture, 'delivery'), state: 'paused' }
    case 'occlusion':
      return occlusion(settle(picture, 'occlusion'), event)
    case 'cassette-empty':
      return raise(settle(picture, 'cassette'), 'reservoir-empty', event, words, 'run', true)
    case 'cassette-detached':
      return raise(settle(picture, 'cassette'), 'cassette-detached', event, words, 'run', true)
    case 'dose-limit':
      if (event.subtype === 4) return end(picture, 'dose-limit')
      return raise(picture, 'dose-limit-reached', event, words, 'dose-limit', false)
    case 'pump-limit':
      if (event.subtype === 2) return raise(picture, 'maintenance-due', event, 'service life reached', 'never', false)
      return raise(picture, 'device-text', event, 'product life reached', 'never', false)
    case 'battery':
      return battery(picture, event)
    case 'battery-failure':
      if (event.subtype !== 2) return raise(picture, 'battery-fault', event, words, 'battery-fault', false)
      return raise(settle(picture, 'battery'), 'battery-depleted', event, words, 'battery-level', true)
    case 'battery-depleted':
      return raise(settle(picture, 'battery'), 'battery-depleted', event, words, 'battery-level', true)
    case 'battery-low':
      return raise(settle(picture, 'battery'), 'battery-low', event, words, 'battery-level', false)
    case 'battery-check':
      if (event.subtype === 0) return picture
      if (event.subtype > 3) return raise(picture, 'device-text', event, `${words} ${event.entry}`, 'run', false)
      return raise(settle(picture, 'battery'), 'battery-depleted', event, words, 'battery-level', true)
    case 'malfunction':
      return raise(picture, 'pump-malfunction', event, `${words} ${hexDigits(event.subtype, 4)}`, 'run', true)
    case 'unattended':
      return raise(picture, 'paused-too-long', event, words, 'run', false)
    case 'notice':
      return raise(picture, 'device-text', event, words, 'run', false)
    case 'power-off':
      return { ...doubted(picture), state: 'off' }
    case 'power-on':
      return { ...picture, state: 'unknown' }
    case 'total-cleared':
    case 'setting-change':
    case 'event-only':
      return picture
  }
}

const occlusion = (picture: LogPicture, event: LogEvent): LogPicture => {
  switch (event.subtype) {
    case 4:
      return end(picture, 'occlusion')
    case 1:
      return raise(picture, 'occlusion-upstream', event, 'upstream occlusion', 'occlusion', true)
    case 2:
      return raise(picture, 'occlusion-downstream', event, 'downstream occlusion', 'occlusion', true)
    default:
      return raise(picture, 'occlusion-unspecified', event, `occlusion ${event.subtype}`, 'occlusion', true)
  }
}

const batteryBits = { medium: 1, low: 2, depleted: 4, high: 32, new: 64, over: 128, empty: 256, under: 512 } as const

/** Several bits may be set: what is better ends first, then what is worse begins. */
const battery = (picture: LogPicture, event: LogEvent): LogPicture => {
  const has = (...names: readonly (keyof typeof batteryBits)[]): boolean =>
    names.some((name) => (event.subtype & batteryBits[name]) !== 0)
  const volts = event.value === null ? '' : ` ${event.value.toFixed(2)} V`
  let next = has('medium', 'low', 'depleted', 'high', 'new', 'empty') ? settle(picture, 'battery') : picture
  if (has('medium', 'high', 'new')) next = end(next, 'battery-level')
  if (has('new')) next = end(next, 'battery-fault')
  if (has('low')) next = raise(next, 'battery-low', event, `battery low${volts}`, 'battery-level', false)
  if (has('depleted', 'empty'))
    next = raise(next, 'battery-depleted', event, `battery depleted${volts}`, 'battery-level', true)
  if (has('over', 'under'))
    next = raise(next, 'battery-fault', event, `battery voltage out of limits${volts}`, 'battery-fault', false)
  return next
}

const settle = (picture: LogPicture, ...settled: readonly Group[]): LogPicture =>
  settled.every((group) => picture.known.has(group))
    ? picture
    : { ...picture, known: new Set([...picture.known, ...settled]) }

const end = (picture: LogPicture, ...endings: readonly Ending[]): LogPicture => ({
  ...picture,
  standing: new Map([...picture.standing].filter(([, { ending }]) => !endings.includes(ending))),
})

const raise = (
  picture: LogPicture,
  code: AlarmCode,
  event: LogEvent,
  words: string,
  ending: Ending,
  stops: boolean,
): LogPicture => {
  // what is only text differs by what it says, not by when
  const key = code === 'device-text' ? `${code} ${event.type} ${event.subtype}` : code
  if (picture.standing.has(key)) return picture
  const alarm: ReportedAlarm = {
    code,
    channelId,
    vendorCode: `type ${event.type}/${event.subtype} entry ${hexDigits(event.index, 8)}`,
    vendorText: `${words}, pump clock ${event.time}`,
    priority: null,
  }
  return { ...picture, standing: new Map(picture.standing).set(key, { alarm, ending, stops }) }
}

const unlisted = ({ type, entry }: LogEvent, table: EventTable): string =>
  table === 'none' ? `event type ${type} (table not set)` : `event type ${type} ${entry}`
