import { describe, it } from 'vitest'
import type { SystemCommand } from '#domain/alarm/commands.ts'
import {
  accepts,
  ana,
  ends,
  given,
  history,
  raises,
  second,
  sees,
  starts,
  told,
  condition,
} from '#test/support/alarm-spec.ts'

const therapy = (criticality: 'standard' | 'critical' | 'unknown', at = 0): SystemCommand => ({
  type: 'set-criticality',
  at: second(at),
  criticality,
})
const battery = { code: 'battery-low', priority: 'medium', prioritySource: 'pump' } as const

describe('the shown priority', () => {
  it("is the pump's own, never lowered", () => {
    given(
      history([therapy('standard'), starts({ seq: 1, at: 1 }, 'a', { code: 'reservoir-low', priority: 'high' })]),
    ).thenShown({
      priority: 'high',
      prioritySource: 'pump',
      priorityRaised: false,
    })
  })

  it("is at least the catalogue's default", () => {
    given(history([therapy('standard'), starts({ seq: 1, at: 1 }, 'a', { priority: 'low' })])).thenShown({
      priority: 'high',
      prioritySource: 'profile',
    })
  })

  it("leaves the pump's word alone for an alarm nobody knows", () => {
    given(history([starts({ seq: 1, at: 1 }, 'a', { code: 'device-text', priority: 'low' })])).thenShown({
      priority: 'low',
    })
  })

  it('goes one step up for a critical therapy, and an unknown one counts as critical', () => {
    for (const criticality of ['critical', 'unknown'] as const)
      given(history([therapy(criticality), starts({ seq: 1, at: 1 }, 'a', battery)])).thenShown({
        priority: 'high',
        prioritySource: 'server',
        priorityRaised: true,
        criticality,
      })
    given(history([therapy('standard'), starts({ seq: 1, at: 1 }, 'a', battery)])).thenShown({ priority: 'medium' })
  })

  it('does not go up where the catalogue has no step', () => {
    given(
      history([therapy('critical'), starts({ seq: 1, at: 1 }, 'a', { code: 'temperature', priority: 'medium' })]),
    ).thenShown({
      priority: 'medium',
    })
  })

  it('is high for a lost pump that was infusing a critical therapy, and medium if it was not infusing', () => {
    given(history([raises(1, 'l', { delivering: true })])).thenShown({ priority: 'high' })
    given(history([raises(1, 'l', { delivering: null })])).thenShown({ priority: 'high' })
    given(history([raises(1, 'l', { delivering: false })])).thenShown({ priority: 'medium' })
    given(history([therapy('standard'), raises(1, 'l', { delivering: true })])).thenShown({ priority: 'medium' })
  })

  it('follows a rise by the pump, and the rise takes the acceptance back', () => {
    const medium = { code: 'temperature', priority: 'medium' } as const
    given(history([starts({ seq: 1, at: 1 }, 'a', medium), accepts(ana, 'a', 5)]))
      .when(told({ seq: 2, at: 60 }, condition('a', { ...medium, phase: 'escalate', priority: 'high' })))
      .thenEvents(
        { type: 'report-noted' },
        { type: 'condition-changed', change: 'detail' },
        { type: 'priority-changed', from: { priority: 'medium' }, shown: { priority: 'high', source: 'pump' } },
        { type: 'response-taken-back', reason: 'priority-raised', owner: ana },
      )
      .thenShown({ response: 'new', owner: null, priority: 'high', version: 2 })
  })

  it('rises with the therapy, which takes back the acceptance of what is present', () => {
    given(history([therapy('standard'), starts({ seq: 1, at: 1 }, 'a', battery), accepts(ana, 'a', 5)]))
      .when(therapy('critical', 60))
      .thenEvents({ type: 'criticality-set' }, { type: 'priority-changed' }, { type: 'response-taken-back' })
  })

  it('asks again those who only looked', () => {
    given(history([therapy('standard'), starts({ seq: 1, at: 1 }, 'a', battery), sees(ana, 'a', 5)]))
      .when(therapy('critical', 60))
      .thenShown({ response: 'new', priority: 'high' })
  })

  it('keeps what an ended alarm was', () => {
    given(
      history([therapy('standard'), starts({ seq: 1, at: 1 }, 'a', battery), ends({ seq: 2, at: 9 }, 'a', battery)]),
    )
      .when(therapy('critical', 60))
      .thenEvents({ type: 'criticality-set' })
      .thenShown({ priority: 'medium', condition: 'ended' })
  })
})
