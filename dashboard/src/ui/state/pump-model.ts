import { batch, signal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import type { PumpId } from '#domain/ids.ts'
import { newestValues } from '#domain/live/channels.ts'
import type { ShownValues } from '#domain/live/channels.ts'
import type { ChannelReading, PumpView } from '#domain/live/views.ts'

export type PumpSample = NonNullable<PumpView['sample']>
export type PumpIdentity = Omit<PumpView, keyof ShownValues>

/** One channel on screen. House rule: its signal fields change, the object is never replaced. */
export class ChannelModel {
  readonly id: PumpId
  readonly identity: ReadonlySignal<PumpIdentity>
  readonly sample
  readonly sampledAt
  readonly receivedAt
  readonly uncertaintyMs
  /** Server time, as this page knows it, when the newest sample came here; null: it came with the first picture, or not at all. */
  readonly shownAt = signal<number | null>(null)

  /** `watched`: told whenever somebody begins or ends to follow the channel's values. */
  constructor(
    id: PumpId,
    identity: ReadonlySignal<PumpIdentity>,
    reading: ChannelReading,
    watched: (on: boolean) => void = () => undefined,
  ) {
    this.id = id
    this.identity = identity
    this.sample = signal<PumpSample | null>(reading.sample)
    this.sampledAt = signal<number | null>(reading.sampledAt, {
      watched: () => watched(true),
      unwatched: () => watched(false),
    })
    this.receivedAt = signal<number | null>(reading.receivedAt)
    this.uncertaintyMs = signal(reading.uncertaintyMs)
  }

  get label(): string {
    return this.identity.value.label ?? this.id
  }

  show(reading: ChannelReading, at: number | null): void {
    if (reading.sampledAt !== this.sampledAt.peek()) this.shownAt.value = at
    this.sample.value = reading.sample
    this.sampledAt.value = reading.sampledAt
    this.receivedAt.value = reading.receivedAt
    this.uncertaintyMs.value = reading.uncertaintyMs
  }
}

/** One pump on screen: itself its first channel, with the others beside it. */
export class PumpModel extends ChannelModel {
  readonly #identity: Signal<PumpIdentity>
  /** A pump of one channel has none. */
  readonly others
  readonly #watched: ((on: boolean) => void) | undefined

  constructor(view: PumpView, watched?: (on: boolean) => void) {
    const identity = signal<PumpIdentity>(view)
    super(view.pumpId, identity, view, watched)
    this.#identity = identity
    this.#watched = watched
    this.others = signal<readonly ChannelModel[]>(this.#models(view))
  }

  get channels(): readonly ChannelModel[] {
    return [this, ...this.others.value]
  }

  /** Identity and link; of each channel only what is not older than what is shown. */
  see(view: PumpView, at: number | null = null): void {
    batch(() => {
      this.#identity.value = view
      this.hear(view, at)
    })
  }

  /** `at`: server time, as this page knows it. */
  hear(told: ShownValues, at: number | null = null): void {
    const newest = newestValues(this.#shown(), told)
    batch(() => {
      this.show(newest, at)
      const models = this.others.peek()
      if (newest.otherChannels.length === models.length)
        for (const [place, reading] of newest.otherChannels.entries()) {
          const model = models[place]
          model?.show(reading, at)
        }
      else this.others.value = this.#models(newest)
    })
  }

  #models({ otherChannels }: ShownValues): readonly ChannelModel[] {
    return otherChannels.map((reading) => new ChannelModel(this.id, this.identity, reading, this.#watched))
  }

  #shown(): ShownValues {
    return { ...readingOf(this), otherChannels: this.others.peek().map(readingOf) }
  }
}

const readingOf = (model: ChannelModel): ChannelReading => ({
  sample: model.sample.peek(),
  sampledAt: model.sampledAt.peek(),
  receivedAt: model.receivedAt.peek(),
  uncertaintyMs: model.uncertaintyMs.peek(),
})
