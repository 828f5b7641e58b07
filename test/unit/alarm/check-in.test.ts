import { describe, expect, it } from 'vitest'
import { isForTheLead } from '#domain/alarm/check-in.ts'
import type { TriageRecord } from '#domain/alarm/triage.ts'
import { openViews } from '#domain/alarm/view.ts'
import {
  accepts,
  ana,
  checksIn,
  declines,
  ends,
  episode,
  escalates,
  fold,
  given,
  handsOver,
  history,
  jonas,
  keeps,
  loses,
  pump,
  resolves,
  second,
  starts,
  ticks,
  withdraws,
} from '#test/support/alarm-spec.ts'

const min = 60
const low = { code: 'reservoir-low', priority: 'low' } as const
const medium = { code: 'temperature', priority: 'medium' } as const
const nothing: TriageRecord = {
  calledAt: null,
  spokeTo: null,
  finding: null,
  action: 'called the carer',
  outcome: '',
  class: null,
}

describe('who has a high alarm that goes on', () => {
  const taken = [starts({ seq: 1, at: 0 }, 'a'), accepts(ana, 'a', 5)]
  const missed = [...taken, ticks(5 + 5 * min)]
  const until = second(5 + 6 * min)
  const wasAnas = { person: ana, until, why: 'check-in-missed', by: null, reason: null } as const

  it('is asked for a word every 5 min, and the screen says by when', () => {
    given(history(taken)).thenShown({
      checkedAt: second(5),
      next: { step: 'check-in', dueAt: second(5 + 5 * min) },
    })
    given(history(taken))
      .when(ticks(5 + 5 * min - 0.001))
      .thenEvents()
  })

  it('says that she is still on it, and has her time anew', () => {
    given(history(taken))
      .when(checksIn(ana, 'a', 4 * min))
      .thenEvents({ type: 'checked-in', by: ana })
      .thenShown({
        owner: ana,
        acceptedAt: second(5),
        checkedAt: second(4 * min),
        version: 2,
        next: { step: 'check-in', dueAt: second(9 * min) },
      })
  })

  it('says so by anything else she does about it', () => {
    for (const acts of [
      [handsOver(ana, jonas, 'a', 4 * min)],
      [handsOver(ana, jonas, 'a', 60), keeps(ana, 'a', 4 * min)],
      [escalates(ana, 'a', 4 * min, null, 1)],
    ])
      given(history([...taken, ...acts])).thenShown({ checkedAt: second(4 * min), checkInMissedAt: null })
    const wrote = history([
      ...taken,
      {
        type: 'record-triage',
        at: second(4 * min),
        episodeId: episode('a'),
        by: ana,
        expectedVersion: 0,
        knownVersion: 0,
        requestId: 'triage-1',
        record: nothing,
      },
    ])
    given(wrote).thenShown({ checkedAt: second(4 * min) })
  })

  it('does not say so by what somebody else does', () => {
    given(history([...taken, handsOver(ana, jonas, 'a', 60), declines(jonas, 'a', 4 * min)])).thenShown({
      checkedAt: second(60),
    })
  })

  it('is told that she missed it, and still has it', () => {
    given(history(taken))
      .when(ticks(5 + 5 * min))
      .thenEvents({ type: 'check-in-missed', owner: ana })
      .thenShown({
        owner: ana,
        response: 'accepted',
        checkInMissedAt: second(5 + 5 * min),
        next: { step: 'lapse', dueAt: second(5 + 6 * min) },
      })
    given(history(missed))
      .when(ticks(6 * min))
      .thenEvents()
  })

  it('keeps it when she says so within 60 s', () => {
    given(history(missed))
      .when(checksIn(ana, 'a', 5.5 * min, 2))
      .thenShown({ owner: ana, checkInMissedAt: null, next: { step: 'check-in', dueAt: second(10.5 * min) } })
  })

  it('has it no more after that: everybody is asked again and sees whose it was', () => {
    given(history(missed))
      .when(ticks(5 + 6 * min))
      .thenEvents({ type: 'acceptance-lapsed', owner: ana, why: 'check-in-missed' })
      .thenShown({
        condition: 'active',
        response: 'new',
        owner: null,
        acceptedAt: null,
        rejections: [],
        next: null,
        formerOwner: wasAnas,
      })
  })

  it('can take it again, as anybody can, and the row says whose it was', () => {
    const lapsed = [...missed, ticks(5 + 6 * min)]
    given(history(lapsed))
      .when(checksIn(ana, 'a', 7 * min, 3))
      .thenRefused('not-yours')
    for (const by of [ana, jonas])
      given(history(lapsed))
        .when(accepts(by, 'a', 7 * min, 3))
        .thenShown({ owner: by, formerOwner: wasAnas })
  })

  it('has her whole time after a stop of the server, and after a clock that went back', () => {
    given(history(taken))
      .when(ticks(60 * min))
      .thenEvents({ type: 'check-in-missed' })
      .thenShown({ next: { step: 'lapse', dueAt: second(61 * min) } })
    given(history(taken))
      .when(ticks(-3600))
      .thenEvents({ type: 'clock-put-back' }, { type: 'check-in-put-back' })
      .thenShown({ checkedAt: second(-3600), next: { step: 'check-in', dueAt: second(-3600 + 5 * min) } })
  })

  it('is asked while it is unverified, and not when it is over or closed out', () => {
    given(history([...taken, loses('pump', 60)]))
      .when(ticks(10 * min))
      .thenEvents({ type: 'check-in-missed' })
    for (const more of [ends({ seq: 2, at: 60 }, 'a'), resolves(ana, 'a', 60), withdraws(ana, 'a', 60)])
      given(history([...taken, more]))
        .when(ticks(60 * min))
        .thenEvents()
  })
})

describe('who has another alarm', () => {
  it('is asked every 15 min about a medium one, and has it for 5 min more', () => {
    const taken = [starts({ seq: 1, at: 0 }, 'a', medium), accepts(ana, 'a', 0)]
    given(history(taken))
      .when(ticks(15 * min))
      .thenEvents({ type: 'check-in-missed' })
    given(history([...taken, ticks(15 * min)]))
      .when(ticks(20 * min - 1))
      .thenEvents()
    given(history([...taken, ticks(15 * min)]))
      .when(ticks(20 * min))
      .thenEvents({ type: 'acceptance-lapsed' })
  })

  it('keeps a low one, and after an hour it is an entry for the lead', () => {
    const taken = [starts({ seq: 1, at: 0 }, 'a', low), accepts(ana, 'a', 0)]
    given(history(taken))
      .when(ticks(60 * min))
      .thenEvents({ type: 'check-in-missed' })
      .thenShown({ owner: ana, checkInMissedAt: second(60 * min), next: null })
    given(history([...taken, ticks(60 * min)]))
      .when(ticks(600 * min))
      .thenEvents()
    const [before, after] = [taken, [...taken, ticks(60 * min)]].map((commands) =>
      openViews(fold(history(commands)), { pumpId: pump, hubId: null }).map(isForTheLead),
    )
    expect([before, after]).toEqual([[false], [true]])
  })

  it('is not asked for a check-in by anybody else', () => {
    const taken = [starts({ seq: 1, at: 0 }, 'a'), accepts(ana, 'a', 0)]
    given(history(taken))
      .when(checksIn(jonas, 'a', 60))
      .thenConflict({ reason: 'taken', by: ana })
  })
})
