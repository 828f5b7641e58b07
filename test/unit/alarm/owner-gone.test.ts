import { describe, it } from 'vitest'
import {
  accepts,
  ana,
  ends,
  given,
  handsOver,
  history,
  jonas,
  leaves,
  mia,
  rejects,
  resolves,
  returns,
  second,
  starts,
  takesFrom,
  takesOver,
} from '#test/support/alarm-spec.ts'

const taken = [starts({ seq: 1, at: 0 }, 'a'), rejects(mia, 'a', 3), accepts(ana, 'a', 5, 1)]

describe('an owner who is gone', () => {
  it('has nothing any more that goes on: it is asked anew, and everybody sees why', () => {
    given(history(taken))
      .when(leaves(ana, 200))
      .thenEvents({ type: 'acceptance-lapsed', owner: ana, why: 'owner-gone' })
      .thenShown({
        condition: 'active',
        response: 'new',
        owner: null,
        rejections: [],
        formerOwner: { person: ana, until: second(200), why: 'owner-gone', by: null, reason: null },
      })
  })

  it('loses what was offered to somebody as well, and the offer with it', () => {
    given(history([...taken, handsOver(ana, jonas, 'a', 60, 2), leaves(ana, 200)])).thenShown({
      response: 'new',
      handedTo: null,
    })
  })

  it('changes nothing for others, nor for what is closed out', () => {
    given(history(taken)).when(leaves(jonas, 200)).thenEvents()
    given(history([...taken, resolves(ana, 'a', 60, 2)]))
      .when(leaves(ana, 200))
      .thenEvents()
  })

  it('keeps what is over, marked, until somebody takes it with a reason', () => {
    const over = [...taken, ends({ seq: 2, at: 60 }, 'a')]
    given(history(over))
      .when(takesFrom(jonas, 'a', 100, 2))
      .thenRefused('owner-is-there')
    const marked = [...over, leaves(ana, 200)]
    given(history(over))
      .when(leaves(ana, 200))
      .thenEvents({ type: 'owner-gone', owner: ana })
      .thenShown({ condition: 'ended', owner: ana, ownerGoneAt: second(200), version: 3 })
    given(history(marked)).when(leaves(ana, 300)).thenEvents()
    given(history(marked))
      .when(takesFrom(jonas, 'a', 210, 3))
      .thenEvents({ type: 'taken-from', by: jonas, from: ana, reason: 'she does not answer' })
      .thenShown({
        owner: jonas,
        acceptedAt: second(210),
        ownerGoneAt: null,
        formerOwner: {
          person: ana,
          until: second(210),
          why: 'taken-from',
          by: jonas,
          reason: 'she does not answer',
        },
      })
  })

  it('is shown as back when she is, and whoever comes too late is told', () => {
    const back = [...taken, ends({ seq: 2, at: 60 }, 'a'), leaves(ana, 200), returns(ana, 220)]
    given(history(back)).thenShown({ owner: ana, ownerGoneAt: null })
    given(history(back))
      .when(takesFrom(jonas, 'a', 230, 3))
      .thenConflict({ reason: 'changed' })
    given(history(back))
      .when(takesFrom(jonas, 'a', 230, 4))
      .thenRefused('owner-is-there')
  })

  it('is back by any act of hers', () => {
    const over = [...taken, ends({ seq: 2, at: 60 }, 'a'), leaves(ana, 200)]
    given(history([...over, handsOver(ana, jonas, 'a', 210, 3)])).thenShown({ ownerGoneAt: null, handedTo: jonas })
  })
})

describe('taking an alarm from its owner', () => {
  it('is for a lead at any time, with a reason, by the version she saw', () => {
    given(history(taken))
      .when(takesFrom(jonas, 'a', 20, 2, true))
      .thenEvents({ type: 'taken-from', from: ana })
      .thenShown({ owner: jonas, response: 'accepted', version: 3 })
    given(history(taken))
      .when(takesFrom(jonas, 'a', 20, 1, true))
      .thenConflict({ reason: 'changed', by: ana })
  })

  it('is not needed when nobody has it', () => {
    given(history([starts({ seq: 1, at: 0 }, 'a')]))
      .when(takesFrom(jonas, 'a', 20, 0, true))
      .thenRefused('nobody-has-it')
  })

  it('ends an offer of hers', () => {
    const offered = [...taken, handsOver(ana, mia, 'a', 60, 2), takesFrom(jonas, 'a', 70, 3, true)]
    given(history(offered)).thenShown({ owner: jonas, handedTo: null })
    given(history(offered))
      .when(takesOver(mia, 'a', 80, 4))
      .thenRefused('not-offered')
  })
})
