import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HubId } from '#domain/ids.ts'
import type { LiveChange } from '#domain/live/messages.ts'
import type { LiveFeed } from '#server/core/ports.ts'
import { eventually } from '#test/support/eventually.ts'

export interface FeedUnderTest {
  readonly feed: LiveFeed
  /** Numbers of the updates one follower has got, in the order of arrival. */
  readonly numbers: () => readonly number[]
  readonly close: () => Promise<void>
}

const change: LiveChange = {
  kind: 'hub',
  hub: {
    hubId: HubId.parse('hub-1'),
    name: 'Home 1',
    state: 'live',
    lastHeardAt: null,
    bootId: null,
    gatewayVersion: null,
    clockErrorMs: null,
    outbox: null,
    ports: [],
    pumpIds: [],
  },
}

/** What every live feed promises. Called for the fake and for the real adapter. */
export const liveFeedContract = (name: string, open: () => Promise<FeedUnderTest>): void => {
  describe(`live feed: ${name}`, () => {
    let under: FeedUnderTest
    beforeEach(async () => {
      under = await open()
    })
    afterEach(() => under.close())

    it('brings every update, once, in order', async () => {
      for (let seq = 1; seq <= 200; seq += 1) under.feed.publish({ epoch: 'epoch-1', seq }, [change])
      await eventually(() => under.numbers().length >= 200)
      expect(under.numbers()).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
    })

    it('publishing answers nothing and waits for nobody', () => {
      expect(under.feed.publish({ epoch: 'epoch-1', seq: 1 }, [change])).toBeUndefined()
      expect(under.feed.telemetry([])).toBeUndefined()
    })

    it('may be closed twice, and is silent afterwards', async () => {
      await under.feed[Symbol.asyncDispose]()
      await under.feed[Symbol.asyncDispose]()
      under.feed.publish({ epoch: 'epoch-1', seq: 1 }, [change])
      under.feed.telemetry([])
      expect(under.numbers()).toEqual([])
    })
  })
}
