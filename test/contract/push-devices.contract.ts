import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instant } from '#domain/time.ts'
import type { PushDevice, PushDevices } from '#server/core/push-devices.ts'
import { lindId, oseiId } from '#test/support/page-fixtures.ts'

export interface DevicesUnderTest {
  readonly devices: PushDevices
  readonly close: () => Promise<void>
}

const at = (ms: number) => instant(1_000_000 + ms)
const device = (
  deviceId: string,
  changes: Partial<Pick<PushDevice, 'userId' | 'endpoint' | 'name' | 'createdAt'>> = {},
) => ({
  deviceId,
  userId: oseiId,
  endpoint: `https://push/${deviceId}`,
  p256dh: 'point',
  auth: 'secret',
  name: 'phone',
  createdAt: at(0),
  ...changes,
})

/** What every store of pushed browsers promises. Called for the fake and for the real adapter. */
export const pushDevicesContract = (name: string, open: () => Promise<DevicesUnderTest>): void => {
  describe(`pushed browsers: ${name}`, () => {
    let under: DevicesUnderTest
    beforeEach(async () => {
      under = await open()
    })
    afterEach(() => under.close())

    it('are listed by their owner, the oldest first', async () => {
      const { devices } = under
      const made = await devices.put(device('b', { createdAt: at(2) }))
      await devices.put(device('a', { createdAt: at(1) }))
      await devices.put(device('c', { userId: lindId }))
      expect(made).toEqual({
        ...device('b', { createdAt: at(2) }),
        lastOkAt: null,
        lastFailureAt: null,
        lastFailure: null,
        lastShownAt: null,
        goneAt: null,
      })
      expect((await devices.ofUser(oseiId)).map(({ deviceId }) => deviceId)).toEqual(['a', 'b'])
      expect(await devices.device('c')).toMatchObject({ userId: lindId })
      expect(await devices.device('x')).toBeNull()
    })

    it('a browser that comes again keeps its id, is well again, and belongs to whoever brought it', async () => {
      const { devices } = under
      await devices.put(device('a'))
      await devices.failed('a', 'gone', true, at(5))
      const again = { ...device('z', { userId: lindId, endpoint: 'https://push/a', name: 'desk', createdAt: at(9) }) }
      expect(await devices.put({ ...again, auth: 'new' })).toMatchObject({
        deviceId: 'a',
        userId: lindId,
        name: 'desk',
        auth: 'new',
        createdAt: at(0),
        lastFailure: null,
        goneAt: null,
      })
      expect(await devices.ofUser(oseiId)).toEqual([])
    })

    it('remember what became of the last page', async () => {
      const { devices } = under
      await devices.put(device('a'))
      await devices.sent('a', at(1))
      await devices.shown('a', at(2))
      await devices.failed('a', 'server-error', false, at(3))
      expect(await devices.device('a')).toMatchObject({
        lastOkAt: at(1),
        lastShownAt: at(2),
        lastFailureAt: at(3),
        lastFailure: 'server-error',
        goneAt: null,
      })
      await devices.failed('a', 'gone', true, at(4))
      await devices.failed('a', 'timed-out', false, at(5))
      expect(await devices.device('a')).toMatchObject({ lastFailure: 'timed-out', goneAt: at(4) })
      await devices.sent('nobody', at(6))
    })

    it('are removed by their owner alone', async () => {
      const { devices } = under
      await devices.put(device('a'))
      expect(await devices.remove(lindId, 'a', at(7))).toBe(false)
      expect(await devices.remove(oseiId, 'a', at(7))).toBe(true)
      expect(await devices.remove(oseiId, 'a', at(7))).toBe(false)
    })

    it('addresses that are in use can be looked at, so many at most', async () => {
      const { devices } = under
      for (const id of ['a', 'b', 'c']) await devices.put(device(id))
      await devices.failed('b', 'gone', true, at(1))
      expect((await devices.endpoints(10)).toSorted()).toEqual(['https://push/a', 'https://push/c'])
      expect(await devices.endpoints(1)).toHaveLength(1)
    })
  })
}
