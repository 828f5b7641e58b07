import { describe, it } from 'vitest'
import {
  accepts,
  ana,
  condition,
  ends,
  given,
  history,
  lists,
  loses,
  second,
  starts,
} from '#test/support/alarm-spec.ts'

// `confirmed` is what lets an alarm ring (dashboard: sound-duty.ts); `late` is the mark that stays.
describe('a record older on arrival than the late limit', () => {
  const lateStart = starts({ seq: 1, at: 0, delay: 600 }, 'a')

  it('is listed with both times, unverified and late', () => {
    given(history([lateStart])).thenShown({
      condition: 'unverified',
      late: true,
      confirmed: false,
      startedAt: second(0),
      observedAt: second(600),
    })
  })

  it('rings like any other once a list says that the condition is still active', () => {
    given(history([lateStart, lists({ seq: 9, at: 601 }, condition('a'))])).thenShown({
      condition: 'active',
      late: true,
      confirmed: true,
      startedAt: second(0),
    })
  })

  it('stays one when the link is lost after that', () => {
    given(history([lateStart, lists({ seq: 9, at: 601 }, condition('a')), loses('hub', 640)])).thenShown({
      condition: 'unverified',
      late: true,
      confirmed: true,
    })
  })

  it('is not confirmed by a list that is late too', () => {
    given(history([lateStart, lists({ seq: 2, at: 60, delay: 540 }, condition('a'))])).thenShown({
      condition: 'unverified',
      late: true,
      confirmed: false,
    })
  })

  it('is history, does not latch and stays listed when its episode was over before it arrived', () => {
    given(history([lateStart, ends({ seq: 2, at: 30, delay: 570 }, 'a')])).thenShown({
      condition: 'ended',
      response: 'new',
      late: true,
      confirmed: false,
      endedAt: second(30),
    })
  })

  it('asks again about a run that may still be there, and does not latch when it proves over', () => {
    const taken = [starts({ seq: 1, at: 0 }, 'a'), ends({ seq: 2, at: 10 }, 'a'), accepts(ana, 'a', 15)]
    const again = history([...taken, starts({ seq: 3, at: 30, delay: 570 }, 'b')])
    given(again).thenShown({ condition: 'unverified', response: 'new', late: true })
    given(again)
      .when(ends({ seq: 4, at: 35, delay: 570 }, 'b'))
      .thenShown({ condition: 'ended', response: 'new', late: true, recurrence: 1 })
  })

  it('leaves the acceptance of an earlier run alone when the whole run was over', () => {
    const taken = [starts({ seq: 1, at: 0 }, 'a'), ends({ seq: 2, at: 10 }, 'a'), accepts(ana, 'a', 15)]
    given(history(taken))
      .when(ends({ seq: 4, at: 35, delay: 570 }, 'b'))
      .thenEvents({ type: 'report-noted' }, { type: 'condition-changed', change: 'detail' })
      .thenShown({ condition: 'ended', response: 'accepted', owner: ana, recurrence: 1 })
  })
})
