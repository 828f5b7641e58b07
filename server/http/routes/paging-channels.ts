import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { ChannelList } from '#domain/live/push-api.ts'
import type { Clock } from '#domain/time.ts'
import type { ChannelReport } from '#server/core/channels/channel-health.ts'

/** Whether the ways to reach people work, with their counters since the start of the server. */
export const pagingChannelRoutes =
  (reports: () => readonly ChannelReport[], clock: Clock): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/paging/channels',
      {
        config: { access: 'channels.view' },
        schema: {
          tags: ['operation'],
          summary: 'State and counters of the ways to reach people.',
          response: { 200: ChannelList },
        },
      },
      async () => ({
        channels: reports().map((report) => ({ ...report, reasons: { ...report.reasons } })),
        serverTime: clock.now(),
      }),
    )
  }
