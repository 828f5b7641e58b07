import { batch, signal } from '@preact/signals'
import type { PumpId } from '#domain/ids.ts'
import type { LiveTelemetry } from '#domain/live/messages.ts'
import type { PumpView } from '#domain/live/views.ts'

export type PumpSample = NonNullable<PumpView['sample']>
export type PumpIdentity = Omit<PumpView, 'sample' | 'sampledAt' | 'receivedAt' | 'uncertaintyMs'>

/** One pump on screen. House rule: its signal fields change, the object is never replaced. */
export class PumpModel {
  readonly id: PumpId
  readonly identity
  readonly sample
  readonly sampledAt
  readonly receivedAt
  readonly uncertaintyMs

  constructor(view: PumpView) {
    this.id = view.pumpId
    this.identity = signal<PumpIdentity>(view)
    this.sample = signal<PumpSample | null>(view.sample)
    this.sampledAt = signal<number | null>(view.sampledAt)
    this.receivedAt = signal<number | null>(view.receivedAt)
    this.uncertaintyMs = signal(view.uncertaintyMs)
  }

  get label(): string {
    return this.identity.value.label ?? this.id
  }

  /** Identity and link; the sample only if it is not older than what is shown. */
  show(view: PumpView): void {
    batch(() => {
      this.identity.value = view
      this.hear(view)
    })
  }

  hear(message: LiveTelemetry['samples'][number]): void {
    if ((message.sampledAt ?? 0) < (this.sampledAt.peek() ?? 0)) return
    batch(() => {
      this.sample.value = message.sample
      this.sampledAt.value = message.sampledAt
      this.receivedAt.value = message.receivedAt
      this.uncertaintyMs.value = message.uncertaintyMs
    })
  }
}
