import { argon2, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import type { PasswordHasher } from '../core/accounts.ts'
import type { Secret } from '#domain/secret.ts'

const derive = promisify(argon2)

interface Parameters {
  /** KiB */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** 64 MiB, t = 3, p = 1: about 0.2 s and one core (security.md 4). */
export const argon2Parameters: Parameters = { memory: 64 * 1024, passes: 3, parallelism: 1 }

/** 64 MiB and a core each: more at once would let sign-ins exhaust memory, and one core stays for alarms (security.md 4). */
const atOnce = Math.min(2, Math.max(1, availableParallelism() - 1))
const keyLength = 32

const stored = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43})$/
const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

/** Argon2id in the PHC string format, with an optional HMAC pepper applied first. */
export const createArgon2Hasher = (
  pepper: Secret | null = null,
  parameters: Parameters = argon2Parameters,
): PasswordHasher => {
  let running = 0
  const waiting: (() => void)[] = []

  const run = async (password: string, salt: Buffer, p: Parameters): Promise<Buffer> => {
    // A finished run hands its place to the first in the queue, so the count stays.
    if (running >= atOnce) await new Promise<void>((go) => waiting.push(go))
    else running += 1
    try {
      const text = password.normalize('NFC')
      const message = pepper === null ? text : createHmac('sha256', pepper.reveal()).update(text).digest()
      return await derive('argon2id', { message, nonce: salt, tagLength: keyLength, ...p })
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }

  return {
    async hash(password) {
      const salt = randomBytes(16)
      const key = await run(password, salt, parameters)
      const { memory, passes, parallelism } = parameters
      return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(key)}`
    },

    async verify(password, passwordHash) {
      const match = stored.exec(passwordHash)
      if (match === null) return 'wrong'
      const [, m = '', t = '', p = '', salt = '', key = ''] = match
      const used = { memory: Number(m), passes: Number(t), parallelism: Number(p) }
      const derived = await run(password, Buffer.from(salt, 'base64'), used)
      if (!timingSafeEqual(derived, Buffer.from(key, 'base64'))) return 'wrong'
      return used.memory < parameters.memory || used.passes < parameters.passes ? 'outdated' : 'right'
    },
  }
}
