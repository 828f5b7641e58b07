import { describe, expect, it } from 'vitest'
import { guardedWrite } from '#gateway/core/guarded-write.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const permits = (bytes: Uint8Array): boolean => Buffer.from(bytes).toString() === 'ask'

const write = (text: string, send: (bytes: Uint8Array, done: (error?: Error | null) => void) => void) => {
  const scheduler = new ManualClock()
  return { scheduler, done: guardedWrite(Buffer.from(text), { permits, scheduler, send }) }
}

describe('a guarded write', () => {
  it('hands on what the whitelist holds, and leaves no timer behind', async () => {
    const sent: string[] = []
    const { scheduler, done } = write('ask', (bytes, gone) => {
      sent.push(Buffer.from(bytes).toString())
      gone()
    })
    await done
    expect(sent).toEqual(['ask'])
    expect(scheduler.pending).toBe(0)
  })

  it('hands on nothing else', async () => {
    const sent: unknown[] = []
    const { scheduler, done } = write('stop', (bytes) => sent.push(bytes))
    await expect(done).rejects.toMatchObject({ code: 'GW_WRITE_REFUSED' })
    expect(sent).toEqual([])
    expect(scheduler.pending).toBe(0)
  })

  it('is stalled when the bytes have not left after 500 ms', async () => {
    const { scheduler, done } = write('ask', () => {})
    const stalled = expect(done).rejects.toMatchObject({ code: 'GW_WRITE_STALLED' })
    await scheduler.advanceAsync(500)
    await stalled
  })

  it('says why the system refused the bytes', async () => {
    const { done } = write('ask', (_bytes, gone) => gone(new Error('EIO')))
    await expect(done).rejects.toMatchObject({ code: 'GW_LINK_LOST', message: 'write failed: EIO' })
  })
})
