import { hubAtWork } from '../support/hub-at-work.ts'
import type { Measure } from '../measure.ts'

export const measure: Measure = {
  what: 'highest resident memory of the hub at 4 pumps × 1 Hz; limit: the same Node on an empty .ts file beside it',
  run: async (bench) => {
    const { hub, empty } = await bench.once('hub with 4 pumps', () => hubAtWork(bench, 4, { loopDelay: false }))
    return [
      {
        name: 'hub, resident memory, 4 pumps',
        value: hub.residentBytes / 1e6,
        unit: 'MB',
        limit: empty.residentBytes / 1e6,
        target: { on: 'ratio', atMost: 2.5 },
      },
    ]
  },
}
