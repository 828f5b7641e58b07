import type { EpisodeId } from '#domain/ids.ts'
import type { PageRoot } from '#domain/paging/events.ts'
import { pagedNote, type PagedNote } from '#domain/paging/paging-view.ts'
import type { LivePicture } from '../live-picture.ts'
import type { PagingState } from './pager.ts'

/** Keeps the wall told who was paged about each unanswered alarm, and how far that page got. */
export class PagedNotes {
  readonly #picture: Pick<LivePicture, 'commit'>
  readonly #shown = new Map<PageRoot, ReadonlyMap<EpisodeId, PagedNote>>()

  constructor(picture: Pick<LivePicture, 'commit'>) {
    this.#picture = picture
  }

  show(states: ReadonlyMap<PageRoot, PagingState | null>): void {
    const changes = new Map<EpisodeId, PagedNote | null>()
    for (const [root, state] of states) {
      const before = this.#shown.get(root) ?? new Map<EpisodeId, PagedNote>()
      const now = state === null ? new Map<EpisodeId, PagedNote>() : notesOf(state)
      for (const [id, note] of now) if (!same(before.get(id), note)) changes.set(id, note)
      for (const id of before.keys()) if (!now.has(id)) changes.set(id, null)
      if (now.size > 0) this.#shown.set(root, now)
      else this.#shown.delete(root)
    }
    if (changes.size > 0) this.#picture.commit({ paged: changes })
  }
}

const notesOf = ({ facts, log }: PagingState): ReadonlyMap<EpisodeId, PagedNote> => {
  const notes = facts.asked.map((alarm) => pagedNote(log, alarm))
  return new Map(notes.filter((note) => note !== null).map((note) => [note.episodeId, note]))
}

const same = (a: PagedNote | undefined, b: PagedNote): boolean =>
  a !== undefined && a.name === b.name && a.at === b.at && a.progress === b.progress && a.place === b.place
