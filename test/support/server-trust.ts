import { ServerTime } from '#gateway/adapters/http-uplink/server-time.ts'
import type { Clock } from '#domain/time.ts'
import type { Reach } from '#gateway/adapters/http-uplink/exchange.ts'
import type { ServerTrust } from '#gateway/adapters/http-uplink/server-trust.ts'

/** A way to a server as a hub with a good clock has it; over plain HTTP nothing of the trust is asked. */
export const reachFor = (server: URL, clock: Clock, trust: Partial<ServerTrust> = {}): Reach => ({
  server,
  clock,
  trust: {
    roots: null,
    pins: [],
    book: { serverPins: [], sawServerPin: async () => {} },
    hubClock: { isSuspect: () => false, lowerBound: () => 0 },
    serverTime: new ServerTime(clock),
    ...trust,
  },
})
