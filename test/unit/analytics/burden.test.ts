import { describe, expect, it } from 'vitest'
import { AlarmFactsBook } from '#domain/analytics/alarm-facts.ts'
import { burdenOf, spreadOf } from '#domain/analytics/burden.ts'
import type { AlarmCommand } from '#domain/alarm/commands.ts'
import { accepts, ana, ends, history, jonas, pump, rejects, resolves, sees, starts } from '#test/support/alarm-spec.ts'

/** Three occlusions: one flaps and is resolved, one is taken late and goes on, one ends by itself. */
const commands: readonly AlarmCommand[] = [
  starts({ seq: 1, at: 0, delay: 1 }, 'a'),
  sees(jonas, 'a', 11),
  accepts(ana, 'a', 21),
  ends({ seq: 2, at: 40 }, 'a'),
  starts({ seq: 3, at: 60 }, 'a2'),
  accepts(ana, 'a', 70, 2),
  ends({ seq: 4, at: 100 }, 'a2'),
  resolves(ana, 'a', 160, 3),
  starts({ seq: 5, at: 1000 }, 'b'),
  rejects(jonas, 'b', 1010),
  accepts(ana, 'b', 1100, 1),
  ends({ seq: 6, at: 1300 }, 'b'),
  starts({ seq: 7, at: 2000 }, 'c'),
  ends({ seq: 8, at: 2010 }, 'c'),
]

describe('what alarms cost and were worth', () => {
  const book = new AlarmFactsBook()
  for (const event of history(commands)) book.take(pump, event)

  it('is as counted by hand', () => {
    expect(burdenOf('occlusion-downstream', book.all(), ({ episodeId }) => episodeId === 'a', 6, 0)).toEqual({
      key: 'occlusion-downstream',
      alarms: 3,
      high: 3,
      medium: 0,
      low: 0,
      durationMs: { count: 3, median: 100_000, p90: 300_000, p95: 300_000, max: 300_000 },
      toSeenMs: { count: 2, median: 10_000, p90: 100_000, p95: 100_000, max: 100_000 },
      toAcceptedMs: { count: 2, median: 20_000, p90: 100_000, p95: 100_000, max: 100_000 },
      toResolvedMs: { count: 1, median: 159_000, p90: 159_000, p95: 159_000, max: 159_000 },
      accepted: 2,
      recurrences: 1,
      cameBack: 1,
      chattering: 0,
      standing: 0,
      judged: 1,
      trueAndActed: 1,
      trueNotRelevant: 0,
      false: 0,
      pagesPerAccepted: 3,
      nightShare: 0.333,
      completenessPercent: null,
    })
  })

  it('says null where there is nothing to say', () => {
    expect(burdenOf('-', [], () => true, 0, 0)).toMatchObject({
      alarms: 0,
      durationMs: null,
      trueAndActed: null,
      pagesPerAccepted: null,
      nightShare: null,
    })
  })

  it('takes median and p90 by nearest rank', () => {
    expect(spreadOf([10, 1, null, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual({ count: 10, median: 5, p90: 9, p95: 10, max: 10 })
    expect(spreadOf([null])).toBeNull()
  })
})
