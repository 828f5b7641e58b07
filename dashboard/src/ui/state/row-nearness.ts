import { batch, signal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import type { EpisodeId } from '#domain/ids.ts'
import { beginsWhole } from '#dashboard/core/whole-rows.ts'

/** Half a window above and below it: a turn of the wheel meets rows that are there. */
const margin = '50% 0px'

interface Row {
  readonly episodeId: EpisodeId
  readonly near: Signal<boolean>
}

/** Which rows of the queue are in or near the window: only those are drawn whole, flash, and follow the clock. */
export class RowNearness {
  #order: readonly EpisodeId[] = []
  readonly #rows = new Map<Element, Row>()
  readonly #near = new Set<EpisodeId>()
  readonly #observer = new IntersectionObserver(
    (entries) => batch(() => entries.forEach((entry) => this.#see(entry))),
    {
      rootMargin: margin,
    },
  )

  /** The rows that are about to be drawn, in their order. */
  expect(order: readonly EpisodeId[]): void {
    this.#order = order
  }

  /** For a row that has just come. */
  begin(episodeId: EpisodeId): Signal<boolean> {
    return signal(beginsWhole(this.#order, episodeId, this.#near))
  }

  /** Returns its end. */
  watch(element: Element, row: Row): () => void {
    this.#rows.set(element, row)
    this.#observer.observe(element)
    return () => {
      this.#observer.unobserve(element)
      this.#rows.delete(element)
      this.#near.delete(row.episodeId)
    }
  }

  #see({ target, isIntersecting, boundingClientRect }: IntersectionObserverEntry): void {
    const row = this.#rows.get(target)
    if (row === undefined) return
    // The focus, and a menu that is open, stay where they are however far somebody scrolls.
    const near = isIntersecting || target.contains(document.activeElement) || target.querySelector('[open]') !== null
    if (near) this.#near.add(row.episodeId)
    else this.#near.delete(row.episodeId)
    // It keeps its height, so that nothing below it moves.
    if (target instanceof HTMLElement) target.style.minBlockSize = near ? '' : `${boundingClientRect.height}px`
    row.near.value = near
  }
}
