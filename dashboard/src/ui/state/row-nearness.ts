import { batch, signal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import type { EpisodeId } from '#domain/ids.ts'
import { beginsWhole } from '#dashboard/core/whole-rows.ts'

/** Half a window above and below it: a turn of the wheel meets rows that are there. */
const margin = '50% 0px'
/** Within it short rows are laid out, too. Wider than the browser's own margin for `content-visibility: auto` (150 %): a row that crosses that one asks for a frame of its own, and every alarm moves all rows by one. */
const laidOutMargin = '160% 0px'
/** Rows that left are let go together once nothing has moved for so long, ms: each time asks for a frame of its own, and the next alarm would wait for it. */
const restMs = 2_000
/** In a storm nothing rests: beyond so many, those that left first are let go with each drawing of the queue, which asks for a frame anyhow. */
const mostLeft = 8

/** The focus, and a menu that is open, stay where they are however far somebody scrolls. */
const isInUse = (element: Element): boolean =>
  element.contains(document.activeElement) || element.querySelector('[open]') !== null

interface Row {
  readonly episodeId: EpisodeId
  readonly near: Signal<boolean>
}

/** Which rows of the queue are in or near the window: only those are drawn whole, flash, and follow the clock. Those far from it are not even laid out. */
export class RowNearness {
  #order: readonly EpisodeId[] = []
  readonly #rows = new Map<Element, Row>()
  readonly #near = new Set<EpisodeId>()
  /** Out of it, and still whole: with their height, px. */
  readonly #left = new Map<HTMLElement, number>()
  #timer: ReturnType<typeof setTimeout> | null = null
  readonly #observer = new IntersectionObserver(
    (entries) => {
      batch(() => entries.forEach((entry) => this.#see(entry)))
      this.#letGoSoon()
    },
    { rootMargin: margin },
  )
  /** Out of the wider margin, and still laid out. */
  readonly #strayed = new Set<HTMLElement>()
  readonly #laidOut = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!(target instanceof HTMLElement)) continue
        if (isIntersecting) {
          target.style.contentVisibility = 'visible'
          this.#strayed.delete(target)
        } else if (target.style.contentVisibility !== '') this.#strayed.add(target)
      }
      this.#letGoSoon()
    },
    { rootMargin: laidOutMargin },
  )

  /** The rows that are about to be drawn, in their order. */
  expect(order: readonly EpisodeId[]): void {
    this.#order = order
    this.#letGo(mostLeft)
  }

  /** For a row that has just come. */
  begin(episodeId: EpisodeId): Signal<boolean> {
    return signal(beginsWhole(this.#order, episodeId, this.#near))
  }

  /** Returns its end. */
  watch(element: HTMLElement, row: Row): () => void {
    this.#rows.set(element, row)
    this.#observer.observe(element)
    this.#laidOut.observe(element)
    return () => {
      this.#observer.unobserve(element)
      this.#laidOut.unobserve(element)
      this.#strayed.delete(element)
      this.#rows.delete(element)
      this.#left.delete(element)
      this.#near.delete(row.episodeId)
    }
  }

  #see({ target, isIntersecting, boundingClientRect }: IntersectionObserverEntry): void {
    const row = this.#rows.get(target)
    if (row === undefined || !(target instanceof HTMLElement)) return
    if (!isIntersecting) {
      if (row.near.peek()) this.#left.set(target, boundingClientRect.height)
      return
    }
    this.#left.delete(target)
    this.#near.add(row.episodeId)
    target.style.minBlockSize = ''
    row.near.value = true
  }

  #letGoSoon(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#left.size + this.#strayed.size > 0) this.#timer = setTimeout(() => this.#letGo(0), restMs)
  }

  /** All but the `kept` that left last. */
  #letGo(kept: number): void {
    for (const element of [...this.#strayed].slice(0, Math.max(0, this.#strayed.size - kept))) {
      element.style.contentVisibility = ''
      this.#strayed.delete(element)
    }
    const gone = [...this.#left].slice(0, Math.max(0, this.#left.size - kept)).filter(([element]) => !isInUse(element))
    batch(() => {
      for (const [element, height] of gone) {
        const row = this.#rows.get(element)
        this.#left.delete(element)
        if (row === undefined) continue
        this.#near.delete(row.episodeId)
        // It keeps its height, so that nothing below it moves.
        element.style.minBlockSize = `${height}px`
        row.near.value = false
      }
    })
  }
}
