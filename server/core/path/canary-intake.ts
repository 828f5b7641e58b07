import type { AlarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmPolicy } from '#domain/alarm/policy.ts'
import type { EpisodeId, HubId } from '#domain/ids.ts'
import type { Clock, Instant } from '#domain/time.ts'
import { isCanary } from '#domain/uplink/canary.ts'
import type { Log } from '../log.ts'
import type { AlarmIntake, DatedRecord } from '../ports.ts'
import { recordCommands } from '../record-commands.ts'

/** A test alarm of a hub that has come as far as the journal: when it was where, server time. */
export interface CanaryArrival {
  readonly hubId: HubId
  readonly writtenAt: Instant
  readonly receivedAt: Instant
  readonly storedAt: Instant
}

export interface CanaryIntakeDependencies {
  readonly alarms: AlarmIntake
  readonly engine: AlarmEngine
  readonly policy: AlarmPolicy
  readonly clock: Clock
  readonly newEpisodeId: () => EpisodeId
  readonly arrived: (arrival: CanaryArrival) => void
  readonly log: Log
}

/**
 * Takes test alarms out of what hubs report, on the last step before alarms are made of it. Their numbers are committed by the very
 * transaction that commits alarms, and the engine has to make an alarm of each, on a state that nobody sees: so a test alarm cannot ring,
 * page, be counted or stand in front of a real one.
 */
export const canaryIntake = (deps: CanaryIntakeDependencies): AlarmIntake => ({
  async take(hubId, records, received) {
    const tests = records.filter(({ record }) => isCanary(record))
    const real = tests.length === 0 ? records : records.filter((dated) => !tests.includes(dated))
    await deps.alarms.take(hubId, real, received)
    const storedAt = deps.clock.now()
    for (const dated of tests) {
      // An old one says that the path worked, not that it works.
      if (dated.late || !isStart(dated) || !opensAlarm(deps, hubId, dated)) continue
      deps.arrived({ hubId, writtenAt: dated.occurredAt, receivedAt: dated.receivedAt, storedAt })
    }
  },
})

const isStart = ({ record }: DatedRecord): boolean => record.kind === 'condition' && record.body.phase === 'start'

const opensAlarm = (
  { engine, policy, newEpisodeId, log }: CanaryIntakeDependencies,
  hubId: HubId,
  dated: DatedRecord,
): boolean => {
  try {
    return recordCommands({ newEpisodeId, pump: () => null }, hubId, dated).some(({ command }) => {
      const decision = engine.decide(engine.initial, command, policy)
      return decision.outcome === 'ok' && decision.events.some(({ type }) => type === 'episode-opened')
    })
  } catch (error) {
    // A fault of the engine must not keep the records behind this one from being stored.
    log.error({ err: error, hubId }, 'the alarm engine failed on a test alarm')
    return false
  }
}
