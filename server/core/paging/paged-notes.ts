import type { EpisodeId } from '#domain/ids.ts'
import type { PageRoot } from '#domain/paging/events.ts'
import { nextPage } from '#domain/paging/next-page.ts'
import { pagedNote, type PagedNote } from '#domain/paging/paging-view.ts'
import type { PagingPolicy } from '#domain/paging/policy.ts'
import type { LivePicture } from '../live-picture.ts'
import type { PagingState } from './pager.ts'

export interface PagedNotesDependencies {
  readonly picture: Pick<LivePicture, 'commit'>
  readonly policy: PagingPolicy
  /** On the paging clock. */
  readonly now: () => number
}

/** Roots looked at again at once, without a commit of theirs. */
const againAtOnce = 100

/** Keeps the wall told who was paged about each unanswered alarm, how far that page got, and which page comes next. */
export class PagedNotes {
  readonly #deps: PagedNotesDependencies
  /** Of every root with an unanswered alarm, also where there is nothing to say: somebody may come on duty. */
  readonly #shown = new Map<PageRoot, ReadonlyMap<EpisodeId, PagedNote>>()

  constructor(deps: PagedNotesDependencies) {
    this.#deps = deps
  }

  show(states: ReadonlyMap<PageRoot, PagingState | null>): void {
    const changes = new Map<EpisodeId, PagedNote | null>()
    for (const [root, state] of states) {
      const before = this.#shown.get(root) ?? new Map<EpisodeId, PagedNote>()
      const now = state === null ? new Map<EpisodeId, PagedNote>() : this.#notesOf(state)
      for (const [id, note] of now) if (!isSame(before.get(id), note)) changes.set(id, note)
      for (const id of before.keys()) if (!now.has(id)) changes.set(id, null)
      this.#shown.delete(root)
      if (state !== null && state.facts.asked.length > 0) this.#shown.set(root, now)
    }
    if (changes.size > 0) this.#deps.picture.commit({ paged: changes })
  }

  /** Who is on call changes without any alarm, and with it what can be promised. The ones looked at longest ago come first. */
  showAgain(stateOf: (root: PageRoot) => PagingState | null): void {
    const roots = [...this.#shown.keys()].slice(0, againAtOnce)
    this.show(new Map(roots.map((root) => [root, stateOf(root)])))
  }

  #notesOf({ facts, log }: PagingState): ReadonlyMap<EpisodeId, PagedNote> {
    if (facts.asked.length === 0) return new Map()
    const next = nextPage(facts, log, this.#deps.policy, this.#deps.now())
    const notes = facts.asked.map((alarm) => pagedNote(log, alarm, next))
    return new Map(notes.filter((note) => note !== null).map((note) => [note.episodeId, note]))
  }
}

// Plain data, always made in one order.
const isSame = (a: PagedNote | undefined, b: PagedNote): boolean => JSON.stringify(a) === JSON.stringify(b)
