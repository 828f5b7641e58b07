import { describe, it } from 'vitest'
import {
  ana,
  condition,
  ends,
  given,
  history,
  lists,
  loses,
  regains,
  second,
  starts,
  ticks,
  withdraws,
  accepts,
} from '#test/support/alarm-spec.ts'

// The clock of the server was an hour ahead and is right again: what was dated by it lies in the future.

describe('a clock of the server that is put back', () => {
  const ahead = [starts({ seq: 1, at: 3_600 }, 'a')]

  it('is noticed by the next tick and changes no alarm by itself', () => {
    given(history(ahead))
      .when(ticks(30))
      .thenEvents({ type: 'clock-put-back', at: second(30) })
      .thenShown({ condition: 'active', startedAt: second(3_600) })
  })

  it('merges nothing that two boots told minutes apart', () => {
    const over = [
      ...ahead,
      ends({ seq: 2, at: 3_610 }, 'a'),
      starts({ seq: 3, at: 4_000, boot: 'boot-2' }, 'b'),
      ticks(30),
    ]
    given(history(over)).thenShown({ condition: 'latched' }, { condition: 'active', recurrence: 0 })
  })

  it('is noticed once', () => {
    given(history([...ahead, ticks(30)]))
      .when(ticks(35))
      .thenEvents()
  })

  it('is not seen in the uncertainty of a date', () => {
    given(history(ahead))
      .when(ticks(3_600 - 1))
      .thenEvents()
  })

  it('leaves an alarm that was lost and is heard again unverified until the next list, and no longer', () => {
    const lost = [...ahead, loses('hub', 3_630), regains('hub', 3_650), ticks(60)]
    given(history(lost)).thenShown({ condition: 'unverified' })
    given(history(lost))
      .when(lists({ seq: 2, at: 61 }, condition('a')))
      .thenShown({ condition: 'active' })
  })

  it('lets no list from the future vouch for an alarm whose link is lost now', () => {
    given(history([...ahead, lists({ seq: 2, at: 3_620 }, condition('a')), ticks(30)]))
      .when(loses('hub', 60))
      .thenShown({ condition: 'unverified' })
  })

  it('does not put off that an alarm nobody has becomes urgent', () => {
    const start = starts({ seq: 1, at: 86_400 }, 'low', { code: 'temperature', priority: 'medium' })
    const before = [start, accepts(ana, 'low', 86_401), withdraws(ana, 'low', 86_402), ticks(10)]
    given(
      history([...before, lists({ seq: 2, at: 20 }, condition('low', { code: 'temperature', priority: 'medium' }))]),
    )
      .when(ticks(3_611))
      .thenEvents({ type: 'unanswered-too-long' }, { type: 'priority-changed' })
  })
})
