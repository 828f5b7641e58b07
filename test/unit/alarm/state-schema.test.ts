import { describe, expect, it } from 'vitest'
import { alarmStateSchema, type AlarmState } from '#domain/alarm/state.ts'
import { openViews } from '#domain/alarm/view.ts'
import {
  accepts,
  ana,
  ends,
  fold,
  handsOver,
  history,
  jonas,
  lists,
  loses,
  pump,
  rejects,
  resolves,
  starts,
} from '#test/support/alarm-spec.ts'

const events = history([
  starts({ seq: 1, at: 0 }, 'a'),
  rejects(jonas, 'a', 1),
  accepts(ana, 'a', 2, 1),
  handsOver(ana, jonas, 'a', 3, 2),
  starts({ seq: 2, at: 4 }, 'b', { code: 'battery-low', priority: 'medium' }),
  resolves(ana, 'b', 5, 0),
  ends({ seq: 3, at: 6 }, 'b'),
  loses('pump', 7),
  lists({ seq: 4, at: 8 }),
])

/** Every path of fields, with lists and the names of episodes, boots and hubs left out. */
const shape = (value: unknown, path = ''): string[] => {
  if (Array.isArray(value)) return value.flatMap((one) => shape(one, `${path}[]`))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, one]) =>
    shape(one, `${path}.${/^(a|b|hub-1.*)$/.test(name) ? '*' : name}`),
  )
}

const paths = (state: AlarmState): string[] =>
  [...new Set([...shape(state), ...shape(openViews(state, { pumpId: pump, hubId: null }), 'view')])].toSorted()

describe('the shape of what is kept beside the journal', () => {
  it('is the one its number stands for: a change needs the next number', () => {
    expect({ schema: alarmStateSchema, paths: paths(fold(events)) }).toMatchSnapshot()
  })
})
