import { batch, computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { EpisodeId, UserId } from '#domain/ids.ts'
import { isShelved } from '#domain/alarm/shelf.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { filterEndsAfterMs, hiddenBy, passes, wardOf } from '#dashboard/core/queue-filter.ts'
import type { Hidden, QueueFilter } from '#dashboard/core/queue-filter.ts'
import { maySelect } from '#dashboard/core/selection.ts'
import { tombstoneMs } from '#dashboard/core/tombstones.ts'
import type { OpenDialog } from '../open-dialog.ts'
import type { LiveStore } from './live-store.ts'
import { RowNearness } from './row-nearness.ts'

const lookMs = 1_000

/** What one screen does with the queue: narrow it, open a row, choose several. Nothing here changes what sounds or pages. */
export class QueueModel {
  readonly filter = signal<QueueFilter>({ kind: 'all' })
  /** The filter ended by itself; said until somebody acts. */
  readonly filterEnded = signal(false)
  readonly opened = signal<EpisodeId | null>(null)
  readonly dialog = signal<OpenDialog>(null)
  readonly allLows = signal(false)
  readonly openGroups = signal<ReadonlySet<string>>(new Set())
  /** Null: nobody is choosing several. */
  readonly chosen = signal<ReadonlySet<EpisodeId> | null>(null)
  /** Alarms that have just left, as they were. */
  readonly gone = signal<ReadonlyMap<EpisodeId, AlarmView>>(new Map())
  readonly nearness = new RowNearness()
  readonly flood: ReadonlySignal<boolean>
  readonly wards: ReadonlySignal<readonly string[]>
  readonly hidden: ReadonlySignal<Hidden>
  /** In the queue's order, without what the filter hides. */
  readonly visible: ReadonlySignal<readonly AlarmView[]>
  /** Put aside by leads; they are counted, and not in the list. */
  readonly shelved: ReadonlySignal<readonly AlarmView[]>
  readonly chosenAlarms: ReadonlySignal<readonly AlarmView[]>
  readonly #live: LiveStore
  #touchedAt = performance.now()

  constructor(live: LiveStore, me: () => UserId | null) {
    this.#live = live
    const place = { me: null, wardOf: (alarm: AlarmView) => this.wardOf(alarm) }
    this.flood = computed(() => live.flood.value !== null)
    this.wards = computed(() =>
      [...new Set(live.order.value.map((alarm) => this.wardOf(alarm)).filter((ward) => ward !== null))].toSorted(),
    )
    this.hidden = computed(() => hiddenBy(this.filter.value, live.alarms.value.values(), { ...place, me: me() }))
    this.shelved = computed(() => live.order.value.filter(isShelved))
    this.visible = computed(() =>
      live.order.value.filter((alarm) => !isShelved(alarm) && passes(this.filter.value, alarm, { ...place, me: me() })),
    )
    this.chosenAlarms = computed(() => [...(this.chosen.value ?? [])].flatMap((id) => live.alarms.value.get(id) ?? []))
    live.onAlarms((before, after) => this.#bury(before, after))
    for (const type of ['pointerdown', 'keydown'] as const)
      addEventListener(type, () => (this.#touchedAt = performance.now()), { capture: true, passive: true })
    setInterval(() => this.#look(), lookMs)
  }

  wardOf(alarm: AlarmView): string | null {
    return alarm.pumpId === null ? null : wardOf(this.#live.known(alarm.pumpId)?.label ?? null)
  }

  show(filter: QueueFilter): void {
    batch(() => {
      this.filter.value = filter
      this.filterEnded.value = false
      this.#touchedAt = performance.now()
    })
  }

  toggleGroup(key: string): void {
    const open = new Set(this.openGroups.peek())
    if (!open.delete(key)) open.add(key)
    this.openGroups.value = open
  }

  choose(alarm: AlarmView): void {
    const chosen = new Set(this.chosen.peek() ?? [])
    if (!chosen.delete(alarm.episodeId) && maySelect(alarm, this.chosenAlarms.peek())) chosen.add(alarm.episodeId)
    this.chosen.value = chosen
  }

  #look(): void {
    if (this.filter.peek().kind === 'all' || performance.now() - this.#touchedAt < filterEndsAfterMs) return
    batch(() => {
      this.filter.value = { kind: 'all' }
      this.filterEnded.value = true
    })
  }

  #bury(before: ReadonlyMap<EpisodeId, AlarmView>, after: ReadonlyMap<EpisodeId, AlarmView>): void {
    const left = [...before.values()].filter(({ episodeId }) => !after.has(episodeId))
    if (left.length === 0) return
    const gone = new Map(this.gone.peek())
    for (const alarm of left) gone.set(alarm.episodeId, alarm)
    this.gone.value = gone
    setTimeout(() => {
      const rest = new Map(this.gone.peek())
      for (const { episodeId } of left) rest.delete(episodeId)
      this.gone.value = rest
    }, tombstoneMs)
  }
}
