import { canaryAlarm, canaryPumpId } from '#domain/uplink/canary.ts'
import { messageOf } from './errors.ts'
import { unknownPump } from './pump-record.ts'
import type { PumpRecordState } from './pump-record.ts'
import type { PumpStream } from './pump-stream.ts'

/** Named from the start: no driver ever says who it is. */
export const canaryState: PumpRecordState = {
  ...unknownPump,
  pumpId: canaryPumpId,
  identity: {
    serial: canaryPumpId,
    maker: null,
    model: null,
    firmware: null,
    statusIntervalMs: 1_000,
    measurementStatus: ['test'],
  },
  link: 'up',
  announced: 'up',
}

export interface CanaryDeps {
  /** Begun with `canaryState`. */
  readonly stream: Pick<PumpStream, 'push'>
  readonly everyMs: number
  readonly failed: (reason: string) => void
}

/**
 * The hub's synthetic pump: every so often a test alarm begins and ends, through recorder, outbox and alarm lane like any pump's. While
 * the server takes nothing it says nothing: a heap of old test alarms proves no path and would stand before the next alarm.
 */
export class Canary {
  readonly everyMs: number
  readonly #deps: CanaryDeps
  #writtenMs: number | null = null
  #writing = false

  constructor(deps: CanaryDeps) {
    this.#deps = deps
    this.everyMs = deps.everyMs
  }

  /** To be called every second or so. `isHeard`: the server takes alarm records now. Never rejects. */
  async passTime(nowMs: number, isHeard: boolean): Promise<void> {
    const isDue = this.#writtenMs === null || nowMs - this.#writtenMs >= this.everyMs
    // An outbox that does not answer is waited for once, not once a second.
    if (!isHeard || !isDue || this.#writing) return
    this.#writing = true
    try {
      await this.#deps.stream.push({ kind: 'alarm-edge', raised: true, alarm: canaryAlarm })
      await this.#deps.stream.push({ kind: 'alarm-edge', raised: false, alarm: canaryAlarm })
      this.#writtenMs = nowMs
    } catch (error) {
      this.#deps.failed(messageOf(error))
    } finally {
      this.#writing = false
    }
  }
}
