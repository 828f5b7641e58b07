import type { IncomingMessage } from 'node:http'
import type { Clock } from '#domain/time.ts'
import type { Accounts, Identity } from '#server/core/accounts.ts'
import type { Log } from '#server/core/log.ts'
import type { OpenScreens, Screen } from '#server/core/open-screens.ts'
import { TokenBuckets } from '#server/core/pressure/token-buckets.ts'
import { admit } from './admission.ts'
import type { LiveFeedCounters } from './counters.ts'

/** Refusals of one address that are worth a line of the log; all are counted. */
const told = { burst: 30, perSecond: 0.2 }

export interface HandshakeDependencies {
  readonly accounts: Pick<Accounts, 'authenticate' | 'hashOf'>
  readonly origins: () => readonly string[]
  readonly screens: OpenScreens
  readonly counters: LiveFeedCounters
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Log
  readonly isClosed: () => boolean
}

/** Who was let in by a handshake, and the place that the session has for it. */
export interface Caller {
  readonly identity: Identity
  readonly screen: Screen
}

export interface Handshakes {
  /** Of the library: with a reason, or null and whether the socket is opened. */
  answer(request: IncomingMessage, answer: (refusal: string | null, allowed: boolean) => void): Promise<void>
  callerOf(request: IncomingMessage): Caller | null
}

/** Decides before the upgrade who may open a live socket. */
export const handshakes = (deps: HandshakeDependencies): Handshakes => {
  const { accounts, origins, screens, counters, clock, log, isClosed } = deps
  const admitted = new WeakMap<IncomingMessage, Caller>()
  const lines = new TokenBuckets(told)

  const refused = (request: IncomingMessage, reason: keyof LiveFeedCounters): string => {
    counters[reason] += 1
    if (lines.take(request.socket.remoteAddress ?? '', clock.monotonic()))
      log.info({ reason }, 'live feed refused a client')
    return reason
  }

  /** A place for as long as the connection is open; null: there is none. */
  const placeFor = (request: IncomingMessage, { sessionHash, userId }: Identity): Screen | null => {
    const { socket } = request
    if (socket.destroyed) return null
    const screen = screens.come(sessionHash, () => {
      counters['dropped-quiet'] += 1
      log.warn({ reason: 'dropped-quiet', userId }, 'live feed dropped a client')
      socket.destroy()
    })
    if (screen !== null) socket.once('close', () => screen.left())
    return screen
  }

  const refusalOf = async (request: IncomingMessage): Promise<string | null> => {
    const admission = await admit(request, accounts, origins(), screens)
    if ('refusal' in admission) return refused(request, admission.refusal)
    const { identity } = admission
    const screen = placeFor(request, identity)
    if (screen === null) return refused(request, 'refused-screens')
    if (screen.isOver) refused(request, 'refused-screens')
    admitted.set(request, { identity, screen })
    return null
  }

  return {
    callerOf: (request) => admitted.get(request) ?? null,

    answer: async (request, answer) => {
      let refusal: string | null = 'unavailable'
      try {
        refusal = await refusalOf(request)
      } catch (error) {
        log.error({ err: error }, 'live feed could not check a client')
      }
      answer(refusal, refusal === null && !isClosed())
    },
  }
}
