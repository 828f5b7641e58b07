import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Scheduler } from '#domain/time.ts'
import type { InfluxOptions } from '../adapters/influx/connection.ts'
import { InfluxTelemetryStore } from '../adapters/influx/telemetry-store.ts'
import { openSqliteTelemetryStore } from '../adapters/sqlite/telemetry-store.ts'
import type { ServerConfig } from '../config.ts'
import { groupedReceipts, groupedWrites, storeElsewhere } from '../core/grouped-telemetry.ts'
import type { AlarmJournal, ReceiptBook, TelemetryStore } from '../core/ports.ts'
import type { MinuteStore } from '../core/roll-ups/minute.ts'

/** Null: no InfluxDB is configured. */
export const influxOptions = (
  { influx, telemetryDays, rollUpDays }: Pick<ServerConfig, 'influx' | 'telemetryDays' | 'rollUpDays'>,
  log: Logger,
): InfluxOptions | null =>
  influx === null
    ? null
    : {
        ...influx,
        token: influx.token?.reveal() ?? null,
        password: influx.password?.reveal() ?? null,
        retentionDays: telemetryDays,
        minuteDays: rollUpDays,
        log,
      }

/** InfluxDB when it is configured, else a file beside the journal. */
export const telemetryStore = (config: ServerConfig, log: Logger): TelemetryStore & MinuteStore => {
  const options = influxOptions(config, log)
  return options === null
    ? openSqliteTelemetryStore(join(config.dataDir, 'telemetry.db'))
    : new InfluxTelemetryStore(options)
}

/** What ingest writes samples and their numbers to: hubs that send in the same moment share an fsync, here or in InfluxDB. */
export const telemetryIntake = (
  config: Pick<ServerConfig, 'influx'>,
  store: TelemetryStore,
  receipts: ReceiptBook,
  scheduler: Scheduler,
): { readonly store: Pick<TelemetryStore, 'write'>; readonly journal: Pick<AlarmJournal, 'commit'> } => ({
  store: groupedWrites(store, scheduler, config.influx === null ? undefined : storeElsewhere),
  journal: groupedReceipts((received) => receipts.addAll(received), scheduler),
})
