import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { UserId } from '#domain/ids.ts'
import type { AccountSecrets } from '../core/accounts.ts'

export const accountSecrets: AccountSecrets = {
  newSessionId: () => randomBytes(32).toString('base64url'),
  hashSessionId: (id) => createHash('sha256').update(id).digest('base64url'),
}

export const newUserId = (): UserId => UserId.parse(`u-${randomUUID()}`)

// Without the letters and digits that people confuse when they read a password aloud.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** 20 characters in groups of five: 99 bits. */
export const newPassword = (): string =>
  Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('')).join(
    '-',
  )
