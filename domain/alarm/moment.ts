import { z } from 'zod'

/** When something was told: its date in server time, and where it lies on a clock that never steps, the monotonic one of the hub's boot. */
export const Moment = z.object({
  /** Server time, ms. */
  at: z.number(),
  /** The boot that counts `monotonicMs`. */
  boot: z.string(),
  /** Null: told by nobody who has such a clock, or by a journal that did not keep it. */
  monotonicMs: z.number().nullable(),
})
export type Moment = Readonly<z.infer<typeof Moment>>

export const datedMoment = (at: number): Moment => ({ at, boot: '', monotonicMs: null })

/** ms from one to the other. Between two boots only their dates tell: negative when the server's clock was put back meanwhile. */
export const elapsedMs = (from: Moment, to: Moment): number =>
  from.boot === to.boot && from.monotonicMs !== null && to.monotonicMs !== null
    ? to.monotonicMs - from.monotonicMs
    : to.at - from.at
