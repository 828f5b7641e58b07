import { describe, expect, it } from 'vitest'
import type { AlarmCommand } from '#domain/alarm/commands.ts'
import { findEpisode } from '#domain/alarm/state.ts'
import {
  accepts,
  ana,
  ends,
  episode,
  fold,
  given,
  history,
  resolves,
  second,
  starts,
} from '#test/support/alarm-spec.ts'

const flap = (times: number, everySeconds: number): AlarmCommand[] =>
  Array.from({ length: times }, (_, n) => [
    starts({ seq: 2 * n + 1, at: n * everySeconds }, `low-${n}`, { code: 'reservoir-low', priority: 'low' }),
    ends({ seq: 2 * n + 2, at: n * everySeconds + 1 }, `low-${n}`, { code: 'reservoir-low', priority: 'low' }),
  ]).flat()

describe('the same code on the same channel again', () => {
  const once = [starts({ seq: 1, at: 0 }, 'a'), ends({ seq: 2, at: 10 }, 'a')]

  it("is the same episode 60 s after its end, under the hub's old and new id", () => {
    const { state } = given(history(once))
      .when(starts({ seq: 3, at: 70 }, 'b'))
      .thenEvents({ type: 'report-noted' }, { type: 'condition-changed', change: 'started-again' })
      .thenShown({ condition: 'active', recurrence: 1, startedAt: second(0), endedAt: null })
    expect(findEpisode(state, episode('b'))?.episodeId).toBe('a')
  })

  it('is measured on the clock of the boot, however the clock of the server was set in between', () => {
    const ended = [starts({ seq: 1, at: 0 }, 'a'), ends({ seq: 2, at: 3_610, up: 10 }, 'a')]
    given(history(ended))
      .when(starts({ seq: 3, at: 70 }, 'b'))
      .thenShown({ condition: 'active', recurrence: 1 })
    // Ten minutes that look like 20 s.
    given(history(once))
      .when(starts({ seq: 3, at: 30, up: 610 }, 'b'))
      .thenShown({ condition: 'latched' }, { condition: 'active', recurrence: 0 })
  })

  it('is a new episode in another boot when the clock of the server was put back: nobody knows how long it was over', () => {
    const ended = [starts({ seq: 1, at: 3_600 }, 'a'), ends({ seq: 2, at: 3_610 }, 'a')]
    given(history(ended))
      .when(starts({ seq: 3, at: 30, boot: 'boot-2' }, 'b'))
      .thenShown({ condition: 'latched' }, { condition: 'active', startedAt: second(30) })
  })

  it('never ends before it began, also when the clock of the server was put back in between', () => {
    given(history([starts({ seq: 1, at: 3_600 }, 'a')]))
      .when(ends({ seq: 2, at: 30, up: 3_630 }, 'a'))
      .thenShown({ condition: 'latched', startedAt: second(3_600), endedAt: second(3_600) })
  })

  it('is a new episode after that', () => {
    given(history(once))
      .when(starts({ seq: 3, at: 70.001 }, 'b'))
      .thenEvents({ type: 'report-noted' }, { type: 'episode-opened', episodeId: 'b' })
      .thenShown({ condition: 'latched', recurrence: 0 }, { condition: 'active', recurrence: 0 })
  })

  it('is a new episode with an id of its own when the hub uses an old one', () => {
    given(history(once))
      .when(starts({ seq: 3, at: 500 }, 'a'))
      .thenEvents({ type: 'report-noted' }, { type: 'episode-opened', episodeId: 'a.3' })
  })

  it('is another episode on another channel', () => {
    given(history(once))
      .when(starts({ seq: 3, at: 20 }, 'b', { channelId: '2' as never }))
      .thenEvents({ type: 'report-noted' }, { type: 'episode-opened' })
  })

  it('takes the acceptance back', () => {
    given(history([...once.slice(0, 1), accepts(ana, 'a', 5), ...once.slice(1)]))
      .when(starts({ seq: 3, at: 30 }, 'b'))
      .thenEvents(
        { type: 'report-noted' },
        { type: 'condition-changed', change: 'started-again' },
        { type: 'response-taken-back', reason: 'started-again', owner: ana },
      )
      .thenShown({ response: 'new', owner: null, version: 2 })
  })

  it('opens a closed episode again', () => {
    const closed = history([...once.slice(0, 1), accepts(ana, 'a', 5), ...once.slice(1), resolves(ana, 'a', 15)])
    given(closed).thenShown()
    given(closed)
      .when(starts({ seq: 3, at: 40 }, 'b'))
      .thenShown({ episodeId: 'a' as never, condition: 'active', response: 'new', resolved: null })
  })

  it('ends only with the last of several hub episodes', () => {
    const both = history([starts({ seq: 1, at: 0 }, 'a'), starts({ seq: 2, at: 5 }, 'b'), ends({ seq: 3, at: 9 }, 'a')])
    given(both).thenShown({ condition: 'active' })
    given(both)
      .when(ends({ seq: 4, at: 12 }, 'b'))
      .thenShown({ condition: 'latched', endedAt: second(12) })
  })

  it("keeps alarms the catalogue does not know apart by the vendor's code", () => {
    const text = { code: 'device-text' } as const
    given(history([starts({ seq: 1, at: 0 }, 'a', { ...text, vendorCode: '22' })]))
      .when(starts({ seq: 2, at: 1 }, 'b', { ...text, vendorCode: '23' }))
      .thenShown({ condition: 'active' }, { condition: 'active' })
  })
})

describe('a condition that keeps coming back', () => {
  it('is recurring and at least medium at the third re-start within 30 min, not at the second', () => {
    given(history(flap(3, 300))).thenShown(
      { priority: 'low', recurring: false },
      { priority: 'low', recurring: false },
      { priority: 'low', recurring: false },
    )
    given(history(flap(4, 300))).thenShown(
      { recurring: false },
      { recurring: false },
      { recurring: false },
      { priority: 'medium', prioritySource: 'server', priorityRaised: true, recurring: true },
    )
  })

  it('is not recurring when the re-starts are spread over more than 30 min', () => {
    expect(Object.values(fold(history(flap(8, 601))).episodes).some((one) => one.condition.recurring)).toBe(false)
  })

  it('keeps one row while it flaps within 60 s, with a bounded number of names', () => {
    const state = fold(history(flap(60, 20)))
    const [only, ...rest] = Object.values(state.episodes)
    expect(rest).toEqual([])
    expect(only?.condition).toMatchObject({ recurrence: 59, recurring: true })
    expect(only?.condition.aliases.length).toBeLessThanOrEqual(32)
  })
})
