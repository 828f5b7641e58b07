import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { HubDays, HubDayView } from '#domain/live/hub-days.ts'
import type { ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

const askEveryMs = 60_000

/** The last day of all hubs, asked again every minute; what was told last stays when the next answer does not come. */
export class HubDaysModel {
  readonly told = signal<HubDays | null>(null)
  readonly failure = signal<ApiFailure | null>(null)
  readonly byHub: ReadonlySignal<ReadonlyMap<string, HubDayView>>
  readonly #link: ServerLink

  constructor(link: ServerLink) {
    this.#link = link
    this.byHub = computed(() => new Map((this.told.value?.hubs ?? []).map((day) => [day.hubId, day])))
  }

  start(): () => void {
    void this.ask()
    const timer = setInterval(() => void this.ask(), askEveryMs)
    return () => clearInterval(timer)
  }

  async ask(): Promise<void> {
    const answer = await this.#link.request<'hub-days'>({ what: 'hub-days' })
    if (answer.ok) this.told.value = answer.body
    this.failure.value = answer.ok ? null : answer.failure
  }
}
