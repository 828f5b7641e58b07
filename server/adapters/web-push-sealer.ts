import { createECDH, createHash } from 'node:crypto'
import webPush from 'web-push'
import type { PushSealer, PushSubscription } from '#server/core/push-devices.ts'

const keysOf = ({ p256dh, auth }: PushSubscription) => ({ p256dh, auth })

/** Of two unread messages of one topic a push service keeps the later: at most 32 characters of base64url (RFC 8030 5.4). */
const topic = (of: string): string => createHash('sha256').update(of).digest('base64url').slice(0, 32)

/** True for a point that lies on P-256. */
const isPoint = (p256dh: string): boolean => {
  const probe = createECDH('prime256v1')
  probe.generateKeys()
  try {
    return probe.computeSecret(Buffer.from(p256dh, 'base64url')).length === 32
  } catch {
    return false
  }
}

/**
 * Encryption and VAPID by `web-push`; the sending is ours.
 * `secret`: 32 bytes, the private key. `contact`: `mailto:` or `https:`, for the operators of push services.
 */
export const createWebPushSealer = (secret: Uint8Array, contact: string): PushSealer => {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(secret)
  const vapidDetails = {
    subject: contact,
    publicKey: pair.getPublicKey('base64url'),
    privateKey: Buffer.from(secret).toString('base64url'),
  }
  return {
    publicKey: vapidDetails.publicKey,
    usable: ({ p256dh, auth }) => Buffer.from(auth, 'base64url').length === 16 && isPoint(p256dh),
    seal: (subscription, message, { ttlSeconds, urgency, topicOf }) => {
      const details = webPush.generateRequestDetails(
        { endpoint: subscription.endpoint, keys: keysOf(subscription) },
        message,
        {
          vapidDetails,
          TTL: ttlSeconds,
          urgency,
          topic: topic(topicOf),
          contentEncoding: 'aes128gcm',
        },
      )
      const { Authorization: authorization = '', Topic = '' } = details.headers
      return {
        headers: {
          authorization,
          'content-encoding': 'aes128gcm',
          'content-type': 'application/octet-stream',
          ttl: String(ttlSeconds),
          urgency,
          topic: Topic,
        },
        body: details.body,
      }
    },
  }
}
