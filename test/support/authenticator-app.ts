import { hmacSha1 } from '#server/adapters/factor-secrets.ts'
import { totpCode, totpStep } from '#server/core/totp.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What the letters stand for. */
export const secretBytes = (base32: string): Uint8Array => {
  const bits = Array.from(base32, (char) => alphabet.indexOf(char).toString(2).padStart(5, '0')).join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}

/** What a person's telephone shows, from the secret she typed into it. */
export const authenticatorApp =
  (secret: string) =>
  (nowMs: number): string =>
    totpCode(hmacSha1, secretBytes(secret), totpStep(nowMs))
