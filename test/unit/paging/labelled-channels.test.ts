import { describe, expect, it } from 'vitest'
import { labelledChannels } from '#server/core/paging/labelled-channels.ts'
import { FakeChannels } from '#test/support/fake-channels.ts'
import { oseiId, pageOf } from '#test/support/page-fixtures.ts'

describe('the label of a bed', () => {
  const channels = new FakeChannels()
  const labelled = labelledChannels(channels, (pumpId) => (pumpId === 'P-1' ? 'North 12' : null))
  const wards = async (thread: string | undefined): Promise<string | null | undefined> => {
    const page = pageOf({ ward: null })
    await labelled.send(thread === undefined ? page : { ...page, thread }, oseiId)
    return channels.sent.at(-1)?.page.ward
  }

  it('is put into a page as it leaves: that of its pump, whatever was kept', async () => {
    expect(await wards('real/pump:P-1')).toBe('North 12')
    expect(await wards('demo/pump:P-1')).toBe('North 12')
    for (const thread of ['real/pump:P-2', 'real/hub:P-1', 'real/site', undefined])
      expect(await wards(thread)).toBeNull()
  })

  it('is that of now, and none of a page that is called off for a pump without one', async () => {
    await labelled.send(pageOf({ ward: 'South 3', thread: 'real/pump:P-2' }), oseiId)
    expect(channels.sent.at(-1)?.page.ward).toBeNull()
    await labelled.over(pageOf({ thread: 'real/pump:P-1' }), oseiId, 'accepted')
    expect(channels.ended).toHaveLength(1)
  })
})
