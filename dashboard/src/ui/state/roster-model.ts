import { signal } from '@preact/signals'
import type { Roster, RosterRow } from '#domain/live/roster.ts'
import type { RosterView } from '#dashboard/core/roster-view.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import { PumpModel } from './pump-model.ts'

const pageSize = 100
const refreshMs = 10_000
/** A word is looked for once the hand rests. */
const restMs = 250

/** A line with a pump to draw where the live picture has none. */
export interface ShownRow {
  readonly row: RosterRow
  readonly pump: PumpModel
}

/** The list as the server sorts it, in pages as they are looked at. */
export class RosterModel {
  readonly rows = signal<ReadonlyMap<number, ShownRow>>(new Map())
  readonly told = signal<Omit<Roster, 'rows' | 'offset'> | null>(null)
  readonly failed = signal(false)
  /** In memory only: it may be a name. */
  readonly search = signal('')
  readonly #link: ServerLink
  #view: RosterView
  #asked = 0
  #seen: readonly [first: number, last: number] = [0, pageSize - 1]
  readonly #waiting = new Set<number>()
  #rest: ReturnType<typeof setTimeout> | null = null

  constructor(link: ServerLink, view: RosterView) {
    this.#link = link
    this.#view = view
  }

  /** Asks again and again while nobody is at the list: its order does not change under a hand. Returns its own end. */
  start(isTouched: () => boolean): () => void {
    const timer = setInterval(() => {
      if (!isTouched()) void this.#askAnew()
    }, refreshMs)
    return () => {
      clearInterval(timer)
      if (this.#rest !== null) clearTimeout(this.#rest)
      this.#asked += 1
    }
  }

  show(view: RosterView): void {
    this.#view = view
    this.#seen = [0, pageSize - 1]
    void this.#askAnew()
  }

  find(text: string): void {
    this.search.value = text
    if (this.#rest !== null) clearTimeout(this.#rest)
    this.#rest = setTimeout(() => {
      this.#seen = [0, pageSize - 1]
      void this.#askAnew()
    }, restMs)
  }

  /** Rows that are looked at now: the pages that hold them are fetched when they are not here. */
  see(first: number, last: number): void {
    this.#seen = [first, last]
    for (const page of pagesOf(first, last))
      if (!this.rows.peek().has(page * pageSize) && page * pageSize < (this.told.peek()?.matched ?? 0))
        void this.#askPage(page, this.#asked)
  }

  refresh(): void {
    void this.#askAnew()
  }

  async #askAnew(): Promise<void> {
    this.#asked += 1
    this.#waiting.clear()
    const question = this.#asked
    const [first, last] = this.#seen
    const answers = await Promise.all(pagesOf(first, last).map((page) => this.#fetch(page)))
    if (question !== this.#asked) return
    const told = answers.filter((answer) => answer !== null)
    this.failed.value = told.length < answers.length
    const newest = told[0]
    if (newest === undefined) return
    this.#take(newest)
    this.rows.value = new Map(told.flatMap(entriesOf))
  }

  async #askPage(page: number, question: number): Promise<void> {
    if (this.#waiting.has(page)) return
    this.#waiting.add(page)
    const answer = await this.#fetch(page)
    this.#waiting.delete(page)
    if (question !== this.#asked) return
    this.failed.value = answer === null
    if (answer === null) return
    this.#take(answer)
    this.rows.value = new Map([...this.rows.peek(), ...entriesOf(answer)])
  }

  #take({ matched, total, untold, until, teams, serverTime }: Roster): void {
    this.told.value = { matched, total, untold, until, teams, serverTime }
  }

  async #fetch(page: number): Promise<Roster | null> {
    const { filter, teamId, sort, descending } = this.#view
    const query = {
      filter,
      teamId,
      sort,
      descending,
      search: this.search.peek(),
      offset: page * pageSize,
      limit: pageSize,
    }
    const answer = await this.#link.request<'roster'>({ what: 'roster', query })
    return answer.ok ? answer.body : null
  }
}

const pagesOf = (first: number, last: number): readonly number[] => {
  const pages: number[] = []
  for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page += 1) pages.push(page)
  return pages
}

const entriesOf = ({ rows, offset }: Roster): readonly [number, ShownRow][] =>
  rows.map((row, at) => [offset + at, { row, pump: new PumpModel(row.pump) }])
