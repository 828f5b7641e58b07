import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { GatewayError } from '#gateway/core/errors.ts'
import { LaneForwarder } from '#gateway/core/lane-forwarder.ts'
import { MemoryOutbox } from '#test/contract/outbox-memory.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import type { OutboxRecord } from '#gateway/core/ports.ts'

type Answer = (batch: readonly OutboxRecord[]) => readonly Verdict[]

const stored: Answer = (batch) => batch.map(({ seq }) => ({ seq, verdict: 'stored' }))
const retry: Answer = (batch) => batch.map(({ seq }) => ({ seq, verdict: 'retry', reason: 'store is down' }))

const busyFor = (retryAfterMs: number): { current: Answer } => ({
  current: () => {
    throw new GatewayError('GW_UPLINK_BUSY', '503', { retryAfterMs })
  },
})

const laneOf = (lane: Lane, answer: { current: Answer }) => {
  const clock = new ManualClock()
  const outbox = new MemoryOutbox(BootId.parse('boot-1'))
  const sent: number[][] = []
  const times: number[] = []
  const troubles: (string | null)[] = []
  const forwarder = new LaneForwarder({
    lane,
    outbox,
    clock,
    scheduler: clock,
    random: () => 0.5,
    troubleChanged: (_lane, trouble) => troubles.push(trouble?.code ?? null),
    uplink: {
      deliver: async (_lane, batch) => {
        sent.push(batch.map(({ seq }) => seq))
        times.push(clock.monotonic())
        return answer.current(batch)
      },
    },
  })
  const stop = new AbortController()
  const running = forwarder.run(stop.signal)
  return {
    clock,
    outbox,
    sent,
    times,
    troubles,
    forwarder,
    append: async (count: number) => {
      const records = Array.from({ length: count }, () => (lane === 'alarm' ? conditionRecord() : telemetryRecord()))
      await outbox.append(records)
      forwarder.wake()
      await clock.advanceAsync(0)
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await clock.advanceAsync(0)
      await running
    },
  }
}

const settle = async (clock: ManualClock, rounds: number, stepMs: number): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) await clock.advanceAsync(stepMs)
}

describe('a lane forwarder', () => {
  it('sends an alarm at once and forgets it only when the server has stored it', async () => {
    const answer = { current: stored }
    await using lane = laneOf('alarm', answer)
    await lane.append(1)
    expect(lane.sent).toEqual([[1]])
    expect(lane.outbox.records).toEqual([])
  })

  it('tries at once when the server has answered somebody else, and only then', async () => {
    const answer: { current: Answer } = {
      current: () => {
        throw new GatewayError('GW_UPLINK_UNREACHABLE', 'down')
      },
    }
    await using lane = laneOf('telemetry', answer)
    await lane.append(1)
    await settle(lane.clock, 20, 5_000)
    const tries = lane.sent.length
    await lane.clock.advanceAsync(1)
    expect(lane.sent).toHaveLength(tries)
    answer.current = stored
    lane.forwarder.serverAnswers()
    await lane.clock.advanceAsync(0)
    expect(lane.sent).toHaveLength(tries + 1)
    expect(lane.outbox.records).toEqual([])
  })

  it('keeps every record through an outage and sends the alarm lane whole, oldest first', async () => {
    const answer: { current: Answer } = {
      current: () => {
        throw new GatewayError('GW_UPLINK_UNREACHABLE', 'down')
      },
    }
    await using lane = laneOf('alarm', answer)
    await lane.append(700)
    await settle(lane.clock, 20, 5_000)
    expect(lane.outbox.records).toHaveLength(700)
    lane.sent.length = 0
    answer.current = stored
    await settle(lane.clock, 4, 5_000)
    expect(lane.sent.flat()).toEqual(Array.from({ length: 700 }, (_, n) => n + 1))
    expect(lane.sent[0]).toHaveLength(500)
    expect(lane.troubles).toEqual(['GW_UPLINK_UNREACHABLE', null])
  })

  it('waits longer after each failure, at most 5 s on the alarm lane', async () => {
    const answer: { current: Answer } = {
      current: () => {
        throw new GatewayError('GW_UPLINK_UNREACHABLE', 'down')
      },
    }
    await using lane = laneOf('alarm', answer)
    await lane.append(1)
    for (let ms = 0; ms < 30_000; ms += 50) await lane.clock.advanceAsync(50)
    const gaps = lane.times.slice(1).map((at, index) => at - (lane.times[index] ?? 0))
    expect(gaps[0]).toBeLessThan(400)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5_050)
    expect(gaps.at(-1)).toBeGreaterThan(2_000)
  })

  it.each(['alarm', 'telemetry'] as const)('obeys Retry-After on the %s lane', async (name) => {
    await using lane = laneOf(name, busyFor(name === 'alarm' ? 4_000 : 7_000))
    await lane.append(1)
    await lane.clock.advanceAsync(name === 'alarm' ? 3_900 : 6_900)
    expect(lane.sent).toHaveLength(1)
    await lane.clock.advanceAsync(200)
    expect(lane.sent).toHaveLength(2)
  })

  it('lets no alarm wait longer than 5 s, whatever a server or a proxy asks for; telemetry waits', async () => {
    await using alarms = laneOf('alarm', busyFor(3_600_000))
    await using samples = laneOf('telemetry', busyFor(3_600_000))
    for (const lane of [alarms, samples]) {
      await lane.append(1)
      await lane.clock.advanceAsync(5_100)
    }
    expect([alarms.sent.length, samples.sent.length]).toEqual([2, 1])
  })

  it('tries a refused hub slowly and loses nothing', async () => {
    const answer: { current: Answer } = {
      current: () => {
        throw new GatewayError('GW_UPLINK_HUB_REFUSED', '401 revoked')
      },
    }
    await using lane = laneOf('alarm', answer)
    await lane.append(3)
    await settle(lane.clock, 60, 1_000)
    expect(lane.sent.length).toBeLessThanOrEqual(4)
    expect(lane.forwarder.report().trouble?.code).toBe('GW_UPLINK_HUB_REFUSED')
    expect(lane.outbox.records).toHaveLength(3)
  })

  it('halves a batch that is refused whole until the poison is found, and delivers the rest', async () => {
    const poison = 37
    const answer: { current: Answer } = {
      current: (batch) => {
        if (batch.some(({ seq }) => seq === poison)) throw new GatewayError('GW_UPLINK_BATCH_REFUSED', '400 schema')
        return stored(batch)
      },
    }
    await using lane = laneOf('alarm', answer)
    await lane.append(100)
    expect([...lane.outbox.quarantineReasons]).toEqual([[poison, '400 schema']])
    expect(lane.outbox.settledSeqs).toHaveLength(99)
    expect(lane.outbox.records).toEqual([])
  })

  it('sets a refused record aside and goes on', async () => {
    const answer: { current: Answer } = {
      current: (batch) =>
        batch.map(({ seq }) =>
          seq === 2 ? { seq, verdict: 'refused', reason: 'forged' } : { seq, verdict: 'stored' },
        ),
    }
    await using lane = laneOf('alarm', answer)
    await lane.append(3)
    expect([...lane.outbox.quarantineReasons]).toEqual([[2, 'refused: forged']])
    expect(lane.forwarder.report()).toMatchObject({ delivered: 2, refused: 1 })
  })

  it('believes no verdict that names another record', async () => {
    const answer: { current: Answer } = {
      current: (batch) => batch.map(({ seq }) => ({ seq: seq + 1, verdict: 'stored' })),
    }
    await using lane = laneOf('alarm', answer)
    await lane.append(2)
    expect(lane.outbox.settledSeqs).toEqual([])
    expect(lane.forwarder.report().trouble?.code).toBe('GW_UPLINK_BAD_REPLY')
  })

  it('keeps the live picture fresh once a second while the server’s store is down', async () => {
    const answer = { current: retry }
    await using lane = laneOf('telemetry', answer)
    for (let second = 0; second < 10; second += 1) {
      await lane.append(1)
      await lane.clock.advanceAsync(1_000)
    }
    for (let seq = 1; seq <= 10; seq += 1) expect(lane.sent).toContainEqual([seq])
    expect(lane.outbox.settledSeqs).toEqual([])
    expect(lane.outbox.quarantineReasons.size).toBe(0)
    answer.current = stored
    await settle(lane.clock, 40, 1_000)
    expect(lane.outbox.records).toEqual([])
  })

  it('sends the newest telemetry first after an outage, then the backlog oldest first', async () => {
    await using lane = laneOf('telemetry', { current: stored })
    await lane.append(5_000)
    await settle(lane.clock, 5, 1_000)
    expect(lane.sent[0]).toEqual(Array.from({ length: 100 }, (_, n) => 4_901 + n))
    expect(lane.sent[1]?.[0]).toBe(1)
    expect(lane.outbox.records).toEqual([])
    const all = lane.sent.flat()
    expect(new Set(all).size).toBe(5_000)
  })

  it('loses nothing and settles nothing without a verdict, whatever the server does', async () => {
    type Mood = 'stored' | 'retry' | 'refused' | 'unreachable' | 'busy' | 'batch' | 'short'
    const moods = fc.array(
      fc.constantFrom<Mood>('stored', 'retry', 'refused', 'unreachable', 'busy', 'batch', 'short'),
      { maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Lane>('alarm', 'telemetry'),
        moods,
        fc.integer({ min: 1, max: 30 }),
        async (lane, plan, count) => {
          const ok = new Set<number>()
          const refused = new Set<number>()
          const queue = [...plan]
          const answer: { current: Answer } = {
            current: (batch) => {
              const mood = queue.shift() ?? 'stored'
              switch (mood) {
                case 'unreachable':
                  throw new GatewayError('GW_UPLINK_UNREACHABLE', 'down')
                case 'busy':
                  throw new GatewayError('GW_UPLINK_BUSY', '503')
                case 'batch':
                  if (batch.length === 1) refused.add(batch[0]!.seq)
                  throw new GatewayError('GW_UPLINK_BATCH_REFUSED', '400')
                case 'short':
                  return []
                case 'stored':
                  for (const { seq } of batch) ok.add(seq)
                  return stored(batch)
                case 'refused':
                  for (const { seq } of batch) refused.add(seq)
                  return batch.map(({ seq }) => ({ seq, verdict: 'refused', reason: 'no' }))
                case 'retry':
                  return retry(batch)
              }
            },
          }
          await using run = laneOf(lane, answer)
          await run.append(count)
          await settle(run.clock, 60, 5_000)
          await run.append(1)
          await settle(run.clock, 30, 5_000)
          const { outbox } = run
          expect(outbox.records).toEqual([])
          for (const seq of outbox.settledSeqs) expect(ok.has(seq)).toBe(true)
          for (const seq of outbox.quarantineReasons.keys()) expect(refused.has(seq)).toBe(true)
          const gone = new Set([...outbox.settledSeqs, ...outbox.quarantineReasons.keys()])
          expect(gone.size).toBe(count + 1)
        },
      ),
      { numRuns: 150 },
    )
  })
})
