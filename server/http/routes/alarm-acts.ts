import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { EpisodeId } from '#domain/ids.ts'
import {
  ActBody,
  AlarmConflict,
  ColleagueList,
  EscalateBody,
  HandOverBody,
  Problem,
  RejectBody,
  ResolveBody,
  ShelveBody,
} from '#domain/live/api.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import { AlarmView } from '#domain/live/views.ts'
import { identityOf, sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'deskOf' | 'colleagues' | 'onCall' | 'clock'>

const Acted = z.object({ alarm: AlarmView, serverTime: z.int() })
type Acted = z.infer<typeof Acted>
const params = z.strictObject({ episodeId: EpisodeId })
const response = { 200: Acted, 400: Problem, 403: Problem, 404: Problem, 409: AlarmConflict, 422: Problem }
const access = { config: { access: 'alarm.act', scope: 'alarm' } } as const

const act = async ({ deskOf, clock }: Needs, request: FastifyRequest, command: LiveCommand): Promise<Acted> => {
  const { userId, name, role } = identityOf(request)
  const answer = await deskOf(sightFor(request)).act({ userId, name }, command, role)
  switch (answer.outcome) {
    case 'ok':
      return { alarm: answer.alarm, serverTime: clock.now() }
    case 'conflict':
      throw new HttpProblem('conflict', { detail: answer.message, alarm: answer.alarm })
    case 'refused':
      throw new HttpProblem('not_possible', { detail: answer.message })
    case 'unknown':
      throw new HttpProblem('not_found')
  }
}

const about = (summary: string) => ({ tags: ['people'], summary, params, response })

const plainActs = [
  ['accept', 'Take the alarm. 409 says who was faster, and when.'],
  ['seen', 'Say that you looked. Nobody owns it.'],
  ['withdraw', 'Take your own acceptance back.'],
  ['take-over', 'Take over an alarm that was handed to you.'],
  ['withdraw-hand-over', 'Keep an alarm that you offered to somebody.'],
  ['check-in', 'Say that you are still on an alarm you have. Any other act of yours on it says so, too.'],
  ['unshelve', 'Bring a shelved alarm back before its time.'],
] as const

const reasonedActs = [
  ['reject', 'Say why you cannot take it.'],
  [
    'take-from',
    'Take an alarm from an owner who is gone; a lead takes it from anybody. Everybody sees whose it was and why.',
  ],
  ['decline-hand-over', 'Say why you cannot take over what was handed to you. Its owner keeps it.'],
] as const

/** One route for each act; the live feed's `command` means the same. */
export const alarmActRoutes =
  (needs: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    for (const [kind, summary] of plainActs)
      app.post(
        `/alarms/:episodeId/${kind}`,
        { ...access, schema: { ...about(summary), body: ActBody.strict() } },
        (request) => act(needs, request, { ...request.body, kind, episodeId: request.params.episodeId }),
      )

    for (const [kind, summary] of reasonedActs)
      app.post(
        `/alarms/:episodeId/${kind}`,
        { ...access, schema: { ...about(summary), body: RejectBody.strict() } },
        (request) => act(needs, request, { ...request.body, kind, episodeId: request.params.episodeId }),
      )

    app.post(
      '/alarms/:episodeId/hand-over',
      {
        ...access,
        schema: {
          ...about('Offer your alarm to a colleague. It stays yours until they take it over.'),
          body: HandOverBody.strict(),
        },
      },
      (request) => act(needs, request, { ...request.body, kind: 'hand-over', episodeId: request.params.episodeId }),
    )

    app.post(
      '/alarms/:episodeId/escalate',
      {
        ...access,
        schema: {
          ...about('Have somebody paged now: a colleague, or whoever is next. Owner and priority stay.'),
          body: EscalateBody.strict(),
        },
      },
      (request) => act(needs, request, { ...request.body, kind: 'escalate', episodeId: request.params.episodeId }),
    )

    app.post(
      '/alarms/:episodeId/shelve',
      {
        config: { access: 'alarm.shelve', scope: 'alarm' },
        schema: {
          ...about('Put a low alarm aside for at most 60 minutes. It stays on the list and is counted.'),
          body: ShelveBody.strict(),
        },
      },
      (request) => act(needs, request, { ...request.body, kind: 'shelve', episodeId: request.params.episodeId }),
    )

    app.post(
      '/alarms/:episodeId/resolve',
      { ...access, schema: { ...about('Close it out: what it was, what was found.'), body: ResolveBody.strict() } },
      (request) => act(needs, request, { ...request.body, kind: 'resolve', episodeId: request.params.episodeId }),
    )

    app.get(
      '/colleagues',
      {
        config: { access: 'alarm.act', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary: 'Who of your teams can be given an alarm.',
          response: { 200: ColleagueList, 401: Problem, 403: Problem },
        },
      },
      async (request) => {
        const { scope } = sightFor(request)
        const all = await needs.colleagues.all()
        const near = all.filter(({ userId }) => needs.onCall.seenBy(userId).some((teamId) => scope.isOwn(teamId)))
        return { colleagues: near, serverTime: needs.clock.now() }
      },
    )
  }
