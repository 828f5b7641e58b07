import { describe, it } from 'vitest'
import {
  accepts,
  ana,
  ends,
  escalates,
  given,
  history,
  jonas,
  mia,
  resolves,
  second,
  starts,
} from '#test/support/alarm-spec.ts'

const active = [starts({ seq: 1, at: 0 }, 'a')]
const taken = [...active, accepts(ana, 'a', 5)]

describe('an escalation', () => {
  it('asks more people: owner, response, priority and version stay', () => {
    given(history(taken))
      .when(escalates(ana, 'a', 20, mia, 1))
      .thenEvents({ type: 'notification-escalated', by: ana, to: mia })
      .thenShown({
        owner: ana,
        response: 'accepted',
        priority: 'high',
        priorityRaised: false,
        version: 1,
        escalated: { by: ana, to: mia, at: second(20) },
      })
  })

  it('may come from anybody who saw the alarm as it is, also when nobody has it', () => {
    given(history(active))
      .when(escalates(jonas, 'a', 20))
      .thenShown({ owner: null, response: 'new', escalated: { by: jonas, to: null, at: second(20) } })
    given(history(taken))
      .when(escalates(jonas, 'a', 20, null, 1))
      .thenEvents({ type: 'notification-escalated' })
    given(history(taken))
      .when(escalates(jonas, 'a', 20))
      .thenConflict({ reason: 'changed', by: ana })
  })

  it('does not spoil a Take', () => {
    given(history([...active, escalates(jonas, 'a', 20)]))
      .when(accepts(mia, 'a', 21, 0))
      .thenShown({ owner: mia, escalated: { by: jonas, to: null, at: second(20) } })
  })

  it('has one effect for one request', () => {
    given(history([...active, escalates(jonas, 'a', 20)]))
      .when(escalates(jonas, 'a', 20))
      .thenEvents()
  })

  it('is over with the run of the condition, and not for what is closed out', () => {
    given(history([...taken, escalates(ana, 'a', 20, null, 1), ends({ seq: 2, at: 30 }, 'a')])).thenShown({
      escalated: null,
    })
    given(history([...taken, resolves(ana, 'a', 20)]))
      .when(escalates(ana, 'a', 30, null, 2))
      .thenConflict({ reason: 'resolved' })
    given(history(active))
      .when(escalates(ana, 'a', 30, ana))
      .thenRefused('to-yourself')
  })
})
