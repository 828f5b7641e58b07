import { describe, expect, it } from 'vitest'
import { floodOf, groupInFlood, rememberNew, type RecentAlarms } from '#domain/alarm/flood.ts'
import { defaultAlarmPolicy as policy } from '#domain/alarm/policy.ts'
import { HubId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmOf, osei, someTime } from '#test/support/live-fixtures.ts'

const minute = 60_000
const nothing: RecentAlarms = new Map()
const many = (count: number, more: Partial<AlarmView> = {}): AlarmView[] =>
  Array.from({ length: count }, (_, index) => alarmOf(`a-${index}`, { observedAt: someTime + index, ...more }))

describe('a flood', () => {
  it('is 10 new alarms within 10 min, whatever became of them', () => {
    const nine = rememberNew(nothing, many(9), someTime + minute, policy)
    expect(floodOf(nine, someTime + minute, policy)).toBeNull()
    const ten = rememberNew(nine, [alarmOf('last', { observedAt: someTime + minute })], someTime + minute, policy)
    expect(floodOf(ten, someTime + minute, policy)).toEqual({ count: 10, since: someTime })
    // The next update names one alarm alone: those before it are not forgotten.
    expect(floodOf(rememberNew(ten, [], someTime + 2 * minute, policy), someTime + 2 * minute, policy)).not.toBeNull()
  })

  it('counts an alarm once, however often it is told', () => {
    const told = many(9).reduce((known, alarm) => rememberNew(known, [alarm, alarm], someTime, policy), nothing)
    expect(rememberNew(told, many(9), someTime, policy).size).toBe(9)
  })

  it('is over 10 min after its alarms', () => {
    const known = rememberNew(nothing, many(12), someTime + minute, policy)
    expect(floodOf(known, someTime + 10 * minute - 1, policy)).toMatchObject({ count: 12 })
    expect(floodOf(known, someTime + 11 * minute, policy)).toBeNull()
    expect(rememberNew(known, [], someTime + 11 * minute, policy).size).toBe(0)
  })

  it('is none of a backlog that nobody confirmed', () => {
    expect(rememberNew(nothing, many(20, { confirmed: false }), someTime, policy).size).toBe(0)
  })
})

const shape = (alarms: readonly AlarmView[]): string[] =>
  groupInFlood(alarms).map(({ kind, alarms: list }) => `${kind} ${list.map(({ episodeId }) => episodeId).join()}`)

describe('the list in a flood', () => {
  const [hub1, hub2, hub3] = ['h-1', 'h-2', 'h-3'].map((id) => HubId.parse(id))

  it('never folds a high alarm, nor what somebody has', () => {
    const alarms = [
      alarmOf('h1'),
      alarmOf('m1', { priority: 'medium', owner: osei }),
      alarmOf('h2'),
      alarmOf('l1', { priority: 'low', owner: osei }),
      alarmOf('h3'),
    ]
    expect(shape(alarms)).toEqual(['alarm h1', 'alarm m1', 'alarm h2', 'alarm l1', 'alarm h3'])
  })

  it('has one line for low alarms, and medium ones by hub or by cause', () => {
    const medium = { priority: 'medium' as const }
    const alarms = [
      alarmOf('m1', { ...medium, code: 'battery-low', hubId: hub1 ?? null }),
      alarmOf('h1'),
      alarmOf('m2', { ...medium, code: 'battery-low', hubId: hub2 ?? null }),
      alarmOf('m3', { ...medium, code: 'temperature', hubId: hub3 ?? null }),
      alarmOf('m4', { ...medium, code: 'kvo-ended', hubId: hub3 ?? null }),
      alarmOf('m5', { ...medium, code: 'battery-low', hubId: hub3 ?? null }),
      alarmOf('l1', { priority: 'low' }),
      alarmOf('l2', { priority: 'low' }),
      alarmOf('i1', { priority: 'info' }),
    ]
    expect(shape(alarms)).toEqual(['cause m1,m2', 'alarm h1', 'hub m3,m4,m5', 'low l1,l2,i1'])
  })
})
