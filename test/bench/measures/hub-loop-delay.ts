import { hubAtWork } from '../support/hub-at-work.ts'
import type { Measure } from '../measure.ts'

export const measure: Measure = {
  what: 'delay of the hub’s event loop at 10 pumps × 1 Hz, looked at every 10 ms; limit: an empty process beside it',
  run: async (bench) => {
    const { hub, empty } = await bench.once('hub with 10 pumps', () => hubAtWork(bench, 10, { loopDelay: true }))
    return [
      {
        name: 'hub, loop delay p99, 10 pumps',
        value: hub.loop.p99Ms,
        unit: 'ms',
        limit: empty.loop.p99Ms,
        target: { on: 'value', atMost: 50 },
      },
      { name: 'hub, loop delay max, 10 pumps', value: hub.loop.maxMs, unit: 'ms', limit: empty.loop.maxMs },
    ]
  },
}
