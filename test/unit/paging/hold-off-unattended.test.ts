import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EpisodeId } from '#domain/ids.ts'
import { isAttended } from '#domain/on-call/attended.ts'
import type { StationFacts } from '#domain/on-call/station.ts'
import { flushMicrotasks } from '#test/support/manual-clock.ts'
import { openPagerBench, osei, type PagerBench } from '#test/support/pager-bench.ts'
import { minutesMs, nurse, PagingBench, secondsMs } from '#test/support/paging-spec.ts'
import { occlusion, pump1 } from '#test/support/server-bench.ts'

const good: StationFacts = {
  silentMs: 1_000,
  visible: true,
  audible: true,
  inputAgeMs: 60_000,
  pause: null,
  clockErrorMs: 0,
  lookingOnly: false,
}
const alarm = { episodeId: EpisodeId.parse('a'), priority: 'high' } as const
const pause = (changes: Partial<NonNullable<StationFacts['pause']>> = {}) => ({
  leftMs: 60_000,
  priority: 'high' as const,
  episodeIds: [alarm.episodeId],
  ...changes,
})

describe('an attended station', () => {
  it.each<[string, Partial<StationFacts>, boolean]>([
    ['speaks, sounds, is in front, and somebody touched it within 10 min', {}, true],
    ['that says nothing for 5 s', { silentMs: 5_001 }, false],
    ['whose audio clock stands', { audible: false }, false],
    ['in the background', { visible: false }, false],
    ['of somebody who said there that she looks only', { lookingOnly: true }, false],
    ['that nobody touched for 10 min', { inputAgeMs: 600_001 }, false],
    ['whose sound is paused for this alarm', { pause: pause() }, false],
    ['whose sound is paused for another one: this one sounds through it', { pause: pause({ episodeIds: [] }) }, true],
    [
      'whose sound is paused for more alarms than it names',
      { pause: pause({ episodeIds: Array.from({ length: 200 }, (_, n) => EpisodeId.parse(`e-${n}`)) }) },
      false,
    ],
  ])('%s', (_, changes, expected) => {
    expect(isAttended({ ...good, ...changes }, [alarm], 600_000)).toBe(expected)
  })

  it('a medium alarm does not sound through a pause of a high one', () => {
    const medium = { ...alarm, episodeId: EpisodeId.parse('b'), priority: 'medium' } as const
    expect(isAttended({ ...good, pause: pause() }, [medium], 600_000)).toBe(false)
  })
})

/** Seconds. */
const firstPageAfter = (priority: 'high' | 'medium', unattended: boolean): number => {
  const bench = new PagingBench()
  bench.unattended = unattended
  bench.raise('a', { priority }).pass(minutesMs(5))
  return Number.parseInt(bench.told[0] ?? 'never', 10)
}

describe('the hold-off', () => {
  it('of a high alarm waits for nobody at an unattended station; that of a medium one stays', () => {
    expect(firstPageAfter('high', false)).toBe(60)
    expect(firstPageAfter('high', true)).toBe(0)
    expect(firstPageAfter('medium', false)).toBe(180)
    expect(firstPageAfter('medium', true)).toBe(180)
  })

  it('is policy', () => {
    const bench = new PagingBench()
    const { high, medium } = bench.policy
    bench.policy = { ...bench.policy, high: { ...high, holdOffUnattendedMs: 20_000 }, medium }
    bench.unattended = true
    bench.raise('a').pass(minutesMs(1))
    expect(bench.told[0]).toBe('20 primary m.osei high a')
  })

  it('that was skipped is a fact of the journal, and stays one', () => {
    const bench = new PagingBench()
    bench.unattended = true
    bench.raise('a')
    expect(bench.events[0]).toMatchObject({ type: 'page-queued', to: nurse, unattended: true })
    bench.unattended = false
    bench.restart().pass(secondsMs(30))
    expect(bench.events.filter(({ type }) => type === 'page-queued')).toHaveLength(1)
  })
})

describe('the hold-off of a real pager', () => {
  let bench: PagerBench
  let stations: readonly StationFacts[]
  beforeEach(async () => {
    stations = [good]
    bench = await openPagerBench({
      stations: (userId) => (userId === osei.userId ? stations : []),
      assignments: { get: () => ({ label: null, criticality: 'standard' }) },
    })
    // A start that is long ago.
    await bench.pass(10_000)
  })
  afterEach(() => bench.close())
  const raise = async (): Promise<void> => {
    await bench.condition(pump1, occlusion('ep-1'))
    await flushMicrotasks()
  }

  it('waits for whoever sits at her screen, and ends within a second when she leaves it', async () => {
    await raise()
    await bench.pass(20_000)
    expect(bench.told()).toEqual([])
    stations = []
    await bench.pass(1_000)
    expect(bench.told()).toEqual(['m.osei high ep-1'])
    const [open] = bench.picture.openAlarms()
    if (open === undefined) throw new Error('no alarm')
    expect((await bench.paging.desk.of(open)).calls).toMatchObject([{ unattended: true }])
  })

  it('ends when she pauses the sound', async () => {
    await raise()
    stations = [{ ...good, pause: pause({ episodeIds: [EpisodeId.parse('ep-1')] }) }]
    await bench.pass(1_000)
    expect(bench.told()).toEqual(['m.osei high ep-1'])
  })

  it('does not exist at an unattended screen', async () => {
    stations = [{ ...good, inputAgeMs: minutesMs(11) }]
    await raise()
    expect(bench.told()).toEqual(['m.osei high ep-1'])
  })

  it('over a restart waits until stations had the time to come back, and its time goes on', async () => {
    await raise()
    await bench.pass(30_000)
    stations = []
    await bench.restart()
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(9_000)
    expect(bench.told()).toEqual([])
    stations = [good]
    await bench.pass(20_000)
    expect(bench.told()).toEqual([])
    await bench.pass(2_000)
    expect(bench.told()).toEqual(['m.osei high ep-1'])
  })

  it('over a restart ends when no station came back', async () => {
    await raise()
    await bench.pass(20_000)
    stations = []
    await bench.restart()
    await bench.pass(12_000)
    expect(bench.told()).toEqual(['m.osei high ep-1'])
  })
})
