import { fullJitter, laneBackoff } from './backoff.ts'
import { GatewayError, gatewayErrorCode, messageOf } from './errors.ts'
import { pause } from './waiting.ts'
import type { Scheduler } from '#domain/time.ts'
import type { Random } from './backoff.ts'

export interface PairingDeps {
  /** Looks on the disk too: the hub may be paired by command while it runs. */
  readonly isPaired: () => Promise<boolean>
  /** Null: nobody has given this hub a claim code. */
  readonly claim: (() => Promise<void>) | null
  readonly scheduler: Scheduler
  readonly random: Random
  /** Told once per change. */
  readonly told: (trouble: { readonly code: string; readonly message: string }) => void
}

/**
 * What time alone does not mend, ms. A used or wrong code stays wrong, and is shown again slowly should the server have been
 * mistaken; a hub without a claim looks whether it was paired by command.
 */
const slow: ReadonlyMap<string, number> = new Map([
  ['GW_PAIRING_REFUSED', 30_000],
  ['GW_NOT_PAIRED', 2_000],
])

/** Resolves when the hub is paired or `signal` aborts. An unpaired hub keeps everything it hears. */
export const untilPaired = async (
  { isPaired, claim, scheduler, random, told }: PairingDeps,
  signal: AbortSignal,
): Promise<void> => {
  let failures = 0
  let last: string | null = null
  while (!signal.aborted && !(await isPaired())) {
    try {
      if (claim === null)
        throw new GatewayError('GW_NOT_PAIRED', 'this hub is not paired: run "enrol" with a claim code')
      await claim()
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      const code = gatewayErrorCode(error) ?? 'GW_UPLINK_UNREACHABLE'
      if (code !== last) told({ code, message: messageOf(error) })
      last = code
      const delay = slow.get(code) ?? fullJitter(laneBackoff.alarm, failures, random)
      await pause(scheduler, delay, signal)
    }
  }
}
