import { describe, expect, it } from 'vitest'
import { hmacSha1 } from '#server/adapters/factor-secrets.ts'
import { base32, matchTotp, totpCode, totpStep, totpUri } from '#server/core/totp.ts'

/** RFC 6238, Appendix B, the rows of SHA-1: seconds, code of 8 digits. */
const rfc6238: readonly (readonly [number, string])[] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
]
/** RFC 4226, Appendix D: the codes of counters 0 to 9, 6 digits. */
const rfc4226 = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ')
/** RFC 4648, section 10. */
const rfc4648: readonly (readonly [string, string])[] = [
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
]

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const secret = ascii('12345678901234567890')
const codeAt = (step: number): string => totpCode(hmacSha1, secret, step)

describe('codes of authenticator apps', () => {
  it.each(rfc6238)('are those of RFC 6238 at %i s', (seconds, code) => {
    expect(totpCode(hmacSha1, secret, totpStep(seconds * 1000), 8)).toBe(code)
  })

  it('are those of RFC 4226 for each counter', () => {
    expect(rfc4226.map((_, counter) => codeAt(counter))).toEqual(rfc4226)
  })

  it('are taken one step early and one late, and no further', () => {
    const now = 1_000_000_000_000
    const step = totpStep(now)
    for (const off of [-1, 0, 1]) expect(matchTotp(codeAt, codeAt(step + off), now, 0)).toBe(step + off)
    for (const off of [-2, 2]) expect(matchTotp(codeAt, codeAt(step + off), now, 0)).toBeNull()
  })

  it('are used once, and none before the last one', () => {
    const now = 1_000_000_000_000
    const step = totpStep(now)
    expect(matchTotp(codeAt, codeAt(step), now, step)).toBeNull()
    expect(matchTotp(codeAt, codeAt(step - 1), now, step)).toBeNull()
    expect(matchTotp(codeAt, codeAt(step + 1), now, step)).toBe(step + 1)
  })
})

describe('the secret', () => {
  it.each(rfc4648)('is base 32 as in RFC 4648: "%s"', (text, encoded) => {
    expect(base32(ascii(text))).toBe(encoded)
  })

  it('stands in an address that apps read, without a colon too many', () => {
    expect(totpUri('Ward: north', 'm.osei', ascii('foobar'))).toBe(
      'otpauth://totp/Ward%20%20north:m.osei?secret=MZXW6YTBOI&issuer=Ward%20%20north&algorithm=SHA1&digits=6&period=30',
    )
  })
})
