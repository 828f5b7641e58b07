import type { UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time.ts'

/** What a browser hands out so that it can be pushed to. Keys as base64url. */
export interface PushSubscription {
  readonly endpoint: string
  /** The browser's public key, an uncompressed point of P-256. */
  readonly p256dh: string
  /** 16 random bytes. */
  readonly auth: string
}

/** One browser of one person. */
export interface PushDevice extends PushSubscription {
  readonly deviceId: string
  readonly userId: UserId
  /** As the person would call it: "Chrome on Android". */
  readonly name: string
  readonly createdAt: Instant
  /** The push service took a page for it. */
  readonly lastOkAt: Instant | null
  readonly lastFailureAt: Instant | null
  readonly lastFailure: string | null
  /** The device said that it shows a page. */
  readonly lastShownAt: Instant | null
  /** The push service said that it will never deliver there again: nothing is sent, and its owner is told. */
  readonly goneAt: Instant | null
}

export interface PushDevices {
  /** A browser has one owner: an endpoint that is known keeps its id and goes to `userId`. */
  put(
    device: Pick<PushDevice, 'deviceId' | 'userId' | 'name' | 'createdAt' | keyof PushSubscription>,
  ): Promise<PushDevice>
  /** Oldest first, those that are gone too. */
  ofUser(userId: UserId): Promise<readonly PushDevice[]>
  device(deviceId: string): Promise<PushDevice | null>
  /** False: that person has no such device. */
  remove(userId: UserId, deviceId: string, at: Instant): Promise<boolean>
  sent(deviceId: string, at: Instant): Promise<void>
  failed(deviceId: string, reason: string, gone: boolean, at: Instant): Promise<void>
  shown(deviceId: string, at: Instant): Promise<void>
  /** Distinct endpoints that are in use, at most `limit`, the last used first. */
  endpoints(limit: number): Promise<readonly string[]>
}

/** Makes what a push service takes: encrypted for the browser (RFC 8291), signed by this server (RFC 8292). */
export interface PushSealer {
  /** Base64url; browsers tie a subscription to it. */
  readonly publicKey: string
  /** Whether these keys can be encrypted to. */
  usable(subscription: PushSubscription): boolean
  seal(subscription: PushSubscription, message: string, wishes: PushWishes): SealedPush
}

export interface PushWishes {
  /** How long the push service keeps it for a device that is out of reach. */
  readonly ttlSeconds: number
  readonly urgency: 'high' | 'normal' | 'low'
  /** Of two messages of one topic only the later one waits at the push service. */
  readonly topicOf: string
}

export interface SealedPush {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Lets a device speak for itself about one page, with nobody signed in. */
export interface ReceiptSeal {
  /** A name that says nothing of what it stands for, always the same. */
  blind(name: string): string
  tokenFor(notificationId: string, deviceId: string): string
  isGood(notificationId: string, deviceId: string, token: string): boolean
}
