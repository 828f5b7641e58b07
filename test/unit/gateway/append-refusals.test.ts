import { describe, expect, it } from 'vitest'
import { AppendRefusals } from '#gateway/core/append-refusals.ts'
import { GatewayError } from '#gateway/core/errors.ts'
import { eventRecord } from '#gateway/core/pump-record.ts'

const stamp = { monotonicMs: 0, wallAt: 0, clockQuality: 'unknown' } as const
const alarm = eventRecord(null, 'hub-started', {}, [], stamp)

describe('records on their way to the outbox', () => {
  it('tell whether the outbox refused the newest of a lane, and how often it did', async () => {
    let full = false
    const refusals = new AppendRefusals({
      append: async () => {
        if (full) throw new GatewayError('GW_OUTBOX_FULL', 'no room')
        return [1]
      },
      hurry: () => {},
    })
    expect(await refusals.append([alarm])).toEqual([1])
    expect([refusals.alarm, refusals.telemetry, refusals.count]).toEqual([false, false, 0])
    full = true
    await expect(refusals.append([alarm])).rejects.toMatchObject({ code: 'GW_OUTBOX_FULL' })
    expect([refusals.alarm, refusals.telemetry, refusals.count]).toEqual([true, false, 1])
    full = false
    await refusals.append([alarm])
    expect([refusals.alarm, refusals.count]).toEqual([false, 1])
  })
})
