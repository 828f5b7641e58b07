import { z } from 'zod'

// Bodies of the routes under /api/v1/push and /api/v1/paging.

/** A browser hands these out; 65 and 16 bytes. */
export const PushKeys = z.strictObject({
  p256dh: z.string().regex(/^[A-Za-z0-9_-]{87}=?$/, 'must be 65 bytes in base64url'),
  auth: z.string().regex(/^[A-Za-z0-9_-]{22}(==)?$/, 'must be 16 bytes in base64url'),
})

export const NewPushDevice = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }).max(1024),
  keys: PushKeys,
  name: z.string().trim().min(1).max(64),
})
export type NewPushDevice = z.infer<typeof NewPushDevice>

/** A device as its owner sees it: no address and no key. */
export const PushDeviceView = z.object({
  deviceId: z.string(),
  name: z.string(),
  createdAt: z.int(),
  /** A push service took a page for it: no proof that it was seen. */
  lastOkAt: z.int().nullable(),
  /** The device itself said that it shows one. */
  lastShownAt: z.int().nullable(),
  lastFailureAt: z.int().nullable(),
  lastFailure: z.string().nullable(),
  /** It gets nothing any more until it is turned on again. */
  gone: z.boolean(),
})
export type PushDeviceView = z.infer<typeof PushDeviceView>

export const PushSetup = z.object({
  /** `applicationServerKey` of a subscription, base64url. */
  publicKey: z.string(),
  devices: z.array(PushDeviceView),
  serverTime: z.int(),
})
export type PushSetup = z.infer<typeof PushSetup>

/** `notificationId`: what the device will say a receipt for. */
export const TestPageResult = z.object({
  notificationId: z.string(),
  outcome: z.enum(['sent', 'undeliverable', 'timed-out']),
  reason: z.string().nullable(),
  gone: z.boolean(),
})
export type TestPageResult = z.infer<typeof TestPageResult>

export const ChannelView = z.object({
  channel: z.enum(['web-push', 'webhook', 'dashboard']),
  sent: z.int().nonnegative(),
  undeliverable: z.int().nonnegative(),
  timedOut: z.int().nonnegative(),
  testsFailed: z.int().nonnegative(),
  reasons: z.record(z.string(), z.int().nonnegative()),
  okSince: z.int().nullable(),
  failingSince: z.int().nullable(),
  lastReason: z.string().nullable(),
  lastTriedAt: z.int().nullable(),
})
/** The watchdog outside, since the start of the server. */
export const WatchdogView = z.object({
  pings: z.int().nonnegative(),
  /** It was asked and did not answer with a success. */
  unanswered: z.int().nonnegative(),
  /** It was not asked, because this server was not well. */
  withheld: z.int().nonnegative(),
  lastPingAt: z.int().nullable(),
  /** What does not work now. */
  failing: z.array(z.string()),
})

/** `watchdog` null: there is none. */
export const ChannelList = z.object({
  channels: z.array(ChannelView),
  watchdog: WatchdogView.nullable(),
  serverTime: z.int(),
})
