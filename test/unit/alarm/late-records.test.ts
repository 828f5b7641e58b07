import { describe, expect, it } from 'vitest'
import { openEpisodes, ringsWhileOpen } from '#domain/alarm/view.ts'
import {
  accepts,
  ana,
  condition,
  ends,
  fold,
  given,
  history,
  lists,
  loses,
  second,
  starts,
} from '#test/support/alarm-spec.ts'

const rings = (commands: Parameters<typeof history>[0]): boolean[] =>
  openEpisodes(fold(history(commands))).map(ringsWhileOpen)

describe('a record older on arrival than the late limit', () => {
  const lateStart = starts({ seq: 1, at: 0, delay: 600 }, 'a')

  it('is listed with both times and does not ring', () => {
    given(history([lateStart])).thenShown({
      condition: 'unverified',
      late: true,
      startedAt: second(0),
      observedAt: second(600),
    })
    expect(rings([lateStart])).toEqual([false])
  })

  it('rings once the latest list says that the condition is still active', () => {
    const confirmed = [lateStart, lists({ seq: 9, at: 601 }, condition('a'))]
    given(history(confirmed)).thenShown({ condition: 'active', late: false, startedAt: second(0) })
    expect(rings(confirmed)).toEqual([true])
  })

  it('goes on ringing when the link is lost after that', () => {
    expect(rings([lateStart, lists({ seq: 9, at: 601 }, condition('a')), loses('hub', 640)])).toEqual([true])
  })

  it('is history, does not latch and stays listed when its episode was over before it arrived', () => {
    const over = [lateStart, ends({ seq: 2, at: 30, delay: 570 }, 'a')]
    given(history(over)).thenShown({ condition: 'ended', response: 'new', late: true, endedAt: second(30) })
    expect(rings(over)).toEqual([false])
  })

  it('does not take an acceptance back by a run that is over', () => {
    given(history([starts({ seq: 1, at: 0 }, 'a'), ends({ seq: 2, at: 10 }, 'a'), accepts(ana, 'a', 15), lateAgain]))
      .when(ends({ seq: 4, at: 35, delay: 570 }, 'b'))
      .thenEvents({ type: 'report-noted' }, { type: 'condition-changed', change: 'ended' })
  })
})

const lateAgain = starts({ seq: 3, at: 30, delay: 570 }, 'b')

describe('what rings', () => {
  it('is what nobody took, not what somebody took, and never a notice', () => {
    expect(rings([starts({ seq: 1, at: 0 }, 'a')])).toEqual([true])
    expect(rings([starts({ seq: 1, at: 0 }, 'a'), accepts(ana, 'a', 5)])).toEqual([false])
    expect(rings([starts({ seq: 1, at: 0 }, 'a', { code: 'maintenance-due', priority: 'info' })])).toEqual([false])
  })

  it('is a latched high alarm, and no ended medium one', () => {
    const low = { code: 'temperature', priority: 'medium' } as const
    expect(rings([starts({ seq: 1, at: 0 }, 'a'), ends({ seq: 2, at: 9 }, 'a')])).toEqual([true])
    expect(rings([starts({ seq: 1, at: 0 }, 'a', low), ends({ seq: 2, at: 9 }, 'a', low)])).toEqual([false])
  })
})
