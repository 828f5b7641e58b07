import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Problem } from '#domain/live/api.ts'
import { InvitationAccept, InvitationToken, InvitationView } from '#domain/people/people-api.ts'
import type { Invitations } from '#server/core/invitations.ts'
import { HttpProblem } from '../problem.ts'

/** For whoever was sent a link: the token in the body is the right to ask. */
export const invitationRoutes =
  (invitations: Invitations, site: string): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/invitations/look',
      {
        config: { access: 'public' },
        schema: {
          tags: ['people'],
          summary: 'Whom a link is for.',
          body: InvitationToken,
          response: { 200: InvitationView, 410: Problem },
        },
      },
      async (request) => {
        const found = await invitations.find(request.body.token)
        if (found === null) throw new HttpProblem('invitation_over')
        return { name: found.user.name, role: found.user.role, site, expiresAt: found.expiresAt }
      },
    )

    app.post(
      '/invitations/accept',
      {
        config: { access: 'public' },
        schema: {
          tags: ['people'],
          summary: 'Chooses the password, once; signing in comes after it.',
          body: InvitationAccept,
          response: { 204: z.null(), 400: Problem, 410: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const user = await invitations.accept(request.body.token, request.body.password)
        if (typeof user === 'string') throw new HttpProblem('password_refused', { detail: user })
        if (user === null) throw new HttpProblem('invitation_over')
        request.log.info({ userId: user.userId }, 'an invitation was used')
        return reply.code(204).send(null)
      },
    )
  }
