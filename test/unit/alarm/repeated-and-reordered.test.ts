import { describe, it } from 'vitest'
import { AlarmEvent } from '#domain/alarm/events.ts'
import { ends, given, history, lists, second, starts } from '#test/support/alarm-spec.ts'

const withoutNumbering = (event: AlarmEvent): AlarmEvent => {
  if (event.type !== 'report-noted' || event.report.kind === 'derived') return event
  const { numbering: _, monotonicMs: __, ...report } = event.report
  return AlarmEvent.parse({ ...event, report })
}

describe('records that come twice, late or in the wrong order', () => {
  it('have no effect the second time', () => {
    const start = starts({ seq: 1, at: 0 }, 'a')
    given(history([start]))
      .when(start)
      .thenEvents()
  })

  it('make an ended episode of an end without a start', () => {
    given([])
      .when(ends({ seq: 2, at: 40 }, 'a'))
      .thenEvents({ type: 'report-noted' }, { type: 'episode-opened', condition: { open: false, endedAt: second(40) } })
      .thenShown({ condition: 'latched', startedAt: second(40), endedAt: second(40) })
  })

  it('join the start that comes after its end, without opening it again', () => {
    given(history([ends({ seq: 2, at: 40 }, 'a')]))
      .when(starts({ seq: 1, at: 10 }, 'a'))
      .thenEvents({ type: 'report-noted' }, { type: 'condition-changed', change: 'detail' })
      .thenShown({ episodeId: 'a' as never, startedAt: second(10), endedAt: second(40) })
  })

  it('follow the number within a boot, even where the dates run back', () => {
    given(history([ends({ seq: 5, at: 10 }, 'a')]))
      .when(starts({ seq: 4, at: 11 }, 'a'))
      .thenShown({ condition: 'latched' })
  })

  it('follow the number over boots, too', () => {
    given(history([lists({ seq: 9, at: 100, boot: 'boot-2' })]))
      .when(starts({ seq: 8, at: 50, boot: 'boot-1' }, 'a'))
      .thenShown({ condition: 'latched', endedAt: second(100), endUnobserved: true })
  })

  it('follow it also when the clock of the server was put back between two boots', () => {
    given(history([lists({ seq: 8, at: 1_900, boot: 'boot-1' })]))
      .when(starts({ seq: 9, at: 130, boot: 'boot-2' }, 'a'))
      .thenShown({ condition: 'active', startedAt: second(130) })
    given(history([lists({ seq: 9, at: 130, boot: 'boot-2' })]))
      .when(starts({ seq: 8, at: 1_900, boot: 'boot-1' }, 'a'))
      .thenShown({ condition: 'latched' })
  })

  it('follow the numberings of a hub that lost its outbox and counts anew', () => {
    const old = lists({ seq: 900, at: 100, boot: 'boot-1' })
    given(history([old]))
      .when(starts({ seq: 3, numbering: 1, at: 50, boot: 'boot-2' }, 'a'))
      .thenShown({ condition: 'active' })
    given(history([starts({ seq: 3, numbering: 1, at: 50, boot: 'boot-2' }, 'a')]))
      .when(old)
      .thenShown({ condition: 'active' })
  })

  it('of an early journal, which kept no numbering, follow the boots by their first date and come before all others', () => {
    const early = history([
      lists({ seq: 2, at: 100, boot: 'boot-2' }),
      starts({ seq: 900, at: 50, boot: 'boot-1' }, 'a'),
    ]).map(withoutNumbering)
    given(early).thenShown({ condition: 'active' })
    // What is told next is judged by the order of that journal: the list came after the start.
    given(early)
      .when(lists({ seq: 1, at: 10, boot: 'boot-3' }))
      .thenShown({ condition: 'latched', endedAt: second(100) })
  })

  it('leave an alarm present when an end names an episode nobody started', () => {
    given(history([starts({ seq: 1, at: 0 }, 'a')]))
      .when(ends({ seq: 2, at: 10 }, 'other'))
      .thenShown({ condition: 'active' })
  })

  it('show two episodes to be one and keep the answer given to the one that goes', () => {
    const events = history([starts({ seq: 5, at: 100 }, 'b')])
    given(events)
      .when(starts({ seq: 1, at: 10 }, 'a'))
      .thenEvents(
        { type: 'report-noted' },
        { type: 'episode-opened', episodeId: 'a', condition: { aliases: ['a', 'b'] } },
        { type: 'episode-merged', episodeId: 'b', into: 'a' },
      )
      .thenShown({ episodeId: 'a' as never, startedAt: second(10), version: 1 })
  })
})
