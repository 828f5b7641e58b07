import { describe, expect, it } from 'vitest'
import { catalogue } from '#domain/alarm/catalogue.ts'
import { AlarmCode } from '#domain/alarm/codes.ts'
import {
  accepts,
  ana,
  ends,
  given,
  history,
  jonas,
  loses,
  rejects,
  sees,
  starts,
  ticks,
  withdraws,
} from '#test/support/alarm-spec.ts'

const hour = 3600
const warm = { code: 'temperature', priority: 'medium' } as const

describe('a medium alarm that nobody has', () => {
  const active = [starts({ seq: 1, at: 0 }, 'a', warm)]

  it('becomes high after an hour, by the word of the server', () => {
    given(history(active))
      .when(ticks(hour - 0.001))
      .thenEvents()
    given(history(active))
      .when(ticks(hour))
      .thenEvents(
        { type: 'unanswered-too-long' },
        { type: 'priority-changed', shown: { priority: 'high', source: 'server', raised: true } },
      )
      .thenShown({ priority: 'high', prioritySource: 'server', priorityRaised: true, response: 'new' })
  })

  it('becomes so once', () => {
    given(history([...active, ticks(hour)]))
      .when(ticks(2 * hour))
      .thenEvents()
  })

  it('does so whatever was said without taking it, and then everybody is asked again', () => {
    given(history([...active, sees(ana, 'a', 60), rejects(ana, 'a', 3500)]))
      .when(ticks(hour))
      .thenEvents(
        { type: 'unanswered-too-long' },
        { type: 'priority-changed' },
        { type: 'response-taken-back', reason: 'priority-raised' },
      )
      .thenShown({ priority: 'high', response: 'new', rejections: [] })
  })

  it('waits anew from when its owner gave it up', () => {
    const offered = history([...active, accepts(ana, 'a', 60), withdraws(ana, 'a', 3000)])
    given(offered).when(ticks(hour)).thenEvents()
    given(offered)
      .when(ticks(3000 + hour))
      .thenShown({ priority: 'high' })
  })

  it('stays as it is while somebody has it, and when it is over, unverified or late', () => {
    given(history([...active, accepts(ana, 'a', 60)]))
      .when(ticks(2 * hour))
      .thenEvents({ type: 'check-in-missed' })
      .thenShown({ priority: 'medium', owner: ana })
    for (const more of [[ends({ seq: 2, at: 60 }, 'a', warm)], [loses('pump', 60)]])
      given(history([...active, ...more]))
        .when(ticks(2 * hour))
        .thenEvents()
    given(history([starts({ seq: 1, at: 0, delay: 500 }, 'a', warm)]))
      .when(ticks(2 * hour))
      .thenEvents()
  })

  it('stays high when somebody takes it, and begins anew when it comes again', () => {
    const late = [...active, ticks(hour), accepts(jonas, 'a', hour + 5)]
    given(history(late)).thenShown({ priority: 'high', owner: jonas })
    given(history([...late, ends({ seq: 2, at: hour + 60 }, 'a', warm)]))
      .when(starts({ seq: 3, at: hour + 90 }, 'b', warm))
      .thenShown({ priority: 'medium', response: 'new', owner: null })
  })
})

describe('the rise by time', () => {
  it('is for what gets worse for the patient, never for a low alarm nor for what staff repair', () => {
    for (const [code, priority] of [
      ['reservoir-low', 'low'],
      ['settings-changed', 'medium'],
    ] as const)
      given(history([starts({ seq: 1, at: 0 }, 'a', { code, priority })]))
        .when(ticks(5 * hour))
        .thenEvents()
    expect(AlarmCode.options.filter((code) => catalogue[code].worseUnanswered === true)).toEqual([
      'infusion-complete',
      'kvo-ended',
      'battery-low',
      'sensor-fault',
      'temperature',
      'paused-too-long',
      'device-text',
      'link-lost-pump',
      'link-lost-hub',
      'missed-start',
      'stopped-early',
      'under-infusion',
      'over-infusion',
      'hub-auth-failed',
    ])
  })
})
