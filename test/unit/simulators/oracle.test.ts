import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inParallel } from '#simulators/core/in-parallel.ts'
import { compareAlarms } from '#simulators/core/oracle/compare-alarms.ts'
import { compareSamples } from '#simulators/core/oracle/compare-samples.ts'
import { pardonedMs, type Pardon } from '#simulators/core/oracle/compare-silence.ts'
import { usualTolerance } from '#simulators/core/oracle/finding.ts'
import { readTold } from '#simulators/core/oracle/told.ts'
import type { TruthLine } from '#simulators/core/oracle/truth-line.ts'
import { verdictLines, verdictOf, verdictTable } from '#simulators/core/oracle/verdict.ts'
import { windowsOf } from '#simulators/core/oracle/windows.ts'
import type { AlarmView } from '#domain/live/views.ts'

const t0 = 1_767_225_600_000
const second = 1_000

/** A pump on a cable that tells a sample every second of the given ones. */
const talk = (seconds: readonly number[], more: Partial<TruthLine> = {}): readonly TruthLine[] => [
  { kind: 'story', pumpId: 'P-1', wallAt: t0, scenario: 'none-of-the-library' },
  { kind: 'host', pumpId: 'P-1', wallAt: t0 },
  ...seconds.map((at) => ({
    kind: 'sample',
    pumpId: 'P-1',
    wallAt: t0 + at * second,
    uptimeMs: at * second,
    ids: { boot: 'B', seq: at },
    infusedTotalMl: at,
    droppedBytes: 0,
    ...more,
  })),
]

const until = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, index) => from + index)

const cause = (fault: string, from: number, to: number): readonly TruthLine[] => [
  { kind: 'fault', pumpId: 'P-1', wallAt: t0 + from * second, fault, on: true },
  { kind: 'fault', pumpId: 'P-1', wallAt: t0 + to * second, fault, on: false },
  { kind: 'host', pumpId: 'P-1', wallAt: t0 + to * second },
]

const inOrder = (lines: readonly TruthLine[]): readonly TruthLine[] => lines.toSorted((a, b) => a.wallAt - b.wallAt)

const alarm = (code: string, from: number, to: number | null): AlarmView =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the oracle looks at
  ({
    episodeId: `${code} ${from}`,
    pumpId: code === 'link-lost-hub' ? null : 'P-1',
    hubId: 'hub-1',
    code,
    priority: 'medium',
    condition: to === null ? 'active' : 'ended',
    startedAt: t0 + from * second,
    observedAt: t0 + from * second,
    endedAt: to === null ? null : t0 + to * second,
    uncertaintyMs: 10,
  }) as unknown as AlarmView

const judge = (lines: readonly TruthLine[], alarms: readonly AlarmView[], pardons: readonly Pardon[] = []) => {
  const settledAt = t0 + 120 * second
  const told = readTold(inOrder(lines), settledAt)
  return compareAlarms(told, alarms, settledAt, usualTolerance, () => pardons).map(({ kind }) => kind)
}

const stall = (from: number, ms: number): Pardon => ({
  from: t0 + from * second,
  until: t0 + from * second + ms,
  ms,
})

const edges = (from: number, to: number): readonly TruthLine[] =>
  [true, false].map((raised) => ({
    kind: 'alarm',
    pumpId: 'P-1',
    wallAt: t0 + (raised ? from : to) * second,
    code: 'occlusion-downstream',
    raised,
    priority: 'medium' as const,
  }))

const out = (wallAt: number): TruthLine => ({ kind: 'act', pumpId: 'P-1', wallAt, act: 'unplug' })
const owed = (lines: readonly TruthLine[]): number =>
  readTold(inOrder(lines), Infinity).samples.filter(({ isOwed }) => isOwed).length

/** Silent from 20 s to 60 s, because the line looked open and swallowed everything. */
const swallowed = [...talk([...until(0, 20), ...until(60, 110)]), ...cause('half-open', 20, 60)]

describe('Pump not heard', () => {
  it('is owed for a silence that somebody made, in time', () => {
    expect(judge(swallowed, [alarm('link-lost-pump', 25, 61)])).toEqual([])
    expect(judge(swallowed, [])).toEqual(['missing'])
    expect(judge(swallowed, [alarm('link-lost-pump', 45, 61)])).toEqual(['late'])
  })

  it('may come later by what the hub proves that it stood still, and not by more', () => {
    const late = [alarm('link-lost-pump', 45, 61)]
    expect(judge(swallowed, late, [stall(22, 14_000)])).toEqual([])
    expect(judge(swallowed, late, [stall(22, 4_000)])).toEqual(['late'])
    expect(judge(swallowed, late, [stall(2, 14_000)])).toEqual(['late'])
    expect(judge(swallowed, [], [stall(22, 14_000)])).toEqual(['missing'])
  })

  it('is not owed while the whole hub is lost, and not for a silence that nobody knows the reason of', () => {
    expect(judge(swallowed, [alarm('link-lost-hub', 30, 90)])).toEqual([])
    expect(judge(talk([...until(0, 20), ...until(60, 110)]), [])).toEqual([])
  })

  it('is invented for a pump that was heard all the time, also soon after it was cut off', () => {
    expect(judge(talk(until(0, 110)), [alarm('link-lost-pump', 50, 52)])).toEqual(['false'])
    expect(judge(swallowed, [alarm('link-lost-pump', 25, 61), alarm('link-lost-pump', 100, 101)])).toEqual(['false'])
  })

  it('is right at once for a pump whose place on the cable another one took', () => {
    const swapped: TruthLine = { kind: 'act', pumpId: 'P-2', wallAt: t0 + 20 * second, act: 'swap', replaces: 'P-1' }
    expect(judge([...talk(until(0, 20)), swapped], [alarm('link-lost-pump', 21, null)])).toEqual([])
    expect(judge(talk(until(0, 20)), [alarm('link-lost-pump', 21, null)])).toEqual(['false'])
  })

  it('is right for a pump of which only damaged frames came, or frames torn apart', () => {
    const damaged = talk(until(20, 60), { damaged: true })
    const torn = talk(until(20, 60), { pauseMs: 900 })
    for (const frames of [damaged, torn])
      expect(judge([...talk(until(0, 20)), ...frames], [alarm('link-lost-pump', 30, null)])).toEqual([])
  })
})

describe('an alarm of a pump that only answers', () => {
  it('is owed when it went on for long enough to be asked for, and not when it was a moment', () => {
    expect(judge([...talk(until(0, 110)), ...edges(30, 50)], [])).toEqual(['missing'])
    expect(judge([...talk(until(0, 110)), ...edges(30, 33)], [])).toEqual([])
    expect(judge([...talk([...until(0, 28), ...until(52, 60)]), ...edges(30, 50)], [])).toEqual([])
  })
})

describe('what a pump cannot say', () => {
  it('is that an alarm is over when it restarts', () => {
    const lines = [
      ...talk(until(0, 110)),
      ...edges(30, 200).slice(0, 1),
      { kind: 'power-on', pumpId: 'P-1', wallAt: t0 + 50 * second },
    ]
    expect(judge(lines, [alarm('occlusion-downstream', 30, 52)])).toEqual([])
    expect(judge(lines, [alarm('occlusion-downstream', 30, null)])).toEqual(['not-ended'])
    expect(judge(lines, [])).toEqual(['missing'])
  })

  it('is what was in its cable when that was pulled', () => {
    expect(owed([...talk(until(0, 11)), out(t0 + 10 * second + 20)])).toBe(10)
    expect(owed([...talk(until(0, 11)), out(t0 + 10 * second + 200)])).toBe(11)
  })
})

describe('samples of two channels', () => {
  const frame = (at: number): readonly TruthLine[] =>
    ['1', '2'].map((channelId) => ({
      kind: 'sample',
      pumpId: 'P-1',
      channelId,
      wallAt: t0 + at * second,
      uptimeMs: at * second,
      ids: {},
      infusedTotalMl: Number(channelId) * 100 + at,
      ...(channelId === '1' ? { droppedBytes: 0 } : {}),
    }))
  const host: TruthLine = { kind: 'host', pumpId: 'P-1', wallAt: t0 }
  const stored = (channelId: string, at: number, total: number) => ({
    channelId,
    at: t0 + at * second,
    infusedTotalMl: total,
    linePressureMmHg: null,
    rateMlPerHour: null,
  })
  const findings = (list: readonly ReturnType<typeof stored>[], lines = [host, ...frame(1), ...frame(2)]) =>
    compareSamples(readTold(lines, t0 + 60 * second).samples, new Map([['P-1', list]]), usualTolerance)
  const all = [stored('1', 1, 101), stored('2', 1, 201), stored('1', 2, 102), stored('2', 2, 202)]

  it('are owed each, and each on its own channel', () => {
    expect(findings(all)).toEqual([])
    expect(findings(all.slice(0, 3))).toMatchObject([{ kind: 'missing', what: expect.stringContaining('channel 2') }])
    const crossed = [...all.slice(0, 2), stored('2', 2, 102), stored('1', 2, 202)]
    expect(findings(crossed).map(({ kind }) => kind)).toEqual(['swapped', 'swapped'])
  })

  it('share what became of their frame', () => {
    const lines = [host, ...frame(1), ...frame(2).map((line) => ({ ...line, damaged: line.channelId === '1' }))]
    expect(findings(all.slice(0, 2), lines)).toEqual([])
  })
})

describe('a verdict', () => {
  const told = readTold(inOrder(talk(until(0, 3))), Infinity)
  const verdict = verdictOf(told, [
    { kind: 'missing', pumpId: 'P-1', what: 'one' },
    { kind: 'false', pumpId: 'P-9', what: 'another' },
  ])

  it('has a line per pump, each finding, and the sums', () => {
    expect(verdictTable(verdict).split('\n').slice(0, 4)).toEqual([
      'pump  samples  alarms  found',
      'P-1         3       0  1 missing',
      'P-9         0       0  1 false',
      'all         3       0  2',
    ])
    expect(verdictTable(verdictOf(told, []))).toContain('Nothing is missing')
  })

  it('is lines for programs, too', () => {
    expect(verdictLines(verdict)).toEqual([
      ...verdict.findings,
      { kind: 'pump', pumpId: 'P-1', samples: 3, alarms: 0, findings: { missing: 1 } },
      { kind: 'pump', pumpId: 'P-9', samples: 0, alarms: 0, findings: { false: 1 } },
      { kind: 'total', pumps: 1, samples: 3, alarms: 0, findings: 2 },
    ])
  })
})

describe('what is asked of a server', () => {
  it('comes in windows that meet and hold no more than an answer does, as long as moments differ', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 5_000 })),
        fc.integer({ min: 1, max: 50 }),
        (moments, most) => {
          const times = moments.toSorted((a, b) => a - b)
          const windows = windowsOf(times, { from: -10, to: 6_000 }, most)
          expect(windows[0]?.from).toBe(-10)
          expect(windows.at(-1)?.to).toBe(6_000)
          for (const [place, { from, to }] of windows.entries()) {
            expect(to).toBe(windows[place + 1]?.from ?? 6_000)
            expect(times.filter((at) => at >= from && at < to).length).toBeLessThanOrEqual(most)
          }
        },
      ),
    )
  })

  it('is asked for so many at once, in order, and ends with the first failure', async () => {
    let running = 0
    let most = 0
    const work = async (item: number): Promise<number> => {
      running += 1
      most = Math.max(most, running)
      await Promise.resolve()
      running -= 1
      return item * 2
    }
    expect(await inParallel(until(0, 50), 4, work)).toEqual(until(0, 50).map((item) => item * 2))
    expect(most).toBe(4)
    let begun = 0
    const failing = inParallel(until(0, 50), 2, async () => {
      begun += 1
      throw new Error('no server')
    })
    await expect(failing).rejects.toThrow('no server')
    expect(begun).toBe(2)
  })
})

describe('pardons', () => {
  it('add up when they lie in the time that they lengthen', () => {
    const pardons = [
      { from: 20, until: 30, ms: 10 },
      { from: 5, until: 12, ms: 7 },
      { from: 90, until: 99, ms: 9 },
    ]
    expect(pardonedMs(pardons, 0, 15)).toBe(17)
    expect(pardonedMs(pardons, 13, 15)).toBe(0)
    expect(pardonedMs(pardons, 13, 20)).toBe(10)
  })
})
