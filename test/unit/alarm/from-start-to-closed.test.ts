import { describe, it } from 'vitest'
import { accepts, ana, ends, given, history, resolves, second, starts } from '#test/support/alarm-spec.ts'

describe('an alarm from its start to its closing', () => {
  it('opens an episode when a condition starts', () => {
    given([])
      .when(starts({ seq: 1, at: 0, delay: 0.1 }, 'a'))
      .thenEvents(
        { type: 'report-noted' },
        { type: 'episode-opened', episodeId: 'a', shown: { priority: 'high', source: 'pump', raised: false } },
      )
      .thenShown({ condition: 'active', response: 'new', startedAt: second(0), observedAt: second(0.1), late: false })
  })

  it('takes, ends and closes out', () => {
    const events = history([starts({ seq: 1, at: 0 }, 'a'), accepts(ana, 'a', 5), ends({ seq: 2, at: 60 }, 'a')])
    given(events).thenShown({ condition: 'ended', response: 'accepted', owner: ana, endedAt: second(60) })
    given(events)
      .when(resolves(ana, 'a', 90))
      .thenEvents({ type: 'episode-resolved' }, { type: 'episode-closed', why: 'resolved' })
      .thenShown()
  })

  it('stays open after it was resolved until the pump ends it', () => {
    const events = history([starts({ seq: 1, at: 0 }, 'a'), accepts(ana, 'a', 5), resolves(ana, 'a', 9)])
    given(events).thenShown({ condition: 'active', response: 'resolved' })
    given(events)
      .when(ends({ seq: 2, at: 60 }, 'a'))
      .thenEvents({ type: 'report-noted' }, { type: 'condition-changed', change: 'ended' }, { type: 'episode-closed' })
      .thenShown()
  })

  it('is not closed by its end alone', () => {
    given(history([starts({ seq: 1, at: 0 }, 'a')]))
      .when(ends({ seq: 2, at: 60 }, 'a'))
      .thenEvents({ type: 'report-noted' }, { type: 'condition-changed', change: 'ended' })
      .thenShown({ condition: 'latched', response: 'new' })
  })
})
