import type { AlarmEngine } from '#domain/alarm/engine.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import { InfluxAlarmCopies } from '../adapters/influx/alarm-copies.ts'
import type { InfluxOptions } from '../adapters/influx/connection.ts'
import type { AlarmService } from '../core/alarm-service.ts'
import { AlarmCopies } from '../core/copies/alarm-copies.ts'
import { AlarmCopier } from '../core/copies/alarm-copy.ts'
import type { Log } from '../core/log.ts'
import type { AlarmJournal } from '../core/ports.ts'
import type { StateArchive } from '../core/state-archive.ts'

export interface AlarmCopyParts {
  /** Null: the embedded store, whose alarms are in the journal beside it. */
  readonly influx: InfluxOptions | null
  readonly engine: AlarmEngine
  readonly journal: Pick<AlarmJournal, 'readAll'>
  readonly archive: StateArchive
  readonly alarms: Pick<AlarmService, 'onCommitted'>
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

const dayMs = 86_400_000

/** Copies of alarm events for whoever draws charts from InfluxDB. */
export const followAlarms = ({
  influx,
  engine,
  journal,
  archive,
  alarms,
  ...rest
}: AlarmCopyParts): AsyncDisposable => {
  const opened = new AsyncDisposableStack()
  if (influx === null) return opened
  const sink = opened.use(new InfluxAlarmCopies(influx))
  const copier = new AlarmCopier(archive, engine)
  const copies = opened.use(new AlarmCopies({ ...rest, journal, copier, sink, keptMs: influx.retentionDays * dayMs }))
  alarms.onCommitted(() => copies.due())
  copies.due()
  return opened
}
