import { wallAtWork } from '../support/wall-at-work.ts'
import type { Measure } from '../measure.ts'

const p99 = (sorted: readonly number[]): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? Number.NaN
const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN

export const measure: Measure = {
  what: 'the wall of 5,000 pumps in Chromium, 1,000 updates a second, 120 open alarms and 60 new ones; again on a processor four times slower',
  run: async (bench) => {
    const desk = await bench.once('wall', () => wallAtWork(bench, 1))
    const slow = await bench.once('wall, slow', () => wallAtWork(bench, 4))
    return [
      {
        name: 'wall, main thread',
        value: desk.mainMsPerSecond,
        unit: 'ms per s',
        target: { on: 'value', atMost: 250 },
      },
      { name: 'wall, emit to painted row, median', value: median(desk.paintedMs), unit: 'ms' },
      {
        name: 'wall, emit to painted row, p99',
        value: p99(desk.paintedMs),
        unit: 'ms',
        target: { on: 'value', atMost: 60 },
      },
      {
        name: 'wall, emit to painted row, p99, 4 × throttle',
        value: p99(slow.paintedMs),
        unit: 'ms',
        target: { on: 'value', atMost: 120 },
      },
      { name: 'wall, main thread, 4 × throttle', value: slow.mainMsPerSecond, unit: 'ms per s' },
      { name: 'wall, heap', value: desk.heapMb, unit: 'MB' },
      {
        name: 'wall, heap growth',
        value: desk.heapGrowthMb,
        unit: 'MB',
        target: { on: 'value', atMost: 5 },
      },
      {
        name: 'wall, snapshot of 5,000 pumps to first paint',
        value: desk.firstPaintMs,
        unit: 'ms',
        target: { on: 'value', atMost: 1_000 },
      },
    ]
  },
}
