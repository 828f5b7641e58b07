import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { FactorSecrets } from '../core/second-factors.ts'
import type { ChallengeSecrets } from '../core/challenges.ts'
import type { HmacSha1 } from '../core/totp.ts'

export const hmacSha1: HmacSha1 = (key, message) => createHmac('sha1', key).update(message).digest()

/** Without I, L, O and U, which are misread. */
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export const factorSecrets: FactorSecrets = {
  newTotpSecret: () => new Uint8Array(randomBytes(20)),
  newRecoveryCode: () => [...randomBytes(16)].map((byte) => crockford[byte % crockford.length]).join(''),
  hashRecoveryCode: (userId, code) => createHash('sha256').update(`${userId} ${code}`).digest('base64url'),
  hmac: hmacSha1,
}

/** Under a key that is gone with this process: a challenge does not outlive a start. */
export const challengeSecrets = (): ChallengeSecrets => {
  const key = randomBytes(32)
  return {
    random: () => randomBytes(16),
    mac: (message) => createHmac('sha256', key).update(message).digest(),
    base64url: (bytes) => Buffer.from(bytes).toString('base64url'),
  }
}
