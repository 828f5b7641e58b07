import { describe, it } from 'vitest'
import { condition, ends, given, history, lists, loses, regains, second, starts } from '#test/support/alarm-spec.ts'

describe('a lost link', () => {
  const lost = [starts({ seq: 1, at: 0 }, 'a'), loses('hub', 30)]

  it('makes an active alarm unverified and never ended', () => {
    given(history(lost.slice(0, 1)))
      .when(loses('pump', 30))
      .thenEvents({ type: 'link-lost', root: 'pump' }, { type: 'condition-changed', change: 'became-unverified' })
      .thenShown({ condition: 'unverified', endedAt: null })
  })

  it('proves nothing when it comes back', () => {
    given(history(lost))
      .when(regains('hub', 50))
      .thenEvents({ type: 'link-regained', root: 'hub' })
      .thenShown({ condition: 'unverified' })
  })

  it('is settled by the next list: still there', () => {
    given(history([...lost, regains('hub', 50)]))
      .when(lists({ seq: 2, at: 51 }, condition('a')))
      .thenEvents({ type: 'report-noted' }, { type: 'condition-changed', change: 'became-verified' })
      .thenShown({ condition: 'active' })
  })

  it('is settled by the next list: over, unobserved', () => {
    given(history([...lost, regains('hub', 50)]))
      .when(lists({ seq: 2, at: 51 }))
      .thenShown({ condition: 'latched', endUnobserved: true })
  })

  it('is settled by an end the hub saw meanwhile', () => {
    given(history([...lost, regains('hub', 50)]))
      .when(ends({ seq: 2, at: 40, delay: 11 }, 'a'))
      .thenShown({ condition: 'latched', endUnobserved: false, endedAt: second(40) })
  })

  it('is not settled by a list from before the loss', () => {
    given(history(lost))
      .when(lists({ seq: 2, at: 20, delay: 15 }, condition('a')))
      .thenShown({ condition: 'unverified' })
  })

  it('is journalled once however often it is found', () => {
    given(history(lost)).when(loses('hub', 35)).thenEvents()
  })

  it('leaves ended alarms as they are', () => {
    given(history([starts({ seq: 1, at: 0 }, 'a'), ends({ seq: 2, at: 10 }, 'a')]))
      .when(loses('hub', 30))
      .thenEvents({ type: 'link-lost' })
  })
})
