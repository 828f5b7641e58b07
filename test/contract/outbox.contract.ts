import { describe, expect, it } from 'vitest'
import { conditionRecord, pump, telemetryRecord } from '#test/support/gateway-records.ts'
import type { Outbox, QuarantineNotice } from '#gateway/core/ports.ts'

export interface OpenOutbox extends AsyncDisposable {
  readonly outbox: Outbox
  readonly notices: readonly QuarantineNotice[]
}

/** Called once for the fake, once for each real adapter. */
export const outboxContract = (name: string, open: () => Promise<OpenOutbox>): void => {
  describe(`outbox contract: ${name}`, () => {
    it('numbers records of both lanes from one counter without a hole', async () => {
      await using opened = await open()
      const { outbox } = opened
      const telemetry = outbox.append([telemetryRecord(), telemetryRecord()])
      outbox.hurry()
      const seqs = [
        ...(await telemetry),
        ...(await outbox.append([conditionRecord()])),
        ...(await outbox.append([conditionRecord(), conditionRecord()])),
      ]
      const first = Math.min(...seqs)
      expect(seqs.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4].map((n) => first + n))
      expect((await outbox.depth()).manifest).toEqual({ firstSeq: first, lastSeq: first + 4 })
    })

    it('gives back what was appended, with its number and boot', async () => {
      await using opened = await open()
      const { outbox } = opened
      const record = conditionRecord({ episodeId: 'umlaut-1' })
      const withText = { ...record, body: { ...record.body, vendorText: 'Verschluß 靜脈 💧' } } as typeof record
      const [seq] = await outbox.append([withText])
      expect(await outbox.peek('alarm', 10)).toEqual([{ ...withText, seq, bootId: outbox.bootId }])
    })

    it('reads a lane oldest first or newest first, and only that lane', async () => {
      await using opened = await open()
      const { outbox } = opened
      const [a] = await outbox.append([conditionRecord()])
      const [b] = await outbox.append([conditionRecord()])
      const appended = outbox.append([telemetryRecord()])
      outbox.hurry()
      await appended
      const seqs = async (order: 'oldest' | 'newest', limit: number): Promise<number[]> =>
        (await outbox.peek('alarm', limit, order)).map(({ seq }) => seq)
      expect(await seqs('oldest', 10)).toEqual([a, b])
      expect(await seqs('newest', 10)).toEqual([b, a])
      expect(await seqs('oldest', 1)).toEqual([a])
    })

    it('reads on behind a number, for whoever has the ones before on their way', async () => {
      await using opened = await open()
      const { outbox } = opened
      const appended = outbox.append(Array.from({ length: 6 }, () => telemetryRecord()))
      outbox.hurry()
      const seqs = await appended
      const read = async (limit: number, after?: number): Promise<number[]> =>
        (await outbox.peek('telemetry', limit, 'oldest', after)).map(({ seq }) => seq)
      expect(await read(3)).toEqual(seqs.slice(0, 3))
      expect(await read(2, seqs[1])).toEqual(seqs.slice(2, 4))
      expect(await read(3)).toEqual(seqs.slice(0, 3))
      await outbox.settle([seqs[0]!, seqs[1]!, seqs[3]!])
      expect(await read(9, seqs[1])).toEqual([seqs[2], seqs[4], seqs[5]])
      await outbox.settle([seqs[2]!])
      expect(await read(9)).toEqual(seqs.slice(4))
      expect(await read(9, seqs[5])).toEqual([])
    })

    it('keeps a record until it is settled, and settles twice without harm', async () => {
      await using opened = await open()
      const { outbox } = opened
      const seqs = await outbox.append([conditionRecord(), conditionRecord(), conditionRecord()])
      expect(await outbox.peek('alarm', 10)).toHaveLength(3)
      await outbox.settle(seqs.slice(0, 2))
      await outbox.settle([...seqs.slice(0, 2), 999_999])
      expect((await outbox.peek('alarm', 10)).map(({ seq }) => seq)).toEqual(seqs.slice(2))
      expect((await outbox.depth()).alarm.rows).toBe(1)
    })

    it('sets poison aside, tells of it once and goes on', async () => {
      await using opened = await open()
      const { outbox, notices } = opened
      const [bad, good] = await outbox.append([conditionRecord(), conditionRecord()])
      await outbox.quarantine(bad!, 'refused: schema')
      await outbox.quarantine(bad!, 'refused: schema')
      expect((await outbox.peek('alarm', 10)).map(({ seq }) => seq)).toEqual([good])
      expect((await outbox.depth()).quarantined).toBe(1)
      expect(notices).toEqual([
        { seq: bad, lane: 'alarm', kind: 'condition', pumpId: pump(), reason: 'refused: schema' },
      ])
    })

    it('refuses a mixed append whole', async () => {
      await using opened = await open()
      const { outbox } = opened
      await expect(outbox.append([conditionRecord(), telemetryRecord()])).rejects.toMatchObject({
        code: 'GW_OUTBOX_MIXED_LANES',
      })
      expect((await outbox.depth()).manifest).toBeNull()
    })

    it('says how much waits and since when', async () => {
      await using opened = await open()
      const { outbox } = opened
      expect(await outbox.depth()).toMatchObject({
        alarm: { rows: 0, oldest: null },
        telemetry: { rows: 0, oldest: null },
        quarantined: 0,
        tombstoned: 0,
        manifest: null,
        ledger: { settled: 0, pending: 0, tombstoned: 0, quarantined: 0 },
      })
      const appended = outbox.append([
        telemetryRecord({ wallAt: 111, monotonicMs: 1_000 }),
        telemetryRecord({ wallAt: 222, monotonicMs: 2_000 }),
      ])
      outbox.hurry()
      const seqs = await appended
      await outbox.settle(seqs.slice(0, 1))
      expect((await outbox.depth()).telemetry).toEqual({
        rows: 1,
        oldest: { bootId: outbox.bootId, monotonicMs: 2_000, wallAt: 222 },
      })
    })

    it('accounts for every number of the boot', async () => {
      await using opened = await open()
      const { outbox } = opened
      const seqs = await outbox.append(Array.from({ length: 6 }, () => conditionRecord()))
      await outbox.settle(seqs.slice(0, 3))
      await outbox.settle(seqs.slice(2, 3))
      await outbox.quarantine(seqs[3]!, 'refused: schema')
      await outbox.quarantine(seqs[0]!, 'refused: too late')
      expect((await outbox.depth()).ledger).toEqual({ settled: 3, pending: 2, tombstoned: 0, quarantined: 1 })
    })

    it('appends nothing when given nothing', async () => {
      await using opened = await open()
      expect(await opened.outbox.append([])).toEqual([])
    })
  })
}
