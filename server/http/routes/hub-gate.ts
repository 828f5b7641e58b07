import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { HubUplink } from '#server/core/hub-uplink.ts'
import type { HubLane } from '#server/core/pressure/hub-gate.ts'
import { LastInLine } from '#server/core/pressure/last-in-line.ts'
import { sendProblem } from './hub-problems.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route of hubs is about; its limits hang on it. */
    lane?: HubLane
  }
}

/** A route that does not say is limited as a stranger's. */
export const laneOf = (request: FastifyRequest): HubLane => request.routeOptions.config.lane ?? 'pairing'

/** In front of everything else that hubs ask. */
export const useGate = (app: FastifyInstance, { gate, clock }: Pick<HubUplink, 'gate' | 'clock'>): void => {
  const strangers = new LastInLine((task) => void setImmediate(task))
  app.addHook('onRequest', async (request, reply) => {
    const refusal = gate.arrives(laneOf(request), request.ip)
    if (refusal !== null) return sendProblem(request, reply, refusal, { serverTime: clock.now() })
    // Its alarms are never refused unread, but others' need not wait behind them.
    if (gate.isStrange(request.ip)) await strangers.turn()
  })
}
