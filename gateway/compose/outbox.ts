import { join } from 'node:path'
import { defaultLimits } from '../adapters/sqlite-outbox/limits.ts'
import { openSqliteOutbox } from '../adapters/sqlite-outbox/sqlite-outbox.ts'
import { messageOf } from '../core/errors.ts'
import type { Logger } from 'pino'
import type { BootId } from '#domain/ids.ts'
import type { Scheduler } from '#domain/time.ts'
import type { HubCondition } from '#domain/uplink/envelope.ts'
import type { OutboxLimits } from '../adapters/sqlite-outbox/limits.ts'
import type { StorageTrouble } from '../adapters/sqlite-outbox/storage-trouble.ts'
import type { Config } from '../config.ts'
import type { HubConditions } from '../core/hub-conditions.ts'
import type { Outbox, QuarantineNotice } from '../core/ports.ts'

const mebibyte = 1024 * 1024

export const limitsOf = ({ telemetryMiB, telemetryDays, reserveMiB, ballastMiB }: Config['outbox']): OutboxLimits => ({
  ...defaultLimits,
  telemetryBytes: telemetryMiB * mebibyte,
  telemetryDays,
  reserveBytes: reserveMiB * mebibyte,
  ballastBytes: ballastMiB * mebibyte,
})

/** That a file was damaged stands this long, ms: long enough to reach the server and be answered. */
const salvageStandsMs = 600_000

export interface OutboxParts {
  readonly config: Config
  readonly bootId: BootId
  readonly conditions: HubConditions
  readonly scheduler: Scheduler
  readonly log: Logger
}

export interface OpenedOutbox {
  readonly outbox: Outbox
  /** Rows set aside from now on, and those of the start, which nobody could hear yet. */
  onQuarantined(listener: (notice: QuarantineNotice) => void): void
}

/** The hub's outbox, with what is wrong with its disk told as conditions of the hub. */
export const openOutbox = async ({
  config,
  bootId,
  conditions,
  scheduler,
  log,
}: OutboxParts): Promise<OpenedOutbox> => {
  const early: QuarantineNotice[] = []
  let quarantined = (notice: QuarantineNotice): void => void early.push(notice)
  let trouble: StorageTrouble | null = null
  let damaged: string | null = null
  const tell = (): void => {
    const condition = conditionOf(trouble, damaged)
    if (condition === null) conditions.clear('storage-degraded')
    else conditions.set(condition)
  }
  const outbox = await openSqliteOutbox({
    folder: join(config.dataDir, 'outbox'),
    bootId,
    limits: limitsOf(config.outbox),
    quarantined: (notice) => quarantined(notice),
    salvaged: (lane, rows, setAside) => {
      log.error({ lane, rows, setAside }, 'outbox file was damaged: set aside, its good rows carried over')
      damaged = `the hub's ${lane} file was damaged: ${rows} records were saved, the file is kept as ${setAside}`
      tell()
      scheduler.after(salvageStandsMs, () => {
        damaged = null
        tell()
      })
    },
    storage: (now) => {
      if (now === null) log.info('the outbox has room again')
      else log.error({ refusesAlarms: now.refusesAlarms, reason: now.text }, 'the outbox is short of room')
      trouble = now
      tell()
    },
    died: (error) => {
      log.fatal({ reason: messageOf(error) }, 'outbox worker ended: stopping at once')
      process.kill(process.pid, 'SIGKILL')
    },
  })
  return {
    outbox,
    onQuarantined: (listener) => {
      quarantined = listener
      for (const notice of early.splice(0)) listener(notice)
    },
  }
}

/** High only when alarms themselves are refused: then the pump is the only one left to sound. */
const conditionOf = (trouble: StorageTrouble | null, damaged: string | null): HubCondition | null => {
  if (trouble !== null)
    return { code: 'storage-degraded', priority: trouble.refusesAlarms ? 'high' : 'medium', text: trouble.text }
  return damaged === null ? null : { code: 'storage-degraded', priority: 'medium', text: damaged }
}
