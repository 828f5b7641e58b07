import type { HubId } from '#domain/ids.ts'
import { HubDays } from '../core/hub-days.ts'
import type { HubDaysDependencies } from '../core/hub-days.ts'
import type { HubLogStore } from '../core/hub-log.ts'
import type { LivePicture } from '../core/live-picture.ts'
import { hubDayRoutes } from '../http/routes/hub-days.ts'
import { hubLogRoutes } from '../http/routes/hub-log.ts'
import type { AlarmIntake, HeartbeatSink, KnownHub, SampleSink } from '../core/ports.ts'

export interface HubDaysParts extends HubDaysDependencies {
  /** What people did about hubs. */
  readonly acts: HubLogStore
  readonly picture: Pick<LivePicture, 'hub'>
}

/** Listens to what hubs send on its way, and changes nothing of it. */
export const openHubDays = ({ acts, picture, ...deps }: HubDaysParts) => {
  const days = new HubDays(deps)
  const { clock } = deps
  return {
    days,
    routes: [hubDayRoutes(days, acts, clock), hubLogRoutes({ log: acts, picture, clock })],
    remember: (known: readonly KnownHub[]): Promise<void> =>
      days.remember(
        known.flatMap(({ hubId, state, enrolledAt }) => (state === 'active' && enrolledAt !== null ? [hubId] : [])),
      ),
    cameFrom: (hubId: HubId, address: string): void => days.cameFrom(hubId, address),
    heartbeats: (next: HeartbeatSink): HeartbeatSink => ({
      heartbeat: (hubId, body, receivedAt) => {
        next.heartbeat(hubId, body, receivedAt)
        days.heartbeat(hubId, body, receivedAt)
      },
      refused: (hubId) => next.refused(hubId),
    }),
    intake: (next: AlarmIntake): AlarmIntake => ({
      take: async (hubId, records, received) => {
        await next.take(hubId, records, received)
        days.arrived(records)
      },
    }),
    samples: (next: SampleSink): SampleSink => ({
      take: (samples) => {
        next.take(samples)
        days.arrived(samples)
      },
    }),
  }
}

export type OpenHubDays = ReturnType<typeof openHubDays>
