import { describe, it } from 'vitest'
import type { SystemCommand } from '#domain/alarm/commands.ts'
import { PumpId } from '#domain/ids.ts'
import { given, history, lists, loses, raises, second } from '#test/support/alarm-spec.ts'

const pumps = (...names: string[]): PumpId[] => names.map((name) => PumpId.parse(name))
const endsDerived = (at: number, code: 'link-lost-pump' | 'link-lost-hub'): SystemCommand => ({
  type: 'end-derived',
  at: second(at),
  code,
  channelId: null,
})

describe('an alarm the server derives', () => {
  const hubLost = { code: 'link-lost-hub', delivering: false, unverifiedPumps: pumps('p1', 'p2') } as const

  it('is one alarm for a hub, naming the pumps nobody hears', () => {
    given([])
      .when(raises(0, 'lost', hubLost))
      .thenEvents({ type: 'report-noted' }, { type: 'episode-opened' })
      .thenShown({ code: 'link-lost-hub', condition: 'active', unverifiedPumps: pumps('p1', 'p2') })
  })

  it('is journalled once while it says nothing new', () => {
    given(history([raises(0, 'lost', hubLost)]))
      .when(raises(10, 'again', hubLost))
      .thenEvents()
  })

  it('takes a longer list of pumps into the same episode', () => {
    given(history([raises(0, 'lost', hubLost)]))
      .when(raises(10, 'again', { ...hubLost, unverifiedPumps: pumps('p1', 'p2', 'p3') }))
      .thenEvents({ type: 'report-noted' }, { type: 'condition-changed', change: 'detail' })
      .thenShown({ unverifiedPumps: pumps('p1', 'p2', 'p3'), recurrence: 0 })
  })

  it('rises when it is raised with a higher priority', () => {
    given(history([raises(0, 's', { code: 'storage-degraded' })]))
      .when(raises(10, 's2', { code: 'storage-degraded', priority: 'high' }))
      .thenShown({ priority: 'high' })
  })

  it('ends by the server alone', () => {
    given(history([raises(0, 'lost', hubLost)]))
      .when(endsDerived(30, 'link-lost-hub'))
      .thenEvents({ type: 'report-noted' }, { type: 'condition-changed', change: 'ended' })
      .thenShown({ condition: 'ended', endedAt: second(30) })
  })

  it("is not ended by the pump's list, nor made unverified by the link", () => {
    const lost = history([raises(0, 'lost')])
    given(lost)
      .when(lists({ seq: 1, at: 10 }))
      .thenShown({ code: 'link-lost-pump', condition: 'active' })
    given(lost).when(loses('pump', 0)).thenShown({ condition: 'active' })
  })

  it('has nothing to end when it was not raised', () => {
    given([]).when(endsDerived(5, 'link-lost-pump')).thenEvents()
  })

  it('is the same episode when it comes back within 60 s, and can end again', () => {
    const flapped = history([raises(0, 'l1'), endsDerived(10, 'link-lost-pump'), raises(30, 'l2')])
    given(flapped).thenShown({ episodeId: 'l1' as never, condition: 'active', recurrence: 1 })
    given(flapped)
      .when(endsDerived(50, 'link-lost-pump'))
      .thenShown({ endedAt: second(50), recurrence: 1 })
  })
})
