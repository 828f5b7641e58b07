import type { EpisodeId } from '#domain/ids.ts'

/** Half of it is enough: a row is one line of large type. */
const inView = 0.5

/** Which alarms' rows are in the window now. */
export class RowSight {
  readonly #episodes = new Map<Element, EpisodeId>()
  readonly #visible = new Set<Element>()
  readonly #observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries)
        if (isIntersecting) this.#visible.add(target)
        else this.#visible.delete(target)
    },
    { threshold: inView },
  )

  /** Returns its end. */
  watch(element: Element, episodeId: EpisodeId): () => void {
    this.#episodes.set(element, episodeId)
    this.#observer.observe(element)
    return () => {
      this.#observer.unobserve(element)
      this.#episodes.delete(element)
      this.#visible.delete(element)
    }
  }

  get inSight(): ReadonlySet<EpisodeId> {
    return new Set([...this.#visible].flatMap((element) => this.#episodes.get(element) ?? []))
  }
}
