import type { FastifyInstance } from 'fastify'
import type { Shedding } from '#server/core/pressure/shedding.ts'
import { HttpProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A question about the past, which waits when there is too much to do (security.md 6). */
    givesWay?: boolean
  }
}

/** Before anybody is asked who she is: what is turned away should cost nothing. */
export const useGivingWay = (app: FastifyInstance, shedding: Pick<Shedding, 'sheds'>): void => {
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.givesWay === true && shedding.sheds('reads') !== null)
      throw new HttpProblem('unavailable')
  })
}
