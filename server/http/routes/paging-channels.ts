import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { ChannelList } from '#domain/live/push-api.ts'
import type { Clock } from '#domain/time.ts'
import type { ChannelReport } from '#server/core/channels/channel-health.ts'
import type { DeadManReport } from '#server/core/dead-man.ts'

/** Whether the ways to reach people and the watchdog work, with their counters since the start of the server. */
export const pagingChannelRoutes =
  (
    reports: () => readonly ChannelReport[],
    watchdog: () => DeadManReport | null,
    clock: Clock,
  ): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/paging/channels',
      {
        config: { access: 'channels.view', scope: 'site' },
        schema: {
          tags: ['operation'],
          summary: 'State and counters of the ways to reach people.',
          response: { 200: ChannelList },
        },
      },
      async () => {
        const told = watchdog()
        return {
          channels: reports().map((report) => ({ ...report, reasons: { ...report.reasons } })),
          watchdog: told === null ? null : { ...told, failing: [...told.failing] },
          serverTime: clock.now(),
        }
      },
    )
  }
