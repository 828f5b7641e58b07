import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findClockQuality } from '../adapters/clock-quality.ts'
import { noteKnownTime, readKnownTime } from '../adapters/known-time.ts'
import { ClockModel, doubtText } from '../core/clock-model.ts'
import { messageOf } from '../core/errors.ts'
import { eventRecord } from '../core/pump-record.ts'
import type { Logger } from 'pino'
import type { Clock } from '#domain/time.ts'
import type { ClockQuality } from '#domain/uplink/records.ts'
import type { ClockReading, ClockStatus } from '../core/clock-model.ts'
import type { HubConditions } from '../core/hub-conditions.ts'
import type { NewRecord, Stamp, Uplink } from '../core/ports.ts'

/** The clock of this computer as the hub uses it: it stamps, and is never believed further than something vouches for it. */
export interface HubClock {
  readonly stamp: () => Stamp
  readonly status: () => ClockStatus
  /** For judging dates of certificates. */
  readonly isSuspect: () => boolean
  readonly lowerBound: () => number
  /** About once a second. */
  passTime(anchor: Uplink['anchor'], conditions: HubConditions, record: (event: NewRecord) => Promise<unknown>): void
}

const lookEveryMs = 60_000
const noteEveryMs = 3_600_000

/** A program is not older than its own files. */
const programFiles = ['../../package.json', '../main.ts'].map((path) => fileURLToPath(new URL(path, import.meta.url)))

export const hubClock = async (dataDir: string, clock: Clock, log: Logger): Promise<HubClock> => {
  const notePath = join(dataDir, 'known-time.json')
  await mkdir(dataDir, { recursive: true })
  const model = new ClockModel(await readKnownTime(notePath, programFiles))
  let quality: ClockQuality = await findClockQuality()
  let lookedMs = clock.monotonic()
  let notedMs: number | null = null
  const reading = (): ClockReading => ({ monotonicMs: clock.monotonic(), wallAt: clock.now(), quality })
  const look = async (): Promise<void> => {
    lookedMs = clock.monotonic()
    const found = await findClockQuality()
    if (found !== quality) log.info({ from: quality, to: found }, 'quality of the clock has changed')
    quality = found
  }
  const note = (now: ClockReading): void => {
    const at = model.vouchedTime(now)
    if (at === null || (notedMs !== null && now.monotonicMs - notedMs < noteEveryMs)) return
    notedMs = now.monotonicMs
    noteKnownTime(notePath, at).catch((error: unknown) =>
      log.warn({ reason: messageOf(error) }, 'the time could not be noted'),
    )
  }
  log.info({ quality, clock: model.status(reading()).words }, 'clock of this hub')
  return {
    stamp: () => ({ monotonicMs: clock.monotonic(), wallAt: clock.now(), clockQuality: quality }),
    status: () => model.status(reading()),
    isSuspect: () => model.isSuspect(reading()),
    lowerBound: () => model.knownTime,
    passTime: (anchor, conditions, record) => {
      const now = reading()
      model.anchored(anchor)
      const step = model.observe(now)
      if (step !== null) {
        log.warn({ ...step }, 'the clock was set')
        const detail = { byMs: step.byMs, steps: step.steps, quality }
        record(eventRecord(null, 'clock-stepped', detail, [], { ...now, clockQuality: quality })).catch(
          (error: unknown) => log.warn({ reason: messageOf(error) }, 'a step of the clock was not recorded'),
        )
      }
      if (step !== null || now.monotonicMs - lookedMs >= lookEveryMs)
        look().catch((error: unknown) =>
          log.warn({ reason: messageOf(error) }, 'quality of the clock cannot be found out'),
        )
      note(now)
      const { doubt } = model.status(now)
      if (doubt === null) conditions.clear('clock-untrusted')
      else conditions.set({ code: 'clock-untrusted', priority: 'info', text: doubtText(doubt) })
    },
  }
}
