import { describe, expect, it } from 'vitest'
import { isShelved } from '#domain/alarm/shelf.ts'
import {
  accepts,
  ana,
  ends,
  given,
  history,
  jonas,
  second,
  shelves,
  starts,
  ticks,
  unshelves,
} from '#test/support/alarm-spec.ts'
import { alarmOf } from '#test/support/live-fixtures.ts'

const low = { code: 'reservoir-low', priority: 'low' } as const
const active = [starts({ seq: 1, at: 0 }, 'a', low)]
const shelved = [...active, shelves(jonas, 'a', 60)]

describe('a low alarm on the shelf', () => {
  it('stays open and on the list, and says who put it there, why and until when', () => {
    given(history(active))
      .when(shelves(jonas, 'a', 60))
      .thenEvents({ type: 'alarm-shelved', by: jonas, reason: 'visit at noon', until: second(60 + 1800) })
      .thenShown({
        condition: 'active',
        response: 'new',
        owner: null,
        version: 1,
        shelved: { by: jonas, reason: 'visit at noon', at: second(60), until: second(60 + 1800) },
        next: { step: 'shelf-ends', dueAt: second(60 + 1800) },
      })
    expect(isShelved(alarmOf('a'))).toBe(false)
    expect(isShelved(alarmOf('a', { shelved: { by: jonas, reason: 'x', at: 0, until: 1 } }))).toBe(true)
  })

  it('comes back by itself, or when somebody brings it back', () => {
    given(history(shelved))
      .when(ticks(60 + 1799))
      .thenEvents()
    given(history(shelved))
      .when(ticks(60 + 1800))
      .thenEvents({ type: 'shelf-ended' })
      .thenShown({ shelved: null, version: 2 })
    given(history(shelved))
      .when(unshelves(ana, 'a', 100))
      .thenEvents({ type: 'alarm-unshelved', by: ana })
      .thenShown({ shelved: null })
    given(history(active))
      .when(unshelves(ana, 'a', 100, 0))
      .thenEvents()
  })

  it('comes back at once when it rises or starts again', () => {
    given(history(shelved))
      .when(starts({ seq: 2, at: 90 }, 'a', { ...low, priority: 'medium', phase: 'update' }))
      .thenShown({ priority: 'medium', shelved: null })
    given(history([...shelved, ends({ seq: 2, at: 80 }, 'a', low)]))
      .when(starts({ seq: 3, at: 100 }, 'b', low))
      .thenShown({ condition: 'active', shelved: null })
  })

  it('comes back when the clock goes back behind its beginning', () => {
    given(history(shelved)).when(ticks(-600)).thenEvents({ type: 'clock-put-back' }, { type: 'shelf-ended' })
  })

  it('can be taken by anybody, as if it were not there', () => {
    given(history(shelved))
      .when(accepts(ana, 'a', 100, 1))
      .thenShown({ owner: ana })
  })

  it('is at most 60 min there, and nothing but a low alarm ever is', () => {
    given(history(active))
      .when(shelves(jonas, 'a', 60, 61))
      .thenRefused('too-long')
    given(history(active))
      .when(shelves(jonas, 'a', 60, 0))
      .thenRefused('too-long')
    for (const [code, priority] of [
      ['battery-low', 'medium'],
      ['occlusion-downstream', 'high'],
    ] as const)
      given(history([starts({ seq: 1, at: 0 }, 'a', { code, priority })]))
        .when(shelves(jonas, 'a', 60))
        .thenRefused('only-low')
  })
})
