import { unknownPump } from './pump-record.ts'
import { askSnapshot, deriveQuarantined, passTime, record } from './recorder.ts'
import type { PumpEvent } from '#domain/pump-protocols/profile.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { NewRecord, Outbox, Stamp } from './ports.ts'
import type { Recorded, RecorderContext, PumpRecordState, SnapshotReason } from './pump-record.ts'

export interface PumpStreamDeps {
  readonly outbox: Pick<Outbox, 'append' | 'hurry'>
  readonly context: RecorderContext
  /** What is known before its first event; absent: nothing. */
  readonly initial?: PumpRecordState
  readonly stamp: () => Stamp
  /** Something new is durable on this lane. */
  readonly appended: (lane: Lane) => void
  /** The pump's name, identity or recorded link is another than before. */
  readonly pumpChanged: () => void
}

/**
 * One pump's events, one after the other, each durable before the next is looked at. State moves only with its records: when the
 * outbox refuses, nothing has happened, and the same event may come again.
 */
export class PumpStream {
  #state: PumpRecordState
  /** Pushed and not durable yet. */
  #waiting = 0
  /** Telemetry of this pump waits in a commit group. */
  #grouped = false
  #last: Promise<void> = Promise.resolve()
  readonly #deps: PumpStreamDeps

  constructor(deps: PumpStreamDeps) {
    this.#deps = deps
    this.#state = deps.initial ?? unknownPump
  }

  get port(): string {
    return this.#deps.context.port
  }

  get state(): PumpRecordState {
    return this.#state
  }

  /**
   * Resolves when the event is durable. Rejects with the outbox's error. `more`: whether the caller holds something back until then,
   * so that a telemetry group should not take its time.
   */
  push(event: PumpEvent, more: () => boolean = () => false): Promise<void> {
    // Whoever stands behind a telemetry group must not wait for it: the next one may be an alarm.
    if (this.#grouped || (this.#waiting > 0 && event.kind !== 'sample')) this.#deps.outbox.hurry()
    this.#waiting += 1
    const behind = (): boolean => this.#waiting > 1 || more()
    return this.#enqueue((state, stamp) => record(state, event, this.#deps.context, stamp), behind).finally(() => {
      this.#waiting -= 1
    })
  }

  askSnapshot(reason: SnapshotReason): Promise<void> {
    if (this.#grouped) this.#deps.outbox.hurry()
    return this.#enqueue((state, stamp) => askSnapshot(state, reason, this.#deps.context, stamp))
  }

  /** Hurries nobody: a periodic snapshot can wait for a commit, and asking for one each second would be one each second. */
  passTime(isHeard: boolean): Promise<void> {
    return this.#enqueue((state, stamp) => passTime(state, this.#deps.context, stamp, isHeard))
  }

  /** A record of this pump was set aside. Its list is told anew, because what was lost may have been an alarm. */
  async reportQuarantined(lane: Lane, reason: string): Promise<void> {
    // What is lost of an alarm is made good by the list that is asked for now.
    const priority = lane === 'alarm' ? 'medium' : 'low'
    await this.#enqueue((state, stamp) => deriveQuarantined(state, priority, reason, this.#deps.context, stamp))
    await this.askSnapshot('requested')
  }

  #enqueue(
    step: (state: PumpRecordState, stamp: Stamp) => Recorded,
    behind: () => boolean = () => this.#waiting > 0,
  ): Promise<void> {
    const done = this.#last.then(() => this.#take(step, behind))
    this.#last = done.catch(() => {
      // Told to whoever pushed it; those behind it go on.
    })
    return done
  }

  async #take(step: (state: PumpRecordState, stamp: Stamp) => Recorded, behind: () => boolean): Promise<void> {
    const { state, records } = step(this.#state, this.#deps.stamp())
    if (records.length > 0) {
      const appended = this.#append(records)
      this.#grouped = records[0]?.lane === 'telemetry'
      if (this.#grouped && behind()) this.#deps.outbox.hurry()
      await appended.finally(() => (this.#grouped = false))
    }
    const before = this.#state
    this.#state = state
    if (state.announced !== before.announced || state.identity !== before.identity) this.#deps.pumpChanged()
  }

  async #append(records: readonly NewRecord[]): Promise<void> {
    await this.#deps.outbox.append(records)
    for (const lane of new Set(records.map((record) => record.lane))) this.#deps.appended(lane)
  }
}
