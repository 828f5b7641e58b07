import type { PumpId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { ServerConfig } from '../config.ts'
import type { Log } from '../core/log.ts'
import type { TelemetryStore } from '../core/ports.ts'
import type { DueMinutes } from '../core/roll-ups/due-minutes.ts'
import { Expiry } from '../core/roll-ups/expiry.ts'
import { LongHistory } from '../core/roll-ups/long-history.ts'
import type { MinuteStore } from '../core/roll-ups/minute.ts'
import { RollUps } from '../core/roll-ups/roll-ups.ts'

export interface RollUpParts {
  readonly config: Pick<ServerConfig, 'telemetryDays' | 'rollUpDays'>
  readonly telemetry: TelemetryStore & MinuteStore
  readonly due: DueMinutes
  readonly pumps: () => readonly PumpId[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

/** Minutes made from samples in the background, samples and minutes that end, and histories that are read from both. */
export const openRollUps = ({ config, telemetry, ...parts }: RollUpParts) => {
  const { telemetryDays, rollUpDays } = config
  const rollUps = new RollUps({ ...parts, store: telemetry })
  const expiry = new Expiry({ ...parts, store: telemetry, days: { samples: telemetryDays, minutes: rollUpDays } })
  const history = new LongHistory({ ...parts, store: telemetry, sampleDays: telemetryDays })
  return {
    history,
    /** What an export reads. */
    source: { samples: telemetry, minutes: history },
    start: (): void => {
      rollUps.start()
      expiry.start()
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await expiry[Symbol.asyncDispose]()
      await rollUps[Symbol.asyncDispose]()
    },
  }
}
