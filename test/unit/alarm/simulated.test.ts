import { describe, it } from 'vitest'
import { condition, ends, given, history, lists, raises, starts } from '#test/support/alarm-spec.ts'

describe('the mark of demo and test data', () => {
  it('comes from the record', () => {
    for (const mark of ['demo', 'test'] as const)
      given(history([starts({ seq: 1, at: 0 }, 'a', { measurementStatus: [mark] })])).thenShown({ simulated: true })
    given(history([starts({ seq: 1, at: 0 }, 'a')])).thenShown({ simulated: false })
  })

  it('comes from the port, whatever the record says', () => {
    given(history([starts({ seq: 1, at: 0, simulated: true }, 'a')])).thenShown({ simulated: true })
    given(history([lists({ seq: 1, at: 0, simulated: true }, condition('a'))])).thenShown({ simulated: true })
    given(history([raises(0, 'l', { simulated: true })])).thenShown({ simulated: true })
  })

  it('is not lost by later records without it', () => {
    const commands = [
      starts({ seq: 1, at: 0, simulated: true }, 'a'),
      starts({ seq: 2, at: 5 }, 'a', { phase: 'update' }),
    ]
    given(history(commands)).thenShown({ simulated: true })
    given(history([...commands, ends({ seq: 3, at: 9 }, 'a')])).thenShown({ simulated: true, condition: 'latched' })
  })
})
