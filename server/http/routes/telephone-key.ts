import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { afterKey } from '#server/core/channels/telephone-templates.ts'
import type { PageReceipts } from '#server/core/page-receipts.ts'
import type { ReceiptSeal } from '#server/core/push-devices.ts'
import { HttpProblem } from '../problem.ts'

/** In place of a device: a receipt by telephone is good for its page alone. */
export const telephone = 'telephone'

const Key = z.object({ notificationId: z.string().min(1).max(128), token: z.string().min(1).max(64) })

/** A key was pressed during a call: the page was heard. It takes no alarm. */
export const telephoneKeyRoutes =
  (seal: Pick<ReceiptSeal, 'isGood'>, receipts: Pick<PageReceipts, 'pressed'>): FastifyPluginAsyncZod =>
  async (app) => {
    // Providers send forms, JSON or nothing: all that counts is the address, which nobody can guess.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 16 * 1024 }, (_request, _body, done) =>
      done(null, null),
    )
    app.post(
      '/paging/calls/:notificationId/:token',
      {
        config: { access: 'public' },
        schema: {
          tags: ['people'],
          summary: 'A telephone provider says that a key was pressed during a call.',
          params: Key,
        },
      },
      async (request, reply) => {
        const { notificationId, token } = request.params
        if (!seal.isGood(notificationId, telephone, token)) throw new HttpProblem('not_found')
        await receipts.pressed(notificationId)
        return reply.type('text/xml').send(afterKey)
      },
    )
  }
