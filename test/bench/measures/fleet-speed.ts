import { mixes } from '#simulators/core/fleet/mixes.ts'
import { step } from '#simulators/core/pump-model.ts'
import { initialState } from '#simulators/core/pump-state.ts'
import { Program } from '#test/support/program.ts'
import type { Measure } from '../measure.ts'

const pumps = 200
const hours = 24
const minuteMs = 60_000

/** What `simulators fleet` says of itself: virtual seconds per second, and MB. */
const fleet = async (...args: readonly string[]): Promise<{ readonly pace: number; readonly mb: number }> => {
  await using program = new Program({ name: 'fleet', args: ['simulators/main.ts', 'fleet', '--seed', '7', ...args] })
  const [, h = '0', s = '1', mb = '0'] = await program.says(/hubs, ([\d.]+) h in ([\d.]+) s, (\d+) MB/, 600_000)
  await program.ended()
  return { pace: (Number(h) * 3600) / Math.max(0.1, Number(s)), mb: Number(mb) }
}

/** The model of as many pumps alone, one step for each sample: no timetable, no alarms, nothing said. */
const bareLoop = (): number => {
  const [therapy] = mixes.home.therapies
  if (therapy === undefined) return 0
  let states = Array.from({ length: pumps }, () => initialState(therapy.settings))
  const startedMs = performance.now()
  for (let ms = 0; ms < hours * 60 * minuteMs; ms += minuteMs)
    states = states.map((state) => step(state, therapy.settings, minuteMs))
  return (hours * 3600 * 1000) / (performance.now() - startedMs)
}

export const measure: Measure = {
  what: 'simulators fleet: 24 h of 200 pumps in virtual time, limit: their model alone; memory of 5,000 pumps on 500 hubs',
  run: async () => {
    const day = await fleet('--pumps', String(pumps), '--hours', String(hours))
    const many = await fleet('--pumps', '5000', '--hubs', '500', '--hours', '1')
    return [
      {
        name: 'fleet, 200 pumps, pace',
        value: day.pace,
        unit: 's per s',
        limit: bareLoop(),
        // 24 h in 3 min.
        target: { on: 'value', atLeast: 480 },
      },
      { name: 'fleet, 5,000 pumps, memory', value: many.mb, unit: 'MB', target: { on: 'value', atMost: 2000 } },
    ]
  },
}
