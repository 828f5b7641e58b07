import type { AlarmCommand } from '#domain/alarm/commands.ts'
import type { Decision } from '#domain/alarm/decision.ts'
import type { AlarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { AlarmPolicy } from '#domain/alarm/policy.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import type { HubId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import { isServerError } from './errors.ts'
import type { AlarmJournal, AlarmSubject, DatedRecord, JournalAct, ReceivedKey } from './ports.ts'
import { subjectKey } from './ports.ts'
import type { StateArchive } from './state-archive.ts'

export interface Loaded {
  readonly subject: AlarmSubject
  readonly state: AlarmState
  readonly version: number
}

/** What one transaction did to one subject. */
export interface Transition {
  readonly subject: AlarmSubject
  readonly before: AlarmState
  readonly after: AlarmState
}

/** Decisions on top of the committed state, not yet stored. */
export interface Draft {
  state(subject: AlarmSubject): AlarmState
  decide(subject: AlarmSubject, command: AlarmCommand): Decision
}

/** Stored in the same transaction as the alarm events. */
export interface BookEffects {
  readonly hubId: HubId | null
  readonly received: readonly ReceivedKey[]
  readonly records: readonly DatedRecord[]
  /** Absent: no person did it. */
  readonly act?: JournalAct
}

const noEffects: BookEffects = { hubId: null, received: [], records: [] }

/** What a person does. */
export const actOf = (act: JournalAct): BookEffects => ({ ...noEffects, act })

export interface AlarmBookDependencies {
  readonly engine: AlarmEngine
  readonly policy: AlarmPolicy
  readonly journal: Pick<AlarmJournal, 'commit'>
  readonly archive: Pick<StateArchive, 'subjects' | 'latest' | 'tail'>
  readonly clock: Clock
  /** Called after COMMIT, in the order of commits; also during `rebuild`, once per subject. */
  readonly committed: (transitions: readonly Transition[]) => void
}

/**
 * The alarm states of all subjects, as a fold of the journal. One transaction at a time: decisions see committed state only,
 * and what they decide is in memory after COMMIT and never before.
 */
export class AlarmBook {
  readonly #deps: AlarmBookDependencies
  readonly #loaded = new Map<string, Loaded>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(deps: AlarmBookDependencies) {
    this.#deps = deps
  }

  /** Folds the journal, from the kept states on. Before anything is served. `kept`: up to where a subject's state is kept. */
  rebuild(kept: (subject: AlarmSubject, version: number) => void): void {
    const { archive, engine, committed } = this.#deps
    for (const subject of archive.subjects())
      this.#reload(subject, kept, (before, after) => committed([{ subject, before, after }]))
    committed(
      [...this.#loaded.values()].map(({ subject, state }) => ({ subject, before: engine.initial, after: state })),
    )
  }

  /** Committed state and number of the last event; null: the subject has none. */
  loaded(subject: AlarmSubject): Loaded | null {
    return this.#loaded.get(subjectKey(subject)) ?? null
  }

  state(subject: AlarmSubject): AlarmState {
    return this.#loaded.get(subjectKey(subject))?.state ?? this.#deps.engine.initial
  }

  /**
   * Runs `work` on a draft and commits what it decided, with `effects`, in one transaction; nothing is committed when there is
   * nothing to store. `work` may run twice: when another writer moved a subject on, the draft starts again from the journal.
   */
  run<T>(work: (draft: Draft) => T, effects: BookEffects = noEffects): Promise<T> {
    const mine = this.#last.then(() => this.#attempt(work, effects))
    this.#last = mine.catch(() => undefined)
    return mine
  }

  async #attempt<T>(work: (draft: Draft) => T, effects: BookEffects): Promise<T> {
    const first = new WorkingDraft(this.#deps, this.#loaded)
    const result = work(first)
    try {
      await this.#commit(first, effects)
      return result
    } catch (error) {
      if (!isServerError(error, 'SRV_VERSION_CONFLICT')) throw error
      for (const { subject } of first.touched.values()) this.#reload(subject)
    }
    const second = new WorkingDraft(this.#deps, this.#loaded)
    const again = work(second)
    await this.#commit(second, effects)
    return again
  }

  async #commit(draft: WorkingDraft, effects: BookEffects): Promise<void> {
    const changed = [...draft.touched.values()].filter(({ events }) => events.length > 0)
    if (changed.length === 0 && effects.received.length === 0 && effects.records.length === 0) return
    await this.#deps.journal.commit({
      at: this.#deps.clock.now(),
      appends: changed.map(({ subject, version, events }) => ({ subject, expectedVersion: version, events })),
      ...effects,
    })
    for (const { subject, version, events, state } of changed)
      this.#loaded.set(subjectKey(subject), { subject, state, version: version + events.length })
    this.#deps.committed(changed.map(({ subject, before, state }) => ({ subject, before, after: state })))
  }

  #reload(
    subject: AlarmSubject,
    kept: (subject: AlarmSubject, version: number) => void = () => undefined,
    closed: (before: AlarmState, after: AlarmState) => void = () => undefined,
  ): void {
    const { archive, engine } = this.#deps
    const from = archive.latest(subject)
    let { version, state } = from ?? { version: 0, state: engine.initial }
    kept(subject, version)
    for (const event of archive.tail(subject, version)) {
      const before = state
      state = engine.evolve(before, event)
      version += 1
      if (event.type === 'episode-closed') closed(before, state)
    }
    this.#loaded.set(subjectKey(subject), { subject, state, version })
  }
}

interface Touched {
  readonly subject: AlarmSubject
  readonly before: AlarmState
  readonly version: number
  state: AlarmState
  readonly events: AlarmEvent[]
}

class WorkingDraft implements Draft {
  readonly touched = new Map<string, Touched>()
  readonly #deps: AlarmBookDependencies
  readonly #loaded: ReadonlyMap<string, Loaded>

  constructor(deps: AlarmBookDependencies, loaded: ReadonlyMap<string, Loaded>) {
    this.#deps = deps
    this.#loaded = loaded
  }

  state(subject: AlarmSubject): AlarmState {
    return this.#touch(subject).state
  }

  decide(subject: AlarmSubject, command: AlarmCommand): Decision {
    const touched = this.#touch(subject)
    const decision = this.#deps.engine.decide(touched.state, command, this.#deps.policy)
    if (decision.outcome === 'ok')
      for (const event of decision.events) {
        touched.state = this.#deps.engine.evolve(touched.state, event)
        touched.events.push(event)
      }
    return decision
  }

  #touch(subject: AlarmSubject): Touched {
    const key = subjectKey(subject)
    const known = this.touched.get(key)
    if (known !== undefined) return known
    const loaded = this.#loaded.get(key)
    const state = loaded?.state ?? this.#deps.engine.initial
    const fresh: Touched = { subject, before: state, version: loaded?.version ?? 0, state, events: [] }
    this.touched.set(key, fresh)
    return fresh
  }
}
