import { describe, expect, it } from 'vitest'
import { maxBatchBytes, maxRecordsPerBatch } from '#domain/uplink/envelope.ts'
import { laneDelay } from '#simulators/core/hub/backoff.ts'
import { readClaims } from '#simulators/core/hub/claims.ts'
import { LaneQueue } from '#simulators/core/hub/lane-queue.ts'

const filled = (texts: readonly string[], most = Infinity): LaneQueue<string> => {
  const queue = new LaneQueue<string>(most)
  for (const [index, text] of texts.entries()) queue.push({ seq: index + 1, text, source: text })
  return queue
}

describe('a lane of a simulated hub', () => {
  it('keeps what the server has not judged, and what it asks for again', () => {
    const queue = filled(['a', 'b', 'c', 'd'])
    const batch = queue.batch()
    const settled = queue.settle(batch, [
      { seq: 1, verdict: 'stored' },
      { seq: 2, verdict: 'retry', reason: 'store' },
      { seq: 9, verdict: 'stored' },
      { seq: 4, verdict: 'refused', reason: 'schema' },
    ])
    expect(settled.map(({ entry, verdict }) => `${entry.source} ${verdict.verdict}`)).toEqual(['a stored', 'd refused'])
    expect(queue.batch().map(({ source }) => source)).toEqual(['b', 'c'])
  })

  it('asks for no more than fits into one request', () => {
    expect(filled(Array.from({ length: 900 }, () => 'x')).batch()).toHaveLength(maxRecordsPerBatch)
    const bytes = filled(Array.from({ length: 400 }, () => '–'.repeat(500)))
      .batch()
      .reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0)
    expect(bytes).toBeLessThan(maxBatchBytes)
    expect(bytes).toBeGreaterThan(maxBatchBytes - 5_000)
  })

  it('gives up the oldest when it is full, and counts them', () => {
    const queue = filled(['a', 'b', 'c'], 2)
    expect(queue.batch().map(({ source }) => source)).toEqual(['b', 'c'])
    expect(queue.dropped).toBe(1)
  })

  it('waits longer after each failure, within the lane’s bounds', () => {
    expect(laneDelay('alarm', 1, () => 0)).toBe(200)
    expect(laneDelay('alarm', 50, () => 1)).toBe(5_000)
    expect(laneDelay('telemetry', 50, () => 1)).toBe(30_000)
  })
})

describe('a file of claims', () => {
  it('is read line by line, with the code as it is signed', () => {
    const claims = readClaims('# made today\nclaim-1:ABCD-EFGH-JKMN\n\nclaim-2:0123456789ab\n', 2)
    expect(claims).toEqual([
      { claimId: 'claim-1', code: 'ABCDEFGHJKMN' },
      { claimId: 'claim-2', code: '0123456789AB' },
    ])
  })

  it('is refused with what to do when it is short or not one', () => {
    expect(() => readClaims('claim-1:ABCD-EFGH-JKMN', 3)).toThrow('claim create --name Fleet --count 3')
    expect(() => readClaims('hello', 1)).toThrow('Claim 1 is not written as claimId:code')
  })
})
