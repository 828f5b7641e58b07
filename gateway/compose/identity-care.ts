import { gatewayErrorCode, messageOf } from '../core/errors.ts'
import { pause } from '../core/waiting.ts'
import type { Logger } from 'pino'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { KeyStore } from '../adapters/key-store.ts'

export interface IdentityCareDeps {
  readonly keys: KeyStore
  readonly keyDays: number
  /** ms since the epoch; null while no server has told. The hub's own clock must not decide on keys. */
  readonly serverNow: () => number | null
  readonly isLockedOut: () => boolean
  readonly rotate: () => Promise<void>
  /** A claim of the configuration that has not been used yet. */
  readonly pairAgain: { readonly claimId: string; readonly pair: () => Promise<void> } | null
  /** The hub has another key or another pairing. */
  readonly changed: () => void
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Logger
}

const lookEveryMs = 5_000
const tryAgainMs = 3_600_000
const pairAgainMs = 30_000
const dayMs = 86_400_000

/** Looks after the hub's key: notices that it was paired by command, replaces a key that is old, shows a new claim when locked out. */
export const careForIdentity = async (deps: IdentityCareDeps, signal: AbortSignal): Promise<void> => {
  const { keys, scheduler, clock, log, changed } = deps
  const notBefore = { rotate: 0, pair: 0 }
  const attempt = async (what: keyof typeof notBefore, againMs: number, work: () => Promise<void>): Promise<void> => {
    if (clock.monotonic() < notBefore[what]) return
    notBefore[what] = clock.monotonic() + againMs
    await work()
    notBefore[what] = 0
    changed()
  }
  while (!signal.aborted) {
    try {
      if (await keys.reload()) {
        log.info({ hubId: keys.pairing?.hubId, keyId: keys.pairing?.keyId }, 'hub was paired anew')
        changed()
      }
      if (await isDue(deps)) await attempt('rotate', tryAgainMs, deps.rotate)
      const { pairAgain } = deps
      if (pairAgain !== null && deps.isLockedOut() && keys.pairing?.claimId !== pairAgain.claimId)
        await attempt('pair', pairAgainMs, pairAgain.pair)
    } catch (error) {
      if (signal.aborted) return
      log.warn({ code: gatewayErrorCode(error), reason: messageOf(error) }, 'key or pairing could not be renewed')
    }
    await pause(scheduler, lookEveryMs, signal)
  }
}

const isDue = async ({ keys, keyDays, serverNow }: IdentityCareDeps): Promise<boolean> => {
  const { pairing } = keys
  if (pairing === null) return false
  if (await keys.isReplacing()) return true
  const now = serverNow()
  if (now === null) return false
  const { keySince } = pairing
  if (keySince !== undefined) return now - keySince >= keyDays * dayMs
  // Written by an early release: counted from now.
  await keys.paired({ ...pairing, keySince: Math.floor(now) })
  return false
}
