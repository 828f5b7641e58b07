/** HMAC-SHA-1 of a message: 20 bytes. RFC 6238 is about a shared secret and a clock; a collision of SHA-1 is no use against it. */
export type HmacSha1 = (key: Uint8Array, message: Uint8Array) => Uint8Array

const stepMs = 30_000
/** A clock may be one step off on either side (RFC 6238 5.2). */
const stepsOff = [0, -1, 1] as const

export const totpStep = (nowMs: number): number => Math.floor(nowMs / stepMs)

/** The code of one step of 30 s (RFC 6238, RFC 4226 5.3). */
export const totpCode = (hmac: HmacSha1, secret: Uint8Array, step: number, digits = 6): string => {
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(step))
  const mac = hmac(secret, new Uint8Array(counter.buffer))
  const offset = (mac.at(-1) ?? 0) & 0x0f
  const bits = new DataView(mac.buffer, mac.byteOffset + offset, 4).getUint32(0) & 0x7fff_ffff
  return String(bits % 10 ** digits).padStart(digits, '0')
}

/** The step a code belongs to, around now and later than `lastStep`: each is used once. Null: it is wrong, old or used. */
export const matchTotp = (
  codeAt: (step: number) => string,
  code: string,
  nowMs: number,
  lastStep: number,
): number | null => {
  const now = totpStep(nowMs)
  // All are computed whatever is found: the answer takes the same time.
  const found = stepsOff.map((off) => now + off).filter((step) => codeAt(step) === code && step > lastStep)
  return found[0] ?? null
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 base 32 without padding, as authenticator apps take it. */
export const base32 = (bytes: Uint8Array): string => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
}

const plain = (text: string): string => encodeURIComponent(text.replaceAll(':', ' '))

/** What the picture for the app says. Colons separate issuer and name, so they stand in neither. */
export const totpUri = (issuer: string, name: string, secret: Uint8Array): string => {
  return `otpauth://totp/${plain(issuer)}:${plain(name)}?secret=${base32(secret)}&issuer=${plain(issuer)}&algorithm=SHA1&digits=6&period=30`
}
