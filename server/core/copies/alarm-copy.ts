import type { AlarmEngine } from '#domain/alarm/engine.ts'
import type { Episode } from '#domain/alarm/episode.ts'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import { phaseOf } from './phase.ts'
import type { AlarmPhase } from './phase.ts'
import type { AlarmSubject, JournalEntry } from '../ports.ts'
import type { StateArchive } from '../state-archive.ts'

/** One event of the journal as charts need it. Made of the journal alone: the same event is the same copy whenever it is made. */
export interface AlarmCopy {
  readonly position: number
  /** When it happened, ms. */
  readonly at: number
  readonly pumpId: PumpId | null
  readonly hubId: HubId | null
  readonly code: string
  readonly priority: string
  readonly phase: AlarmPhase
  readonly episodeId: EpisodeId
  /** Id of the account of whoever did it; null: time or a hub did. */
  readonly actor: string | null
}

interface Facts {
  readonly code: string
  readonly hubId: HubId | null
  readonly priority: string
}

const factsOf = ({ condition, shown }: Pick<Episode, 'condition' | 'shown'>): Facts => ({
  code: condition.code,
  hubId: condition.hubId,
  priority: shown.priority,
})

const placeOf = (subject: AlarmSubject, facts: Facts): Pick<AlarmCopy, 'pumpId' | 'hubId'> => {
  switch (subject.kind) {
    case 'pump':
      return { pumpId: subject.pumpId, hubId: facts.hubId }
    case 'hub':
      return { pumpId: null, hubId: subject.hubId }
    case 'site':
      return { pumpId: null, hubId: null }
  }
}

/** Makes copies of events that are given in their order. Remembers of each open alarm what its later events do not repeat. */
export class AlarmCopier {
  readonly #archive: Pick<StateArchive, 'latest' | 'tail'>
  readonly #engine: AlarmEngine
  readonly #facts = new Map<EpisodeId, Facts>()

  constructor(archive: Pick<StateArchive, 'latest' | 'tail'>, engine: AlarmEngine) {
    this.#archive = archive
    this.#engine = engine
  }

  /** Null: nothing that a chart counts. */
  copy({ position, subject, event }: JournalEntry): AlarmCopy | null {
    if (!('episodeId' in event)) return null
    const { episodeId } = event
    const facts = this.#after(event, () => this.#known(subject, episodeId, position))
    const phase = phaseOf(event)
    if (facts === null) return null
    if (phase === 'closed' || phase === 'merged') this.#facts.delete(episodeId)
    else if (event.type !== 'triage-recorded') this.#facts.set(episodeId, facts)
    if (phase === null) return null
    const actor = 'by' in event ? event.by.userId : null
    const { code, priority } = facts
    return { position, at: Math.trunc(event.at), ...placeOf(subject, facts), code, priority, phase, episodeId, actor }
  }

  /** The next event may be an earlier one than those so far. */
  forget(): void {
    this.#facts.clear()
  }

  #after(event: AlarmEvent, known: () => Facts | null): Facts | null {
    if (event.type === 'episode-opened') return factsOf(event)
    const before = known()
    if (before === null) return null
    if (event.type === 'condition-changed')
      return { ...before, code: event.condition.code, hubId: event.condition.hubId }
    return event.type === 'priority-changed' ? { ...before, priority: event.shown.priority } : before
  }

  /** From memory, and after a start from the journal's states just before that event. */
  #known(subject: AlarmSubject, episodeId: EpisodeId, position: number): Facts | null {
    const known = this.#facts.get(episodeId)
    if (known !== undefined) return known
    const kept = this.#archive.latest(subject, position - 1)
    let state = kept?.state ?? this.#engine.initial
    for (const event of this.#archive.tail(subject, kept?.version ?? 0, position - 1))
      state = this.#engine.evolve(state, event)
    const episode = state.episodes[episodeId]
    return episode === undefined ? null : factsOf(episode)
  }
}
