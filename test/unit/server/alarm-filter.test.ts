import { describe, expect, it } from 'vitest'
import { AlarmListQuery } from '#domain/live/api.ts'
import { isAsked } from '#server/core/alarm-filter.ts'
import { alarmOf, osei, someTime } from '#test/support/live-fixtures.ts'

const asked = (query: object, changes: Parameters<typeof alarmOf>[1] = {}): boolean =>
  isAsked(AlarmListQuery.strict().parse(query), alarmOf('e', changes), someTime)

describe('which episodes are asked for', () => {
  it('all of them, without a filter', () => {
    expect(asked({})).toBe(true)
  })

  it('those of an alarm, a priority, a class, real or simulated', () => {
    const resolved = { class: 'false', finding: 'none', note: '', by: osei, at: someTime } as const
    expect([asked({ code: 'occlusion-downstream' }), asked({ code: 'air-in-line' })]).toEqual([true, false])
    expect([asked({ priority: 'high' }), asked({ priority: 'low' })]).toEqual([true, false])
    expect([asked({ class: 'false' }, { resolved }), asked({ class: 'false' })]).toEqual([true, false])
    const simulated = { simulated: true }
    expect([asked({ simulated: 'true' }, simulated), asked({ simulated: 'false' }, simulated)]).toEqual([true, false])
  })

  it('those that the server was told of in a time', () => {
    const at = { observedAt: someTime }
    expect(asked({ toldFrom: someTime, toldTo: someTime + 1 }, at)).toBe(true)
    expect(asked({ toldFrom: someTime + 1 }, at)).toBe(false)
    expect(asked({ toldTo: someTime }, at)).toBe(false)
  })

  it('those that came back, chatter, stand for over a day, were taken or judged', () => {
    const day = 86_400_000
    expect([asked({ trait: 'came-back' }, { recurrence: 1 }), asked({ trait: 'came-back' })]).toEqual([true, false])
    expect([
      asked({ trait: 'chattering' }, { recurrence: 3 }),
      asked({ trait: 'chattering' }, { recurrence: 2 }),
    ]).toEqual([true, false])
    expect(asked({ trait: 'standing' }, { startedAt: someTime - day - 1 })).toBe(true)
    expect(asked({ trait: 'standing' }, { startedAt: someTime - day - 1, endedAt: someTime - day })).toBe(false)
    expect([asked({ trait: 'taken' }, { acceptedAt: someTime }), asked({ trait: 'taken' })]).toEqual([true, false])
    expect(asked({ trait: 'judged' })).toBe(false)
  })
})
