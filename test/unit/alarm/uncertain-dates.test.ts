import { describe, it } from 'vitest'
import { condition, ends, given, history, lists, second, starts } from '#test/support/alarm-spec.ts'

// A boot that is killed before it has an anchor is dated between its neighbours: to the second at best, often worse.
describe('dates that are known to some seconds only', () => {
  const begun = starts({ seq: 1, at: 0 }, 'a')

  it('are told as uncertain as the end is, when it is known worse than the start', () => {
    given(history([begun, ends({ seq: 2, at: 30, uncertaintyMs: 7_500 }, 'a')])).thenShown({
      endedAt: second(30),
      uncertaintyMs: 7_500,
    })
    given(history([begun, lists({ seq: 2, at: 30, boot: 'boot-2', uncertaintyMs: 7_500 })])).thenShown({
      endUnobserved: true,
      uncertaintyMs: 7_500,
    })
  })

  it('stay as uncertain as the start is, when the end is known better', () => {
    const vague = starts({ seq: 1, at: 0, uncertaintyMs: 4_000 }, 'a')
    given(history([vague, ends({ seq: 2, at: 30 }, 'a')])).thenShown({ uncertaintyMs: 4_000 })
  })

  it('are as certain as the start while the alarm goes on', () => {
    given(history([begun, lists({ seq: 2, at: 30, uncertaintyMs: 7_500 }, condition('a'))])).thenShown({
      endedAt: null,
      uncertaintyMs: 20,
    })
  })
})
