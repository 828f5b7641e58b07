import { hubAtWork } from '../support/hub-at-work.ts'
import type { Measure } from '../measure.ts'

export const measure: Measure = {
  what: 'user and system time of the hub at 4 pumps × 1 Hz; limit: an empty process beside it',
  run: async (bench) => {
    const { hub, empty } = await bench.once('hub with 4 pumps', () => hubAtWork(bench, 4, { loopDelay: false }))
    return [
      {
        name: 'hub, processor, 4 pumps',
        value: hub.cpuPercent,
        unit: '% of a core',
        limit: empty.cpuPercent,
        target: { on: 'value', atMost: 3 },
      },
    ]
  },
}
