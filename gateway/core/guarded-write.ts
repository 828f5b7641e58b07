import { GatewayError } from './errors.ts'
import type { Scheduler } from '#domain/time.ts'

/** A write that has not left after this long, ms, means that the peer does not read (protocols/README.md 7). */
export const writeTimeoutMs = 500

export interface GuardedWrite {
  readonly permits: (bytes: Uint8Array) => boolean
  readonly scheduler: Scheduler
  /** Hands the bytes to the system; `done` when they have left or failed. */
  readonly send: (bytes: Uint8Array, done: (error?: Error | null) => void) => void
}

/**
 * The one way to a pump (protocols/README.md 3). Rejects with `GW_WRITE_REFUSED`, and writes nothing, when the whitelist does not
 * hold the bytes; with `GW_WRITE_STALLED` or `GW_LINK_LOST` when they do not leave.
 */
export const guardedWrite = async (bytes: Uint8Array, { permits, scheduler, send }: GuardedWrite): Promise<void> => {
  if (!permits(bytes)) throw new GatewayError('GW_WRITE_REFUSED', 'not on the whitelist of this protocol')
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const cancel = scheduler.after(writeTimeoutMs, () =>
    reject(new GatewayError('GW_WRITE_STALLED', `a write took longer than ${writeTimeoutMs} ms`)),
  )
  send(bytes, (error) =>
    error ? reject(new GatewayError('GW_LINK_LOST', `write failed: ${error.message}`, { cause: error })) : resolve(),
  )
  try {
    await promise
  } finally {
    cancel()
  }
}
