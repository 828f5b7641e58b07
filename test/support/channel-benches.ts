import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { liveEvents } from '#domain/live/messages.ts'
import { Secret } from '#domain/secret.ts'
import { signHook } from '#server/adapters/hook-signer.ts'
import { createHttpOutgoing } from '#server/adapters/outgoing/http-outgoing.ts'
import { createReceiptSeal } from '#server/adapters/receipt-seal.ts'
import { createWebPushSealer } from '#server/adapters/web-push-sealer.ts'
import { DashboardChannel } from '#server/core/channels/dashboard-channel.ts'
import { FanOut } from '#server/core/channels/fan-out.ts'
import type { PageChannel } from '#server/core/channels/page-channel.ts'
import { WebPushChannel } from '#server/core/channels/web-push-channel.ts'
import { WebhookChannel } from '#server/core/channels/webhook-channel.ts'
import type { PageChannels } from '#server/core/page-channels.ts'
import type { HookTarget } from '#server/core/webhooks.ts'
import type { OtherSide } from '#test/contract/page-channels.contract.ts'
import { FakeChannels, type Answer } from './fake-channels.ts'
import { FailingService } from './failing-service.ts'
import type { Behaviour } from './failing-service.ts'
import { openLiveBench } from './live-bench.ts'
import { ManualClock } from './manual-clock.ts'
import { MemoryPushDevices } from './memory-push-devices.ts'
import { oseiId } from './page-fixtures.ts'
import { oracleChannels, type ChannelFault } from './oracle-run/channels.ts'
import { DriverLog } from './oracle-run/log.ts'
import { PushSubscriber } from './push-subscriber.ts'

const log = pino({ level: 'silent' })

const behaviours: Readonly<Record<OtherSide, Behaviour>> = {
  'takes it': { status: 201 },
  'is gone': { status: 410 },
  'asks to wait 30 s': { status: 429, headers: { 'retry-after': '30' } },
  refuses: { status: 400 },
  'has an error': { status: 500 },
  'cuts the connection': 'reset',
  'says nothing': 'black hole',
  'is slow': 'trickle',
}
export const allSides = Object.keys(behaviours) as readonly OtherSide[]

const becoming = (service: FailingService): Record<OtherSide, () => void> => {
  const entries = allSides.map((side) => [side, () => void (service.behaviour = behaviours[side])] as const)
  return Object.fromEntries(entries) as Record<OtherSide, () => void>
}

const behindFanOut = (channel: PageChannel, clock: ManualClock) => {
  const seal = createReceiptSeal(new Uint8Array(32))
  const channels = new FanOut([channel], { clock, scheduler: clock, blind: (name) => seal.blind(name), log })
  return { channels, clock, reports: () => channels.health() }
}

/** Web push to one device, over HTTP to a push service that fails as it is told. */
export const openWebPushBench = async () => {
  const service = await FailingService.start()
  const clock = new ManualClock()
  const devices = new MemoryPushDevices()
  const { keys } = PushSubscriber.make()
  const device = { deviceId: 'd-1', userId: oseiId, name: 'phone', createdAt: clock.now(), ...keys }
  await devices.put({ ...device, endpoint: `${service.url}/p/1` })
  const channel = new WebPushChannel({
    devices,
    sealer: createWebPushSealer(randomBytes(32), 'mailto:it@hospital.org'),
    receipts: createReceiptSeal(randomBytes(32)),
    outgoing: createHttpOutgoing({ clock, scheduler: clock, trustedHosts: [service.host] }),
    start: () => 'https://watch.hospital.org/#/urgent',
    clock,
    log,
  })
  return {
    ...behindFanOut(channel, clock),
    becomes: becoming(service),
    asked: () => service.received.length,
    close: () => service[Symbol.asyncDispose](),
  }
}

const secret = new Secret('s'.repeat(24))
const signedJson = (url: Secret): HookTarget => ({ template: 'json', url, secret })

/** The same for calls. */
export const openTelephoneBench = async () => {
  const bench = await openWebhookBench((url) => ({
    template: 'voice',
    url,
    secret,
    number: new Secret('+493012345678'),
    language: 'en-GB',
  }))
  const { channels } = bench
  const calls: PageChannels = {
    send: (page, userId) => channels.send({ ...page, kind: 'call' }, userId),
    over: (page, userId, end) => channels.over({ ...page, kind: 'call' }, userId, end),
  }
  return { ...bench, channels: calls }
}

/** One hook of one person, over HTTP to a service that fails as it is told. */
export const openWebhookBench = async (makeTarget: (url: Secret) => HookTarget = signedJson) => {
  const service = await FailingService.start()
  const clock = new ManualClock()
  const target = makeTarget(new Secret(`${service.url}/in`))
  const channel = new WebhookChannel({
    hooks: [{ name: 'her hook', reach: { kind: 'user', name: 'm.osei' }, target }],
    people: { userId: async () => oseiId, nurse: () => oseiId, isOnDuty: () => false },
    outgoing: createHttpOutgoing({ clock, scheduler: clock, trustedHosts: [service.host] }),
    sign: signHook,
    clock,
    site: 'North',
    wall: () => 'https://watch.hospital.org/#/',
    callback: () => 'https://watch.hospital.org/called',
  })
  return {
    ...behindFanOut(channel, clock),
    becomes: becoming(service),
    asked: () => service.received.length,
    close: () => service[Symbol.asyncDispose](),
  }
}

/** One open page of the dashboard, on a real live feed. */
export const openDashboardBench = async () => {
  const bench = await openLiveBench()
  const client = await bench.follow(await bench.signIn('nurse', 'osei'))
  let asked = 0
  let isDeaf = false
  client.socket.on(liveEvents.page, (_: unknown, answer: () => void) => {
    asked += 1
    if (!isDeaf) answer()
  })
  const channel = new DashboardChannel(() => bench.feed)
  return {
    ...behindFanOut(channel, bench.clock),
    becomes: { 'takes it': () => void (isDeaf = false), 'says nothing': () => void (isDeaf = true) },
    asked: () => asked,
    close: () => bench.close(),
  }
}

/** What tests of paging use in place of all channels. */
export const openFakeBench = async () => {
  const clock = new ManualClock()
  const channels = new FakeChannels()
  let answer: Answer = 'sent'
  channels.answer = ({ userId }) => (userId === oseiId ? answer : 'no-address')
  const will = (next: Answer) => (): void => void (answer = next)
  const becomes = { 'takes it': will('sent'), refuses: will('undeliverable'), 'says nothing': will('timed-out') }
  const asked = (): number => channels.sent.filter(({ userId }) => userId === oseiId).length
  return { channels, clock, becomes, asked, reports: null, close: async () => undefined }
}

/** What the oracle run uses in place of them. */
export const openOracleBench = async () => {
  const clock = new ManualClock()
  let fault: ChannelFault | null = null
  const driver = new DriverLog()
  const time = { nowMs: 0, after: (ms: number, run: () => void) => clock.after(ms, run) }
  const channels = oracleChannels(time, driver, { paged: () => undefined }, ({ userId }) =>
    userId === oseiId ? fault : 'no-channel',
  )
  const will = (next: ChannelFault | null) => (): void => void (fault = next)
  return {
    channels: passing(channels, clock),
    clock,
    becomes: { 'takes it': will(null), refuses: will('channels-refuse'), 'says nothing': will('channels-time-out') },
    asked: () => driver.pages.filter(({ userId }) => userId === oseiId).length,
    reports: null,
    close: async () => undefined,
  }
}

/** Lets the time pass that an answer takes by itself. */
const passing = (channels: PageChannels, clock: ManualClock): PageChannels => ({
  over: (...about) => channels.over(...about),
  send: (...about) => {
    const sending = channels.send(...about)
    void clock.advanceAsync(1_000)
    return sending
  },
})
