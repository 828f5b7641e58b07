import { describe, expect, it } from 'vitest'
import { alarmEngine } from '#domain/alarm/engine.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import {
  accepts,
  ana,
  ends,
  fold,
  given,
  history,
  jonas,
  rejects,
  resolves,
  second,
  sees,
  starts,
  told,
  condition,
  withdraws,
} from '#test/support/alarm-spec.ts'

describe('two nurses and one alarm', () => {
  const active = [starts({ seq: 1, at: 0 }, 'a')]
  const taken = [...active, accepts(ana, 'a', 5)]

  it('lets one win and tells the other who and when', () => {
    given(history(taken))
      .when(accepts(jonas, 'a', 5.2))
      .thenConflict({ reason: 'taken', by: ana, at: second(5) })
      .thenShown({ owner: ana, version: 1, acceptedAt: second(5) })
  })

  it('gives the same answer to the same request again', () => {
    given(history(taken))
      .when(accepts(ana, 'a', 5))
      .thenEvents()
  })

  it('lets the owner take it twice without harm', () => {
    given(history(taken))
      .when(accepts(ana, 'a', 7, 1))
      .thenEvents()
  })

  it('refuses one request id for two different acts', () => {
    const request = history(taken)
    given(request)
      .when({ ...resolves(ana, 'a', 9), requestId: accepts(ana, 'a', 5).requestId })
      .thenRefused('request-id-reused')
  })

  it('refuses an act on an alarm nobody knows', () => {
    given([])
      .when(accepts(ana, 'nowhere', 5))
      .thenRefused('unknown-episode')
  })

  it('lets nobody else withdraw, reject or resolve what one has taken', () => {
    given(history(taken))
      .when(rejects(jonas, 'a', 9, 1))
      .thenConflict({ reason: 'taken', by: ana })
    given(history(taken))
      .when(resolves(jonas, 'a', 9, 1))
      .thenConflict({ reason: 'taken', by: ana })
    given(history(taken))
      .when(withdraws(jonas, 'a', 9, 1))
      .thenConflict({ reason: 'taken', by: ana })
    given(history(active))
      .when(withdraws(jonas, 'a', 9, 0))
      .thenRefused('not-yours')
  })

  it('offers it again when the owner withdraws or cannot take it', () => {
    given(history(taken))
      .when(withdraws(ana, 'a', 9))
      .thenEvents({ type: 'acceptance-withdrawn' })
      .thenShown({ response: 'new', owner: null, version: 2 })
    given(history(taken))
      .when(rejects(ana, 'a', 9, 1))
      .thenEvents({ type: 'episode-rejected', reason: 'on the road for 40 minutes' })
      .thenShown({ response: 'rejected', owner: null })
    given(history([...active, rejects(ana, 'a', 5)]))
      .when(accepts(jonas, 'a', 8, 1))
      .thenShown({ owner: jonas, response: 'accepted' })
  })

  it('does not spoil a Take by a look', () => {
    given(history([...active, sees(ana, 'a', 3)]))
      .when(accepts(jonas, 'a', 4, 0))
      .thenShown({ owner: jonas })
    given(history([...taken]))
      .when(sees(jonas, 'a', 6, 0))
      .thenEvents()
  })

  it('tells a nurse who closes out an alarm that came back meanwhile', () => {
    const back = history([...taken, ends({ seq: 2, at: 10 }, 'a'), starts({ seq: 3, at: 20 }, 'b')])
    given(back)
      .when(resolves(ana, 'a', 21, 1))
      .thenConflict({ reason: 'changed', by: null, at: second(20) })
  })

  it('lets her close out an alarm whose end she had not seen yet', () => {
    given(history([...taken, ends({ seq: 2, at: 10 }, 'a')]))
      .when(resolves(ana, 'a', 10.1, 1))
      .thenEvents({ type: 'episode-resolved' }, { type: 'episode-closed' })
  })

  it('tells who resolved it before', () => {
    given(history([...taken, resolves(ana, 'a', 9)]))
      .when(accepts(jonas, 'a', 12, 1))
      .thenConflict({ reason: 'resolved', by: ana, at: second(9) })
  })

  it('tells who closed it before', () => {
    given(history([...taken, ends({ seq: 2, at: 8 }, 'a'), resolves(ana, 'a', 9)]))
      .when(resolves(jonas, 'a', 12, 1))
      .thenConflict({ reason: 'closed', by: ana, at: second(9) })
  })

  it('finds the alarm under any id the hub gave it', () => {
    given(history([...active, told({ seq: 2, at: 5 }, condition('b'))]))
      .when(accepts(ana, 'b', 9, 0))
      .thenEvents({ type: 'episode-accepted', episodeId: 'a' })
  })

  it('has one owner whatever the order of the two', () => {
    const state = fold(history(active))
    for (const [first, other] of [
      [ana, jonas],
      [jonas, ana],
    ] as const) {
      const won = alarmEngine.decide(state, accepts(first, 'a', 5), defaultAlarmPolicy)
      expect(won.outcome).toBe('ok')
      const after = won.outcome === 'ok' ? fold(won.events, state) : state
      expect(alarmEngine.decide(after, accepts(other, 'a', 5), defaultAlarmPolicy)).toMatchObject({
        outcome: 'conflict',
        by: first,
      })
    }
  })
})
