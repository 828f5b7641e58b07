import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { Backlog } from '#gateway/core/backlog.ts'
import { MemoryOutbox } from '#test/contract/outbox-memory.ts'
import { telemetryRecord } from '#test/support/gateway-records.ts'
import type { OutboxRecord } from '#gateway/core/ports.ts'

/** Room for a few records. */
const fewBytes = 4_096

const backlogOf = async (count: number) => {
  const outbox = new MemoryOutbox(BootId.parse('boot-1'))
  const reads: { readonly after: number; readonly waiting: number }[] = []
  const append = async (more: number): Promise<void> => {
    if (more > 0) await outbox.append(Array.from({ length: more }, () => telemetryRecord()))
  }
  const backlog = new Backlog({
    peek: (lane, limit, order, after = 0) => {
      reads.push({ after, waiting: outbox.records.length })
      return outbox.peek(lane, limit, order, after)
    },
  })
  await append(count)
  return { outbox, backlog, reads, append }
}

const seqsOf = (batch: readonly OutboxRecord[]): readonly number[] => batch.map(({ seq }) => seq)

describe('the backlog', () => {
  it('reads the next batch before the one on its way is settled, and gives it out without another look', async () => {
    const { outbox, backlog, reads } = await backlogOf(100)
    const first = seqsOf(await backlog.next(fewBytes))
    expect(reads.map(({ after }) => after)).toEqual([0, first.at(-1)])
    await outbox.settle(first)
    const second = seqsOf(await backlog.next(fewBytes))
    expect(second[0]).toBe(first.at(-1)! + 1)
    expect(reads.map(({ after }) => after)).toEqual([0, first.at(-1), second.at(-1)])
  })

  it('begins with the oldest again when a batch was not settled', async () => {
    const { backlog } = await backlogOf(100)
    const first = await backlog.next(fewBytes)
    backlog.begin()
    expect(await backlog.next(fewBytes)).toEqual(first)
  })

  it('looks again at its end, so that what has come since is in the batch', async () => {
    const { outbox, backlog, append } = await backlogOf(4)
    await outbox.settle(seqsOf(await backlog.next(3 * fewBytes)))
    await append(7)
    expect(await backlog.next(3 * fewBytes)).toHaveLength(7)
  })

  it('says that reading ahead failed to whoever asks for it, and reads anew then', async () => {
    const outbox = new MemoryOutbox(BootId.parse('boot-1'))
    await outbox.append(Array.from({ length: 100 }, () => telemetryRecord()))
    let broken = true
    const backlog = new Backlog({
      peek: async (lane, limit, order, after = 0) => {
        if (after > 0 && broken) throw new Error('the outbox is closed')
        return outbox.peek(lane, limit, order, after)
      },
    })
    const first = await backlog.next(fewBytes)
    await expect(backlog.next(fewBytes)).rejects.toThrow('closed')
    broken = false
    backlog.begin()
    expect(await backlog.next(fewBytes)).toEqual(first)
  })

  it('gives every record once, oldest first, whatever comes, goes another way or has to be sent again', async () => {
    const step = fc.record({
      more: fc.nat(20),
      fails: fc.boolean(),
      newest: fc.nat(10),
      bytes: fc.constantFrom(fewBytes, 2 * fewBytes),
    })
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.array(step, { maxLength: 30 }), async (count, steps) => {
        const { outbox, backlog, append } = await backlogOf(count)
        const given: number[] = []
        const elsewhere = new Set<number>()
        for (const { more, fails, newest, bytes } of steps) {
          const batch = seqsOf(await backlog.next(bytes))
          await append(more)
          if (fails) {
            backlog.begin()
            continue
          }
          await outbox.settle(batch)
          given.push(...batch)
          if (newest === 0) continue
          const live = seqsOf(await outbox.peek('telemetry', newest, 'newest'))
          if (live.length === 0) continue
          backlog.leave(Math.min(...live))
          await outbox.settle(live)
          for (const seq of live) elsewhere.add(seq)
        }
        for (;;) {
          const batch = seqsOf(await backlog.next(fewBytes))
          if (batch.length === 0) break
          await outbox.settle(batch)
          given.push(...batch)
        }
        expect(outbox.records).toEqual([])
        expect(given).toEqual([...new Set(given)].toSorted((a, b) => a - b))
        expect(given.filter((seq) => elsewhere.has(seq))).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
