import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ReceiptSeal } from '#server/core/push-devices.ts'

/** HMAC-SHA256, 128 bits of it: good for one page on one device, and for nothing but a receipt. */
export const createReceiptSeal = (key: Uint8Array): ReceiptSeal => {
  const mac = (...parts: readonly string[]): string =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest().subarray(0, 16).toString('base64url')
  const tokenFor = (notificationId: string, deviceId: string): string => mac('receipt', notificationId, deviceId)
  return {
    blind: (name) => mac('thread', name),
    tokenFor,
    isGood: (notificationId, deviceId, token) => {
      const [expected, given] = [tokenFor(notificationId, deviceId), token].map((text) => Buffer.from(text))
      return expected !== undefined && given?.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}
