import { defaultLimits } from '#gateway/adapters/sqlite-outbox/limits.ts'
import type { OutboxLimits } from '#gateway/adapters/sqlite-outbox/limits.ts'

/** So that a test does not write a hub's whole reserve at each start. */
export const smallOutbox: OutboxLimits = { ...defaultLimits, reserveBytes: 64 * 1024, ballastBytes: 0 }
