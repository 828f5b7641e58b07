import { hubAtWork } from '../support/hub-at-work.ts'
import type { Measure } from '../measure.ts'

export const measure: Measure = {
  what: 'bytes the hub writes to its disk per sample at 10 pumps × 1 Hz, write-ahead log and checkpoints included',
  run: async (bench) => {
    const work = await bench.once('hub with 10 pumps', () => hubAtWork(bench, 10, { loopDelay: true }))
    if (work.inMemory) {
      bench.say('  not measured: the temporary folder is in memory. Set TMPDIR to a folder on a disk.')
      return []
    }
    return [
      {
        name: 'hub, written per sample, 10 pumps',
        value: work.writtenBytes / work.samples / 1e3,
        unit: 'kB',
        target: { on: 'value', atMost: 4 },
      },
      { name: 'hub, samples settled, 10 pumps', value: work.samples / work.seconds, unit: '1/s' },
    ]
  },
}
