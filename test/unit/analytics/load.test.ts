import { describe, expect, it } from 'vitest'
import { loadOf } from '#domain/analytics/load.ts'
import type { ToldAlarm } from '#domain/analytics/load.ts'

const minute = 60_000
const hour = 60 * minute
const told = (atMs: number, team = 'north', priority: ToldAlarm['priority'] = 'high'): ToldAlarm => ({
  toldAt: atMs,
  team,
  priority,
})

describe('how much a nurse gets', () => {
  it('is counted per nurse and hour, of as many nurses as teams had alarms', () => {
    const load = loadOf([told(0), told(minute), told(2 * hour, 'south', 'low')], 0, 3 * hour)
    expect(load).toMatchObject({ bucketMs: 10 * minute, nurses: 2, perNurseHour: 0.5, mostInTenMinutes: 2 })
    expect(load.buckets).toHaveLength(18)
    expect(load.buckets[0]).toEqual({ from: 0, high: 2, medium: 0, low: 0, most: 2 })
    expect(load.buckets[12]).toEqual({ from: 2 * hour, high: 0, medium: 0, low: 1, most: 1 })
  })

  it('is a flood from ten in ten minutes for one nurse on; ten shared by two are none', () => {
    const ten = Array.from({ length: 10 }, (_, index) => told(index * 1000))
    expect(loadOf(ten, 0, hour).floodShare).toBe(0.167)
    expect(loadOf(ten.slice(1), 0, hour).floodShare).toBe(0)
    const shared = ten.map((one, index) => ({ ...one, team: index % 2 === 0 ? 'north' : 'south' }))
    expect(loadOf(shared, 0, hour)).toMatchObject({ floodShare: 0, mostInTenMinutes: 5 })
  })

  it('takes wider stretches for longer times, without a hole, and keeps the worst ten minutes of each', () => {
    const day = 24 * hour
    expect([day, 7 * day, 31 * day, 92 * day].map((to) => loadOf([], 0, to).bucketMs)).toEqual([
      10 * minute,
      hour,
      6 * hour,
      day,
    ])
    const load = loadOf([told(0), told(1), told(11 * minute)], 0, 7 * day)
    expect(load.buckets[0]).toMatchObject({ high: 3, most: 2 })
    expect(load.buckets).toHaveLength(168)
  })

  it('says zero where there was nothing, and lists notices as no load of a priority', () => {
    expect(loadOf([], 0, hour)).toMatchObject({ perNurseHour: 0, floodShare: 0, mostInTenMinutes: 0, nurses: 1 })
    expect(loadOf([told(0, 'north', 'info')], 0, hour).buckets[0]).toMatchObject({ high: 0, medium: 0, low: 0 })
  })
})
