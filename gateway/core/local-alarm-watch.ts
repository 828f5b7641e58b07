import { LocalAlarm } from './local-alarm.ts'
import { pause } from './waiting.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { PumpLook } from './high-alarms.ts'
import type { HubLook, LocalAlarmState, Remembered } from './local-alarm.ts'
import type { PumpRecordState } from './pump-record.ts'

/** Something that makes a noise in the home. Told again and again; never throws. */
export interface Annunciator {
  sound(on: boolean): void
}

export interface LocalAlarmWatchDeps {
  /** How long a high alarm may go on without a nurse’s acceptance, ms. */
  readonly afterMs: number
  readonly remembered: Remembered
  /** Kept for the next start of the hub. Rejects when the disk refuses; tried again at the next change. */
  readonly remember: (remembered: Remembered) => Promise<void>
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly look: () => HubLook
  readonly annunciators: readonly Annunciator[]
  /** Told once per change of what sounds. */
  readonly changed: (state: LocalAlarmState) => void
  /** Somebody should be told from now on: ask the server at once. */
  readonly urgent: () => void
}

/** Often enough that a sound begins and ends with its reason, ms. */
const lookEveryMs = 250
/** A flapping pump must not wear out the SD card, ms. */
const rememberEveryMs = 5_000

/** Looks at the pumps and at the server's answers for ever, and lets the annunciators sound by the rule of `LocalAlarm`. */
export class LocalAlarmWatch {
  readonly #deps: LocalAlarmWatchDeps
  readonly #alarm: LocalAlarm
  #sounds = ''
  #urgent = false
  #turns = 0
  #kept: string
  #keptAtMs = -Infinity

  constructor(deps: LocalAlarmWatchDeps) {
    this.#deps = deps
    this.#alarm = new LocalAlarm(deps.afterMs, deps.remembered, deps.clock.monotonic())
    this.#kept = contentOf(deps.remembered)
  }

  get alarm(): LocalAlarm {
    return this.#alarm
  }

  get state(): LocalAlarmState {
    return this.#alarm.state(this.#deps.clock.monotonic())
  }

  answered(accepted: readonly EpisodeId[], askedMs: number): void {
    this.#alarm.answered(accepted, askedMs, this.#deps.clock.monotonic())
  }

  /** Grows with every look. */
  get turns(): number {
    return this.#turns
  }

  /** Somebody at the status page asked for an audio pause. */
  quiet(): void {
    this.#alarm.quiet(this.#deps.clock.monotonic())
    this.#tell()
  }

  /** Ends only when `signal` aborts, and ends the sound with it. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, scheduler, look, annunciators } = this.#deps
    while (!signal.aborted) {
      this.#turns += 1
      this.#alarm.look(look(), clock.monotonic())
      this.#tell()
      await this.#remember()
      await pause(scheduler, lookEveryMs, signal)
    }
    for (const annunciator of annunciators) annunciator.sound(false)
  }

  #tell(): void {
    const { annunciators, changed, urgent } = this.#deps
    const { state } = this
    for (const annunciator of annunciators) annunciator.sound(state.sounding)
    const sounds = JSON.stringify([state.sounding, state.reasons.map(({ kind }) => kind)])
    if (sounds !== this.#sounds && (this.#sounds !== '' || state.reasons.length > 0)) changed(state)
    this.#sounds = sounds
    if (this.#alarm.urgent && !this.#urgent) urgent()
    this.#urgent = this.#alarm.urgent
  }

  async #remember(): Promise<void> {
    const nowMs = this.#deps.clock.monotonic()
    const remembered = this.#alarm.remembered(nowMs)
    const content = contentOf(remembered)
    if (content === this.#kept || nowMs - this.#keptAtMs < rememberEveryMs) return
    this.#keptAtMs = nowMs
    try {
      await this.#deps.remember(remembered)
      this.#kept = content
    } catch {
      // A disk that refuses is told by the outbox; until then the next look tries again.
    }
  }
}

/** Without its ages, which change by themselves. */
const contentOf = ({ alarms, delivering }: Remembered): string =>
  JSON.stringify([
    alarms.map(({ pumpId, key, ids, taken, accepted }) => [pumpId, key, ids, taken, accepted]),
    delivering,
  ])

export const pumpLook = (state: PumpRecordState, port: string): PumpLook | null =>
  state.pumpId === null
    ? null
    : {
        pumpId: state.pumpId,
        port,
        verified: state.verified,
        high: [...state.alarms]
          .filter(([, { priority }]) => priority === 'high')
          .map(([key, { episodeId, code }]) => ({ key, episodeId, code })),
        delivering: state.delivering === null ? null : state.delivering.size > 0,
        lost: state.announced === 'down',
      }
