import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { arrivedHighs, isUnownedHigh } from '#dashboard/core/arrived-highs.ts'
import type { LiveStore } from './live-store.ts'

/** Highs that came while a phone's page is open, from its first moment on: what draws them may come later. */
export class HighArrivals {
  readonly #arrived = signal<readonly EpisodeId[]>([])
  /** Those that nobody has taken and that were not put back, oldest arrival first. */
  readonly waiting: ReadonlySignal<readonly AlarmView[]>

  constructor(live: LiveStore, isPhone: () => boolean) {
    this.waiting = computed(() =>
      this.#arrived.value.flatMap((id) => live.alarms.value.get(id) ?? []).filter(isUnownedHigh),
    )
    live.onAlarms((before, after) => {
      const news = isPhone() ? arrivedHighs(before, after) : []
      if (news.length === 0) return
      const still = this.#arrived.peek().filter((id) => after.has(id) && !news.includes(id))
      this.#arrived.value = [...still, ...news]
    })
  }

  /** Back to the list: they stay in it. */
  putBack(): void {
    this.#arrived.value = []
  }
}
