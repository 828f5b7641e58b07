import { describe, expect, it } from 'vitest'
import type { HandOverSheet } from '#domain/hand-over/sheet.ts'
import { PumpId } from '#domain/ids.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import {
  actOf,
  ifThenOf,
  keptTicks,
  mayAccept,
  mineOf,
  patientsOf,
  readBackOf,
  severityOf,
} from '#dashboard/core/hand-over-sheet.ts'
import { gapsAhead, reachLook } from '#dashboard/core/reach-look.ts'
import { alarmOf, lind, osei, someTime } from '#test/support/live-fixtures.ts'

const lineOf = (
  id: string,
  changes: Parameters<typeof alarmOf>[1] = {},
  more: Partial<HandOverSheet['alarms'][number]> = {},
) => ({ alarm: alarmOf(id, changes), label: null, lastAct: null, triage: null, ...more })
const pump2 = PumpId.parse('P-2')
const duty = { teamId: defaultTeam, primary: osei, backup: lind, lead: lind }
const offered = { owner: lind, response: 'handed-over', handedTo: osei } as const
const nobodyReached = {
  version: 1,
  at: someTime,
  by: lind,
  record: {
    calledAt: someTime,
    spokeTo: 'nobody-reached',
    finding: null,
    action: '',
    outcome: '',
    class: null,
  },
} as const

const sheetOf = (changes: Partial<HandOverSheet> = {}): HandOverSheet => ({
  teamId: defaultTeam,
  name: 'North',
  timeZone: null,
  now: duty,
  next: null,
  alarms: [],
  watched: [],
  accepted: null,
  leftOpen: [],
  serverTime: someTime,
  ...changes,
})
const watch = { pumpId: pump2, label: 'Home 2', owner: lind, since: someTime, note: 'If …, then …', offeredTo: osei }

describe('the hand-over sheet', () => {
  it('counts what is open, unowned, of critical therapy and not verified; unknown counts as critical', () => {
    const sheet = sheetOf({
      alarms: [
        lineOf('a', { criticality: 'unknown' }),
        lineOf('b', { ...offered, criticality: 'critical', condition: 'unverified', priority: 'medium' }),
        lineOf('c', { criticality: 'critical', condition: 'ended', ...offered }),
      ],
    })
    const { counts, critical, unverified, unowned } = severityOf(sheet)
    expect(counts.map(({ priority, open, unowned: free }) => [priority, open, free])).toEqual([
      ['high', 1, 1],
      ['medium', 1, 0],
      ['low', 0, 0],
    ])
    expect([critical, unverified, unowned]).toEqual([2, 1, 1])
  })

  it('has one line for each pump, with its alarms and its watch, and none for hubs and the site', () => {
    const sheet = sheetOf({
      alarms: [lineOf('a'), lineOf('b'), lineOf('site', { pumpId: null, code: 'rota-gap' })],
      watched: [watch],
    })
    expect(patientsOf(sheet).map(({ pumpId, alarms, watch: kept }) => [pumpId, alarms.length, kept?.label])).toEqual([
      ['P-0421', 2, undefined],
      ['P-2', 0, 'Home 2'],
    ])
  })

  it('says what is to be done about each alarm next', () => {
    const acts = [
      lineOf('new'),
      lineOf('offered', offered),
      lineOf('latched', { condition: 'latched' }),
      lineOf('owned', { owner: osei, response: 'accepted' }),
      lineOf('called', { owner: osei, response: 'accepted' }, { triage: nobodyReached }),
      lineOf('over', { owner: osei, response: 'accepted', condition: 'ended' }),
      lineOf('closed-out', { owner: osei, response: 'resolved' }),
    ].map((one) => actOf(one, osei.userId))
    expect(acts).toEqual(['take', 'take-over', 'answer', 'follow-up', 'call-again', 'close-out', 'wait-for-end'])
  })

  it('collects what may come: notes, checks of critical therapy, what is not verified or comes back, and nobody on call', () => {
    const sheet = sheetOf({
      alarms: [lineOf('a', { criticality: 'critical', condition: 'unverified', recurring: true })],
      watched: [watch, { ...watch, pumpId: PumpId.parse('P-3'), note: '' }],
      next: { at: someTime + 1000, duty: { ...duty, primary: null } },
    })
    expect(ifThenOf(sheet).map(({ kind }) => kind)).toEqual([
      'note',
      'critical',
      'unverified',
      'recurring',
      'nobody-next',
    ])
    expect(ifThenOf(sheetOf({ alarms: [lineOf('a')] }))).toEqual([])
  })

  it('has the receiver read back what is offered to her and what nobody owns, and nothing of others', () => {
    const sheet = sheetOf({
      alarms: [
        lineOf('free'),
        lineOf('offered', offered),
        lineOf('elsewhere', { ...offered, handedTo: lind }),
        lineOf('owned', { owner: lind, response: 'accepted' }),
        lineOf('over', { condition: 'ended', priority: 'low' }),
      ],
      watched: [watch, { ...watch, pumpId: PumpId.parse('P-3'), offeredTo: null }],
    })
    const items = readBackOf(sheet, osei.userId)
    expect(items.map(({ key, offered: mine }) => [key, mine])).toEqual([
      ['free', false],
      ['offered', true],
      ['watch P-2', true],
    ])
    expect(mayAccept(new Set(['free', 'offered']), items)).toBe(false)
    expect(mayAccept(new Set(['free', 'offered', 'watch P-2']), items)).toBe(true)
    expect(mayAccept(new Set(), [])).toBe(true)
    expect(readBackOf(sheet, null)).toEqual([])
  })

  it('keeps no tick for what has gone', () => {
    const items = readBackOf(sheetOf({ alarms: [lineOf('free')] }), osei.userId)
    expect([...keptTicks(new Set(['free', 'gone']), items)]).toEqual(['free'])
    const same = new Set(['free'])
    expect(keptTicks(same, items)).toBe(same)
  })

  it('knows what one could hand over, and who was asked', () => {
    const sheet = sheetOf({
      alarms: [lineOf('offered', offered), lineOf('done', { owner: lind, response: 'resolved' }), lineOf('free')],
      watched: [{ ...watch, offeredTo: null }],
    })
    const mine = mineOf(sheet, lind.userId)
    expect([mine.alarms.length, mine.watches.length, mine.offeredTo]).toEqual([1, 1, ['M. Osei']])
    expect(mineOf(sheet, null).alarms).toEqual([])
  })
})

const look = (
  reach: Parameters<typeof reachLook>[0]['reach'],
  ...reasons: Parameters<typeof reachLook>[0]['reasons']
) => {
  const { tab, audio, clock, push } = reachLook({ person: osei, reach, reasons })
  return [tab, audio, clock, push]
}

const hour = 3_600_000
const team = (name: string, ...gaps: { from: number; to: number }[]) => ({
  teamId: defaultTeam,
  name,
  timeZone: 'UTC',
  duty,
  nextChangeAt: null,
  gaps,
})

describe('whether somebody can be reached', () => {
  it('is told in four things, and what lies behind one that does not hold is not known', () => {
    expect(look('reachable')).toEqual(['yes', 'yes', 'yes', 'yes'])
    expect(look('doubtful', 'sound-not-armed')).toEqual(['yes', 'no', 'unknown', 'yes'])
    expect(look('doubtful', 'clock-off')).toEqual(['yes', 'yes', 'no', 'yes'])
    expect(look('doubtful', 'path-unproven')).toEqual(['yes', 'no', 'yes', 'yes'])
    expect(look('unreachable', 'no-open-screen', 'no-address')).toEqual(['no', 'unknown', 'unknown', 'no'])
    expect(look('unknown')).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
  })
})

describe('a gap of the rota', () => {
  it('is a bar when it begins within 24 h, the earliest first, until it is over', () => {
    const told = {
      seesOnly: null,
      teams: [
        team('North', { from: someTime + 20 * hour, to: someTime + 30 * hour }),
        team('South', { from: someTime - hour, to: someTime + hour }),
        team('West', { from: someTime + 25 * hour, to: someTime + 30 * hour }),
      ],
      reachability: [],
      serverTime: someTime,
    } as Parameters<typeof gapsAhead>[0]
    expect(gapsAhead(told, someTime).map(({ team: name, now }) => [name, now])).toEqual([
      ['South', true],
      ['North', false],
    ])
    expect(gapsAhead(told, someTime + 2 * hour).map(({ team: name }) => name)).toEqual(['North', 'West'])
    expect(gapsAhead(null, someTime)).toEqual([])
  })
})
