import { describe, it } from 'vitest'
import {
  accepts,
  ana,
  declines,
  ends,
  given,
  handsOver,
  history,
  jonas,
  keeps,
  mia,
  rejects,
  resolves,
  second,
  starts,
  takesOver,
  withdraws,
} from '#test/support/alarm-spec.ts'

describe('handing one alarm over', () => {
  const active = [starts({ seq: 1, at: 0 }, 'a', { priority: 'medium', code: 'temperature' })]
  const taken = [...active, accepts(ana, 'a', 5)]
  const offered = [...taken, handsOver(ana, jonas, 'a', 10)]

  it('offers it to a named person while the owner keeps it', () => {
    given(history(taken))
      .when(handsOver(ana, jonas, 'a', 10))
      .thenEvents({ type: 'hand-over-offered', by: ana, to: jonas })
      .thenShown({
        response: 'handed-over',
        owner: ana,
        acceptedAt: second(5),
        handedTo: jonas,
        handedAt: second(10),
        version: 2,
      })
  })

  it('changes the owner at the moment the other takes it over', () => {
    given(history(offered))
      .when(takesOver(jonas, 'a', 20))
      .thenEvents({ type: 'hand-over-taken', by: jonas })
      .thenShown({ response: 'accepted', owner: jonas, acceptedAt: second(20), handedTo: null, handedAt: null })
  })

  it('leaves it with the owner when the other declines, and says why', () => {
    given(history(offered))
      .when(declines(jonas, 'a', 20))
      .thenEvents({ type: 'hand-over-declined', by: jonas, reason: 'already on two calls' })
      .thenShown({ response: 'accepted', owner: ana, acceptedAt: second(5), handedTo: null })
  })

  it('leaves it with the owner when she wants it back', () => {
    given(history(offered))
      .when(keeps(ana, 'a', 20))
      .thenEvents({ type: 'hand-over-withdrawn', by: ana })
      .thenShown({ response: 'accepted', owner: ana, acceptedAt: second(5), handedTo: null })
  })

  it('can name somebody else instead', () => {
    given(history(offered))
      .when(handsOver(ana, mia, 'a', 20, 2))
      .thenEvents({ type: 'hand-over-offered', to: mia })
      .thenShown({ owner: ana, handedTo: mia, handedAt: second(20) })
    given(history(offered))
      .when(handsOver(ana, jonas, 'a', 20, 2))
      .thenEvents()
  })

  it('is for the owner to offer and for the named person to take', () => {
    given(history(active))
      .when(handsOver(ana, jonas, 'a', 10, 0))
      .thenRefused('not-yours')
    given(history(taken))
      .when(handsOver(ana, ana, 'a', 10))
      .thenRefused('to-yourself')
    given(history(taken))
      .when(handsOver(jonas, mia, 'a', 10))
      .thenConflict({ reason: 'taken', by: ana })
    given(history(offered))
      .when(takesOver(mia, 'a', 20))
      .thenRefused('not-offered')
    given(history(offered))
      .when(declines(mia, 'a', 20))
      .thenRefused('not-offered')
    given(history(taken))
      .when(takesOver(jonas, 'a', 20, 1))
      .thenRefused('not-offered')
    given(history(offered))
      .when(accepts(mia, 'a', 20, 2))
      .thenConflict({ reason: 'taken', by: ana, at: second(5) })
  })

  it('tells whoever is too late what happened meanwhile', () => {
    given(history([...offered, keeps(ana, 'a', 15)]))
      .when(takesOver(jonas, 'a', 20))
      .thenConflict({ reason: 'changed', by: ana, at: second(15) })
    given(history([...offered, takesOver(jonas, 'a', 15)]))
      .when(keeps(ana, 'a', 20))
      .thenConflict({ reason: 'taken', by: jonas, at: second(15) })
    given(history([...offered, resolves(ana, 'a', 15, 2)]))
      .when(takesOver(jonas, 'a', 20))
      .thenConflict({ reason: 'resolved', by: ana, at: second(15) })
  })

  it('has no second effect when it is repeated', () => {
    given(history(offered))
      .when(handsOver(ana, jonas, 'a', 10))
      .thenEvents()
    const over = history([...offered, takesOver(jonas, 'a', 15)])
    given(over)
      .when(takesOver(jonas, 'a', 15))
      .thenEvents()
    given(over)
      .when(takesOver(jonas, 'a', 16, 3))
      .thenEvents()
    given(history(offered))
      .when(accepts(ana, 'a', 16, 2))
      .thenEvents()
    given(history(taken))
      .when(keeps(ana, 'a', 16, 1))
      .thenEvents()
  })

  it('is over when the owner gives the alarm up or closes it out', () => {
    given(history(offered))
      .when(withdraws(ana, 'a', 20, 2))
      .thenShown({ response: 'new', owner: null, handedTo: null })
    given(history(offered))
      .when(rejects(ana, 'a', 20, 2))
      .thenShown({ response: 'rejected', owner: null, handedTo: null })
    given(history(offered))
      .when(resolves(ana, 'a', 20, 2))
      .thenShown({ response: 'resolved', owner: ana, handedTo: null })
  })

  it('is taken back with the acceptance when the alarm rises', () => {
    given(history(offered))
      .when(starts({ seq: 2, at: 30 }, 'a', { phase: 'escalate', priority: 'high', code: 'temperature' }))
      .thenEvents(
        { type: 'report-noted' },
        { type: 'condition-changed' },
        { type: 'priority-changed' },
        { type: 'response-taken-back', owner: ana },
      )
      .thenShown({ response: 'new', owner: null, handedTo: null, version: 3 })
  })

  it('goes on over the end of the condition', () => {
    given(history([...offered, ends({ seq: 2, at: 12 }, 'a', { priority: 'medium', code: 'temperature' })]))
      .when(takesOver(jonas, 'a', 20))
      .thenShown({ condition: 'ended', owner: jonas, response: 'accepted' })
  })
})

describe('who cannot take an alarm', () => {
  const active = [starts({ seq: 1, at: 0 }, 'a')]

  it('is kept by name, with the latest reason, so that somebody else is asked next', () => {
    given(history([...active, rejects(ana, 'a', 5), rejects(jonas, 'a', 8, 1), rejects(ana, 'a', 9, 2)])).thenShown({
      response: 'rejected',
      owner: null,
      rejections: [
        { by: jonas, at: second(8), reason: 'on the road for 40 minutes' },
        { by: ana, at: second(9), reason: 'on the road for 40 minutes' },
      ],
    })
  })

  it('stays known while others answer, until she takes it herself or everybody is asked again', () => {
    const passed = [...active, rejects(ana, 'a', 5), accepts(jonas, 'a', 8, 1), withdraws(jonas, 'a', 9, 2)]
    given(history(passed)).thenShown({
      response: 'new',
      rejections: [{ by: ana, at: second(5), reason: 'on the road for 40 minutes' }],
    })
    given(history(passed))
      .when(accepts(ana, 'a', 12, 3))
      .thenShown({ owner: ana, rejections: [] })
    given(history([...passed, ends({ seq: 2, at: 20 }, 'a')]))
      .when(starts({ seq: 3, at: 30 }, 'b'))
      .thenShown({ response: 'new', rejections: [] })
  })
})
