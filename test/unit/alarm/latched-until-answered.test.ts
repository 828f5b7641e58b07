import { describe, it } from 'vitest'
import {
  accepts,
  ana,
  ends,
  given,
  history,
  rejects,
  resolves,
  sees,
  starts,
  ticks,
  withdraws,
} from '#test/support/alarm-spec.ts'

describe('an alarm that ends before anybody answered', () => {
  const over = [starts({ seq: 1, at: 0 }, 'a'), ends({ seq: 2, at: 10 }, 'a')]
  const medium = { code: 'temperature', priority: 'medium' } as const
  const low = { code: 'mains-lost', priority: 'low' } as const

  it('latches when it was high', () => {
    given(history(over)).thenShown({ condition: 'latched', response: 'new' })
  })

  it('stays latched when somebody only looked, or could not take it', () => {
    given(history([...over, sees(ana, 'a', 12)])).thenShown({ condition: 'latched', response: 'seen' })
    given(history([...over, rejects(ana, 'a', 12)])).thenShown({ condition: 'latched', response: 'rejected' })
  })

  it('is ended, not latched, once somebody takes it, and latched again when she takes that back', () => {
    given(history([...over, accepts(ana, 'a', 12)])).thenShown({ condition: 'ended', response: 'accepted' })
    given(history([...over, accepts(ana, 'a', 12), withdraws(ana, 'a', 14)])).thenShown({ condition: 'latched' })
  })

  it('is reset and closed by its resolution', () => {
    given(history(over))
      .when(resolves(ana, 'a', 12, 0))
      .thenEvents({ type: 'episode-resolved' }, { type: 'episode-closed', why: 'resolved' })
      .thenShown()
  })

  it('is listed as ended when it was medium or low', () => {
    given(history([starts({ seq: 1, at: 0 }, 'a', medium), ends({ seq: 2, at: 10 }, 'a', medium)])).thenShown({
      condition: 'ended',
      response: 'new',
    })
    given(history([starts({ seq: 1, at: 0 }, 'a', low), ends({ seq: 2, at: 10 }, 'a', low)])).thenShown({
      condition: 'ended',
      response: 'new',
    })
  })

  it('leaves by itself after 10 min only when it was low and nobody took it', () => {
    const ended = history([starts({ seq: 1, at: 0 }, 'a', low), ends({ seq: 2, at: 10 }, 'a', low)])
    given(ended).when(ticks(609.9)).thenEvents()
    given(ended).when(ticks(610)).thenEvents({ type: 'episode-closed', why: 'low-and-over' }).thenShown()
    const taken = [starts({ seq: 1, at: 0 }, 'a', low), accepts(ana, 'a', 5), ends({ seq: 2, at: 10 }, 'a', low)]
    given(history(taken)).when(ticks(9999)).thenEvents()
    given(history([starts({ seq: 1, at: 0 }, 'a', medium), ends({ seq: 2, at: 10 }, 'a', medium)]))
      .when(ticks(9999))
      .thenEvents()
    given(history(over)).when(ticks(9999)).thenEvents()
    given(history([starts({ seq: 1, at: 0 }, 'a', low)]))
      .when(ticks(9999))
      .thenEvents()
  })
})
