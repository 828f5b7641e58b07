import type { UserId } from '#domain/ids.ts'
import type { Page } from '#domain/paging/page.ts'
import type { PageEnd } from '#domain/paging/push-message.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { Log } from '../log.ts'
import type { Delivery, PageChannels } from '../page-channels.ts'
import { within } from '../within.ts'
import { ChannelHealth } from './channel-health.ts'
import type { ChannelReport } from './channel-health.ts'
import { downChannels } from './down-channels.ts'
import type { DownChannels } from './down-channels.ts'
import type { PageChannel } from './page-channel.ts'
import { undeliverable } from './outcome.ts'

/** A channel ends by itself after 5 s; this bound holds whatever it does. */
export const channelLimitMs = 9_000
const selfTestEveryMs = 600_000
/** What was found once is looked at again: it is an alarm, or it was nothing. */
const selfTestAgainMs = 60_000

export interface FanOutDependencies {
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** Makes a name of a thread that says nothing and is always the same: it goes to other companies. */
  readonly blind: (thread: string) => string
  readonly log: Log
}

/** All channels side by side, with their counters. A channel that hangs or throws harms no other one. */
export class FanOut implements PageChannels, Disposable {
  readonly #channels: readonly PageChannel[]
  readonly #deps: FanOutDependencies
  readonly #health: ChannelHealth
  #cancel: Cancel = () => undefined
  #stopped = false

  constructor(channels: readonly PageChannel[], deps: FanOutDependencies) {
    this.#channels = channels
    this.#deps = deps
    this.#health = new ChannelHealth(channels.map(({ channel }) => channel))
  }

  async send(page: Page, userId: UserId): Promise<readonly Delivery[]> {
    const blinded = this.#blinded(page)
    return this.#all(page, userId, (channel) => channel.send(blinded, userId))
  }

  async over(page: Page, userId: UserId, end: PageEnd): Promise<readonly Delivery[]> {
    const blinded = this.#blinded(page)
    return this.#all(page, userId, (channel) => channel.over(blinded, userId, end))
  }

  health(): readonly ChannelReport[] {
    return this.#health.reports()
  }

  /** What self-tests say now: who has to know it raises an alarm of it. */
  down(): DownChannels {
    return downChannels(this.health())
  }

  /** Looks at every channel now and each 10 min from then on; each minute while one of them fails. */
  start(): void {
    void this.#selfTest(this.#channels).finally(() => {
      if (this.#stopped) return
      const fails = this.health().some(({ testsFailedInARow }) => (testsFailedInARow ?? 0) > 0)
      this.#cancel = this.#deps.scheduler.after(fails ? selfTestAgainMs : selfTestEveryMs, () => this.start())
    })
  }

  /** Counts what became of a page that did not go through here: a test of one device. */
  note(page: Page, userId: UserId, deliveries: readonly Delivery[]): void {
    const { clock, log } = this.#deps
    const at = clock.now()
    for (const delivery of deliveries) {
      this.#health.delivered(delivery, at)
      const { channel, address, outcome } = delivery
      const facts = { notificationId: page.notificationId, userId, channel, address }
      if (outcome.is === 'sent') log.info(facts, 'page handed over')
      else
        log.warn({ ...facts, reason: outcome.is === 'timed-out' ? outcome.is : outcome.reason }, 'page not delivered')
    }
    // A channel that failed its test and carries pages again is tested at once: its alarm is to end.
    const working = new Set(deliveries.filter(({ outcome }) => outcome.is === 'sent').map(({ channel }) => channel))
    const failing = this.health().filter(({ testsFailedInARow }) => (testsFailedInARow ?? 0) > 0)
    const mended = failing.map(({ channel }) => channel).filter((channel) => working.has(channel))
    if (mended.length > 0) void this.#selfTest(this.#channels.filter(({ channel }) => mended.includes(channel)))
  }

  [Symbol.dispose](): void {
    this.#stopped = true
    this.#cancel()
  }

  async #selfTest(channels: readonly PageChannel[]): Promise<void> {
    const { log, clock, scheduler } = this.#deps
    const look = async (channel: PageChannel): Promise<void> => {
      const found = await within(
        scheduler,
        channelLimitMs,
        () => channel.selfTest(),
        () => ({ reason: 'timed-out' }),
      ).catch((error: unknown) => {
        log.error({ err: error, channel: channel.channel }, 'a paging channel could not be looked at')
        return { reason: 'failed' }
      })
      if (found === null) return this.#health.idle(channel.channel)
      this.#health.tested(channel.channel, found.reason, clock.now())
      if (found.reason !== null)
        log.warn({ channel: channel.channel, reason: found.reason }, 'a paging channel is down')
    }
    await Promise.all(channels.map(look))
  }

  #blinded(page: Page): Page {
    return page.thread === undefined ? page : { ...page, thread: this.#deps.blind(page.thread) }
  }

  async #all(
    page: Page,
    userId: UserId,
    act: (channel: PageChannel) => Promise<readonly Delivery[]>,
  ): Promise<readonly Delivery[]> {
    const deliveries = (await Promise.all(this.#channels.map((channel) => this.#bounded(channel, act)))).flat()
    this.note(page, userId, deliveries)
    return deliveries
  }

  async #bounded(
    channel: PageChannel,
    act: (channel: PageChannel) => Promise<readonly Delivery[]>,
  ): Promise<readonly Delivery[]> {
    const whole = (outcome: Delivery['outcome']): readonly Delivery[] => [
      { channel: channel.channel, address: 'all', outcome },
    ]
    const { scheduler, log } = this.#deps
    try {
      return await within(
        scheduler,
        channelLimitMs,
        () => act(channel),
        () => whole({ is: 'timed-out' }),
      )
    } catch (error) {
      log.error({ err: error, channel: channel.channel }, 'a paging channel failed')
      return whole(undeliverable('failed'))
    }
  }
}
