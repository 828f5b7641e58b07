import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { PumpId } from '#domain/ids.ts'
import { newestValues } from '#domain/live/channels.ts'
import type { ShownValues } from '#domain/live/channels.ts'
import type { PumpView } from '#domain/live/views.ts'
import { PumpModel } from './pump-model.ts'

const byWords = new Intl.Collator('en', { numeric: true })

/** What is known of every pump. Only those on screen have signals: 5,000 times seven of them would cost more than the screen. */
export class KnownPumps {
  readonly #views = new Map<string, PumpView>()
  readonly #models = new Map<string, PumpModel>()
  /** Counts what changes the list: a pump came, went, or is called differently. */
  readonly #list = signal(0)
  readonly #went = signal(0)
  /** How many channels of a pump are followed. */
  readonly #onScreen = new Map<PumpId, number>()
  readonly #shown: (pumpIds: readonly PumpId[]) => void
  #telling = false

  readonly all: ReadonlySignal<readonly PumpModel[]> = computed(() => {
    void this.#list.value
    return [...this.#views.values()]
      .toSorted((a, b) => byWords.compare(a.label ?? a.pumpId, b.label ?? b.pumpId))
      .map((view) => this.#modelOf(view))
  })
  readonly simulated: ReadonlySignal<boolean> = computed(() => {
    void this.#list.value
    return [...this.#views.values()].some((pump) => pump.simulated)
  })

  /** `shown`: told which pumps' values are on screen. */
  constructor(shown: (pumpIds: readonly PumpId[]) => void) {
    this.#shown = shown
  }

  /** Reads a signal: who asks for one that is there is told when it goes, not when others come. */
  model(id: string | null): PumpModel | null {
    const view = id === null ? undefined : this.#views.get(id)
    void (view === undefined ? this.#list : this.#went).value
    return view === undefined ? null : this.#modelOf(view)
  }

  view(id: PumpId): PumpView | null {
    return this.#views.get(id) ?? null
  }

  show(views: readonly PumpView[]): void {
    // Each of them, whatever the one before it was.
    const changed = views.map((view) => this.#show(view))
    if (changed.includes(true)) this.#list.value += 1
  }

  forget(ids: readonly PumpId[]): void {
    if (ids.length === 0) return
    for (const id of ids) {
      this.#views.delete(id)
      this.#models.delete(id)
    }
    this.#list.value += 1
    this.#went.value += 1
  }

  clear(): void {
    this.#views.clear()
    this.#models.clear()
    this.#list.value += 1
    this.#went.value += 1
  }

  /** `now`: server time, ms. */
  hear(told: ShownValues & Pick<PumpView, 'pumpId'>, now: number | null): void {
    const before = this.#views.get(told.pumpId)
    if (before === undefined) return
    this.#views.set(told.pumpId, { ...before, ...newestValues(before, told) })
    this.#models.get(told.pumpId)?.hear(told, now)
  }

  /** True: the pump is new, is called differently or is shown to be simulated, so what is derived from the list changes. */
  #show(view: PumpView): boolean {
    const before = this.#views.get(view.pumpId)
    this.#views.set(view.pumpId, before === undefined ? view : { ...view, ...newestValues(before, view) })
    this.#models.get(view.pumpId)?.see(view)
    return before === undefined || before.label !== view.label || before.simulated !== view.simulated
  }

  #modelOf(view: PumpView): PumpModel {
    const known = this.#models.get(view.pumpId)
    if (known !== undefined) return known
    const model = new PumpModel(view, (on) => this.#watch(view.pumpId, on))
    this.#models.set(view.pumpId, model)
    return model
  }

  #watch(id: PumpId, on: boolean): void {
    const followed = (this.#onScreen.get(id) ?? 0) + (on ? 1 : -1)
    if (followed > 0) this.#onScreen.set(id, followed)
    else this.#onScreen.delete(id)
    if (this.#telling) return
    this.#telling = true
    // One message for all rows of one drawing.
    queueMicrotask(() => {
      this.#telling = false
      this.#shown([...this.#onScreen.keys()])
    })
  }
}
