import { describe, it } from 'vitest'
import { condition, given, history, lists, loses, regains, second, starts } from '#test/support/alarm-spec.ts'

describe("the full list of a pump's alarms", () => {
  const active = [starts({ seq: 1, at: 0 }, 'a')]

  it('ends what is not on it', () => {
    given(history(active))
      .when(lists({ seq: 2, at: 60 }))
      .thenEvents({ type: 'report-noted' }, { type: 'condition-changed', change: 'ended' })
      .thenShown({ condition: 'latched', endedAt: second(60), endUnobserved: false })
  })

  it('says that nobody saw the end when the link was lost meanwhile', () => {
    given(history([...active, loses('pump', 30), regains('pump', 50)]))
      .when(lists({ seq: 2, at: 60 }))
      .thenShown({ condition: 'latched', endUnobserved: true })
  })

  it('says that nobody saw the end when the hub was restarted meanwhile', () => {
    given(history(active))
      .when(lists({ seq: 2, at: 60, boot: 'boot-2' }))
      .thenShown({ condition: 'latched', endUnobserved: true })
  })

  it('raises what is on it and was not known', () => {
    given([])
      .when(lists({ seq: 1, at: 60 }, condition('x'), condition('y', { code: 'battery-low', priority: 'medium' })))
      .thenEvents({ type: 'report-noted' }, { type: 'episode-opened' }, { type: 'episode-opened' })
      .thenShown({ condition: 'active' }, { condition: 'active' })
  })

  it('lets a condition go on under the new id of a restarted hub', () => {
    given(history(active))
      .when(lists({ seq: 2, at: 60, boot: 'boot-2' }, condition('b')))
      .thenShown({ episodeId: 'a' as never, condition: 'active', recurrence: 0, startedAt: second(0) })
  })

  it('changes nothing on the list of alarms when it says what is known', () => {
    given(history(active))
      .when(lists({ seq: 2, at: 60 }, condition('a')))
      .thenEvents({ type: 'report-noted' })
  })
})
