import { join } from 'node:path'
import type { Logger } from 'pino'
import { InfluxTelemetryStore } from '../adapters/influx/telemetry-store.ts'
import { openSqliteTelemetryStore } from '../adapters/sqlite/telemetry-store.ts'
import type { ServerConfig } from '../config.ts'
import type { TelemetryStore } from '../core/ports.ts'

/** InfluxDB when it is configured, else a file beside the journal. */
export const telemetryStore = ({ influx, dataDir, telemetryDays }: ServerConfig, log: Logger): TelemetryStore =>
  influx === null
    ? openSqliteTelemetryStore(join(dataDir, 'telemetry.db'))
    : new InfluxTelemetryStore({
        ...influx,
        token: influx.token?.reveal() ?? null,
        password: influx.password?.reveal() ?? null,
        retentionDays: telemetryDays,
        log,
      })
