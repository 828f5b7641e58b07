import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { DeclineBody, HandOverOutcome, HandOverSheet, OfferBody, TakeBody } from '#domain/hand-over/sheet.ts'
import { Watch, WatchNote } from '#domain/hand-over/watch.ts'
import type { WatchDecision } from '#domain/hand-over/watch.ts'
import { PumpId } from '#domain/ids.ts'
import { Problem } from '#domain/live/api.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import type { OnCallBook } from '#server/core/on-call-book.ts'
import { teamsSeen } from '#server/core/on-call-now.ts'
import { identityOf, personOf, sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'handOver' | 'watches' | 'onCall' | 'picture' | 'clock'>

const query = z.strictObject({ teamId: TeamId.optional() })
const params = z.strictObject({ pumpId: PumpId })
const WatchAnswer = z.object({ watch: Watch.nullable(), serverTime: z.int() })
const answers = { 200: HandOverOutcome, 400: Problem, 403: Problem }

const refusals = {
  'not-watched': 'Nobody watches this pump.',
  'not-yours': 'Somebody else watches this pump: ask them to hand it over.',
  'not-offered': 'This pump was not offered to you.',
} as const

const done = (decision: WatchDecision): void => {
  if (decision.outcome === 'refused') throw new HttpProblem('not_possible', { detail: refusals[decision.reason] })
}

const teamAsked = (onCall: OnCallBook, request: FastifyRequest, teamId: TeamId | undefined): TeamId => {
  const [first] = teamsSeen(onCall, identityOf(request))
  const asked = teamId ?? first
  if (asked === undefined || !sightFor(request).scope.isOwn(asked)) throw new HttpProblem('not_found')
  return asked
}

export const handOverRoutes =
  ({ handOver, watches, onCall, picture, clock }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/hand-over',
      {
        config: { access: 'alarm.act', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary: 'The sheet of a shift: open alarms with owner and last act, watched pumps, who comes next.',
          querystring: query,
          response: { 200: HandOverSheet, 404: Problem },
        },
      },
      async (request) => ({
        ...(await handOver.sheet(teamAsked(onCall, request, request.query.teamId))),
        serverTime: clock.now(),
      }),
    )

    app.post(
      '/hand-over/offer',
      {
        config: { access: 'alarm.act', scope: 'self' },
        schema: {
          tags: ['people'],
          summary: 'Offers all your alarms and watched pumps to a colleague. They stay yours until taken.',
          body: OfferBody,
          response: answers,
        },
      },
      async (request) => {
        const { to, requestId } = request.body
        const outcome = await handOver.offer(personOf(request), to, requestId)
        if (outcome === null)
          throw new HttpProblem('invalid_request', {
            errors: [{ path: 'to', message: 'there is nobody of that id who can take alarms' }],
          })
        return { ...outcome, serverTime: clock.now() }
      },
    )

    app.post(
      '/hand-over/take',
      {
        config: { access: 'alarm.act', scope: 'self' },
        schema: {
          tags: ['people'],
          summary: 'Takes everything that is offered to you.',
          body: TakeBody,
          response: answers,
        },
      },
      async (request) => ({
        ...(await handOver.take(personOf(request), request.body.requestId)),
        serverTime: clock.now(),
      }),
    )

    app.post(
      '/hand-over/decline',
      {
        config: { access: 'alarm.act', scope: 'self' },
        schema: {
          tags: ['people'],
          summary: 'Declines everything that is offered to you, with a reason. Its owners keep it.',
          body: DeclineBody,
          response: answers,
        },
      },
      async (request) => {
        const { reason, requestId } = request.body
        return { ...(await handOver.decline(personOf(request), reason, requestId)), serverTime: clock.now() }
      },
    )

    app.post(
      '/hand-over/withdraw',
      {
        config: { access: 'alarm.act', scope: 'self' },
        schema: {
          tags: ['people'],
          summary: 'Takes your offers back that nobody has taken.',
          body: TakeBody,
          response: answers,
        },
      },
      async (request) => ({
        ...(await handOver.withdraw(personOf(request), request.body.requestId)),
        serverTime: clock.now(),
      }),
    )

    app.put(
      '/watched/:pumpId',
      {
        config: { access: 'alarm.act', scope: 'pump' },
        schema: {
          tags: ['people'],
          summary: 'Keeps an eye on a pump although nothing rings, or writes another note.',
          params,
          body: z.strictObject({ note: WatchNote }),
          response: { 200: WatchAnswer, 400: Problem, 404: Problem },
        },
      },
      async (request) => {
        const { pumpId } = request.params
        if (picture.pump(pumpId) === null) throw new HttpProblem('not_found')
        const { note } = request.body
        done(await watches.act({ type: 'watch', pumpId, by: personOf(request), at: clock.now(), note }))
        return { watch: watches.watch(pumpId), serverTime: clock.now() }
      },
    )

    app.delete(
      '/watched/:pumpId',
      {
        config: { access: 'alarm.act', scope: 'self' },
        schema: {
          tags: ['people'],
          summary: 'Your watch of this pump is over.',
          params,
          response: { 200: WatchAnswer, 422: Problem },
        },
      },
      async (request) => {
        const { pumpId } = request.params
        const isOwn = watches.watch(pumpId)?.owner.userId === identityOf(request).userId
        // Her watch stays hers to end when the pump has gone to another team.
        if (!isOwn && !sightFor(request).scope.has({ kind: 'pump', pumpId })) throw new HttpProblem('not_found')
        done(await watches.act({ type: 'end', pumpId, by: personOf(request), at: clock.now() }))
        return { watch: null, serverTime: clock.now() }
      },
    )
  }
