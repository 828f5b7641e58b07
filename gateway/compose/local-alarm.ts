import { join } from 'node:path'
import { bursts } from '#domain/sound/bursts.ts'
import { AnnunciatorCommand } from '../adapters/annunciator-command/annunciator-command.ts'
import { RememberedAlarms } from '../adapters/remembered-alarms.ts'
import { LocalAlarmWatch, pumpLook } from '../core/local-alarm-watch.ts'
import { waveOf } from '../core/wave.ts'
import type { Logger } from 'pino'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { Config } from '../config.ts'
import type { LocalAlarmReport } from '../core/health.ts'
import type { HubLook } from '../core/local-alarm.ts'
import type { PumpStream } from '../core/pump-stream.ts'

export interface LocalAlarmDeps {
  readonly config: Pick<Config, 'annunciator' | 'dataDir'>
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly streams: () => readonly PumpStream[]
  readonly storageRefuses: () => boolean
  readonly undeliveredSinceMs: () => number | null
  /** Somebody should be told: the server is asked at once. */
  readonly urgent: () => void
  readonly log: Logger
}

export interface LocalAlarmParts extends AsyncDisposable {
  readonly watch: LocalAlarmWatch
  readonly report: () => LocalAlarmReport
}

/** What a person calls the place: all MQTT pumps share one port, so there it is the pump's own id. */
const placeOf = ({ port, state }: PumpStream): string => (port === 'mqtt' ? (state.pumpId ?? port) : port)

/** A command starts again one second after its end, so a burst of this length sounds every 10 s. */
const burstMs = 9_000

export const alarmWave = (): Uint8Array<ArrayBuffer> => waveOf(bursts.high, burstMs)

export const openAnnunciatorCommand = (
  command: readonly string[],
  { config, scheduler, log }: Pick<LocalAlarmDeps, 'config' | 'scheduler' | 'log'>,
): Promise<AnnunciatorCommand> =>
  AnnunciatorCommand.open({
    command,
    note: join(config.dataDir, 'annunciator.pid'),
    sound: alarmWave(),
    scheduler,
    troubleChanged: (trouble) => {
      if (trouble === null) log.info('annunciator command works again')
      else log.error({ program: command[0], reason: trouble }, 'annunciator command does not work, trying on')
    },
  })

/** The hub's own alarm: what it looks at, what it remembers, and the configured command that makes the noise. */
export const localAlarm = async (deps: LocalAlarmDeps): Promise<LocalAlarmParts> => {
  const { config, clock, scheduler, streams, storageRefuses, undeliveredSinceMs, urgent, log } = deps
  const kept = new RememberedAlarms(config.dataDir, clock)
  const { command, afterSeconds } = config.annunciator
  const annunciator = command === undefined ? null : await openAnnunciatorCommand(command, deps)
  const look = (): HubLook => ({
    pumps: streams().flatMap((stream) => pumpLook(stream.state, placeOf(stream)) ?? []),
    storageRefuses: storageRefuses(),
    undeliveredSinceMs: undeliveredSinceMs(),
  })
  const watch = new LocalAlarmWatch({
    afterMs: afterSeconds * 1_000,
    remembered: await kept.load(),
    remember: (remembered) => kept.save(remembered),
    clock,
    scheduler,
    look,
    annunciators: annunciator === null ? [] : [annunciator],
    changed: ({ sounding, reasons }) =>
      log.warn({ sounding, reasons: reasons.map(({ kind }) => kind) }, 'local alarm has changed'),
    urgent,
  })
  return {
    watch,
    report: () => {
      const { sounding, reasons, quietForMs } = watch.state
      return { sounding, reasons: reasons.map(({ kind }) => kind), quietForMs, command: annunciator?.report() ?? null }
    },
    [Symbol.asyncDispose]: async () => annunciator?.[Symbol.asyncDispose](),
  }
}
