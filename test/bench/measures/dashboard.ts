import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Measured } from '../figure.ts'
import type { Bench, Measure } from '../measure.ts'
import { wallAtWork } from '../support/wall-at-work.ts'
import type { WallFigures } from '../support/wall-at-work.ts'
import type { Way } from '../support/wall-hops.ts'

const root = join(import.meta.dirname, '..', '..', '..')

const share =
  (of: number) =>
  (values: readonly (number | null)[]): number => {
    const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? Number.NaN
  }
const p99 = share(0.99)
const median = share(0.5)

const paintedMs = ({ ways }: WallFigures): readonly number[] => ways.map(({ painted }) => painted)

const hops = [
  ['handedOn', 'the worker has read it'],
  ['heard', 'the page begins with it'],
  ['drawn', 'its row is in the document'],
  ['painted', 'it is painted'],
] as const

/** How long an alarm takes from each place on its way to the next: half of them, and the slowest. */
const hopsOf = (what: string, { ways }: WallFigures, bare: WallFigures): readonly Measured[] =>
  hops.flatMap(([hop, until], at) => {
    const before = hops[at - 1]?.[0]
    const took = (of: readonly Way[]) =>
      of.map((way) => {
        const from = before === undefined ? 0 : way[before]
        const to = way[hop]
        return from === null || to === null ? null : to - from
      })
    return [['median', median] as const, ['p99', p99] as const].map(([name, figure]) => ({
      name: `${what}, until ${until}, ${name}`,
      value: figure(took(ways)),
      unit: 'ms',
      ...limitOf(figure(took(bare.ways))),
    }))
  })

const limitOf = (limit: number): { limit?: number } => (Number.isNaN(limit) ? {} : { limit })

/** The page that does nothing but show rows, on the same feed in the same browser. */
const bareWall = async (bench: Bench, throttle: number): Promise<WallFigures> => {
  const dist = await mkdtemp(join(tmpdir(), 'bare-wall-'))
  try {
    await cp(join(root, 'test', 'bench', 'bare-wall'), dist, { recursive: true })
    const client = 'socket.io.esm.min.js'
    await cp(join(root, 'node_modules', 'socket.io-client', 'dist', client), join(dist, client))
    return await wallAtWork({ ...bench, seconds: 5 }, { dist, throttle, what: 'a bare page' })
  } finally {
    await rm(dist, { recursive: true, force: true })
  }
}

/** Steady state of the throttled page; `--seconds 1800` is for the heap of the other one. */
const slowSeconds = 60

const wall = (bench: Bench, throttle: number): Promise<WallFigures> =>
  wallAtWork(bench, { dist: join(root, 'dashboard', 'dist'), throttle, what: 'the wall' })

export const measure: Measure = {
  what: 'the wall of 5,000 pumps in Chromium, 1,000 updates a second, 120 open alarms and 120 new ones; again on a processor four times slower; limit: a bare page on the same feed',
  run: async (bench) => {
    const desk = await bench.once('wall', () => wall(bench, 1))
    const slow = await bench.once('wall, slow', () =>
      wall({ ...bench, seconds: Math.min(bench.seconds, slowSeconds) }, 4),
    )
    const bare = await bench.once('bare wall', () => bareWall(bench, 1))
    const bareSlow = await bench.once('bare wall, slow', () => bareWall(bench, 4))
    return [
      {
        name: 'wall, main thread',
        value: desk.mainMsPerSecond,
        unit: 'ms per s',
        limit: bare.mainMsPerSecond,
        target: { on: 'value', atMost: 250 },
      },
      {
        name: 'wall, emit to painted row, median',
        value: median(paintedMs(desk)),
        unit: 'ms',
        limit: median(paintedMs(bare)),
      },
      {
        name: 'wall, emit to painted row, p99',
        value: p99(paintedMs(desk)),
        unit: 'ms',
        limit: p99(paintedMs(bare)),
        target: { on: 'value', atMost: 60 },
      },
      {
        name: 'wall, emit to painted row, median, 4 × throttle',
        value: median(paintedMs(slow)),
        unit: 'ms',
        limit: median(paintedMs(bareSlow)),
      },
      {
        name: 'wall, emit to painted row, p99, 4 × throttle',
        value: p99(paintedMs(slow)),
        unit: 'ms',
        limit: p99(paintedMs(bareSlow)),
        target: { on: 'value', atMost: 120 },
      },
      {
        name: 'wall, main thread, 4 × throttle',
        value: slow.mainMsPerSecond,
        unit: 'ms per s',
        limit: bareSlow.mainMsPerSecond,
      },
      { name: 'wall, heap', value: desk.heapMb, unit: 'MB', limit: bare.heapMb },
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
        limit: bare.firstPaintMs,
        target: { on: 'value', atMost: 1_000 },
      },
      ...hopsOf('wall', desk, bare),
      ...hopsOf('wall, 4 × throttle', slow, bareSlow),
    ]
  },
}
