import type { HubId } from '#domain/ids.ts'
import { HubDays } from '../core/hub-days.ts'
import type { HubDaysDependencies } from '../core/hub-days.ts'
import type { AlarmIntake, HeartbeatSink, KnownHub, SampleSink } from '../core/ports.ts'

/** Listens to what hubs send on its way, and changes nothing of it. */
export const openHubDays = (deps: HubDaysDependencies) => {
  const days = new HubDays(deps)
  return {
    days,
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
        for (const record of records) days.arrived(record)
      },
    }),
    samples: (next: SampleSink): SampleSink => ({
      sample: (dated) => {
        next.sample(dated)
        days.arrived(dated)
      },
    }),
  }
}
