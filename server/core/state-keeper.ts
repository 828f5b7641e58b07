import type { AlarmView } from '#domain/live/views.ts'
import type { Cancel, Scheduler } from '#domain/time.ts'
import type { AlarmBook } from './alarm-book.ts'
import { subjectKey } from './ports.ts'
import type { AlarmSubject } from './ports.ts'
import type { StateArchive } from './state-archive.ts'

/** A state is kept whenever so many events came since the last one. */
export const keepEveryEvents = 500
/** Between two steps commits have the disk for themselves; a step keeps a few states. */
const stepEveryMs = 1000
const statesPerStep = 4

export interface StateKeeperDependencies {
  readonly archive: StateArchive
  readonly book: Pick<AlarmBook, 'loaded'>
  readonly scheduler: Scheduler
  /** A state could not be kept: nothing is lost, a start takes longer. */
  readonly failed: (error: unknown) => void
}

interface Known {
  readonly subject: AlarmSubject
  keptVersion: number
  /** Closed since the last kept state. */
  closed: AlarmView[]
}

/** Keeps states in the background, a few at a time, long after the commits they come from. */
export class StateKeeper implements Disposable {
  readonly #deps: StateKeeperDependencies
  readonly #known = new Map<string, Known>()
  readonly #due = new Set<string>()
  #cancel: Cancel | null = null
  #stopped = false

  constructor(deps: StateKeeperDependencies) {
    this.#deps = deps
  }

  /** At start: up to there this subject's state is kept. */
  kept(subject: AlarmSubject, version: number): void {
    this.#of(subject).keptVersion = version
  }

  /** After a commit: these subjects moved on, and these alarms of theirs closed. */
  moved(subject: AlarmSubject, closed: readonly AlarmView[]): void {
    const known = this.#of(subject)
    known.closed.push(...closed)
    const version = this.#deps.book.loaded(subject)?.version ?? 0
    if (version - known.keptVersion < keepEveryEvents) return
    this.#due.add(subjectKey(subject))
    this.#schedule()
  }

  [Symbol.dispose](): void {
    this.#stopped = true
    this.#cancel?.()
  }

  #of(subject: AlarmSubject): Known {
    const key = subjectKey(subject)
    const known = this.#known.get(key) ?? { subject, keptVersion: 0, closed: [] }
    this.#known.set(key, known)
    return known
  }

  #schedule(): void {
    if (this.#cancel !== null || this.#stopped) return
    this.#cancel = this.#deps.scheduler.after(stepEveryMs, () => {
      this.#cancel = null
      this.#step()
      if (this.#due.size > 0) this.#schedule()
    })
  }

  #step(): void {
    const { archive, book, failed } = this.#deps
    const taken = [...this.#due].slice(0, statesPerStep).flatMap((key) => {
      const known = this.#known.get(key)
      const loaded = known === undefined ? null : book.loaded(known.subject)
      return known === undefined || loaded === null ? [] : [{ key, known, loaded }]
    })
    try {
      archive.keep(
        taken.map(({ loaded }) => loaded),
        taken.flatMap(({ known }) => known.closed.map((alarm) => ({ subject: known.subject, alarm }))),
      )
    } catch (error) {
      failed(error)
      return
    }
    for (const { key, known, loaded } of taken) {
      known.keptVersion = loaded.version
      known.closed = []
      this.#due.delete(key)
    }
  }
}
