import type { AlarmCommand } from '#domain/alarm/commands.ts'
import type { AlarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import { ChannelId, EpisodeId } from '#domain/ids.ts'
import type { Scheduler } from '#domain/time.ts'
import type { AlarmService } from '#server/core/alarm-service.ts'
import type { PageJournal } from '#server/core/paging/page-journal.ts'
import type { AlarmIntake, AlarmJournal, DatedRecord, JournalEffects } from '#server/core/ports.ts'
import type { PagingParts } from '#server/compose/paging.ts'
import type { StateArchive } from '#server/core/state-archive.ts'
import type { PlantedBug } from './bugs.ts'

// The server's parts with one of the planted bugs in them; without a bug they are handed through.

/** Answered when it is in memory, stored this much later, ms. */
const lateCommitMs = 3_000

export const plantedJournal = (bug: PlantedBug | null, journal: AlarmJournal, scheduler: Scheduler): AlarmJournal => {
  const changed = (parts: Partial<AlarmJournal>): AlarmJournal => ({
    load: (subject) => journal.load(subject),
    commit: (effects) => journal.commit(effects),
    readAll: (after) => journal.readAll(after),
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
    ...parts,
  })
  if (bug === 'server-answers-before-commit')
    return changed({
      commit: async (effects: JournalEffects) =>
        void scheduler.after(lateCommitMs, () => void journal.commit(effects).catch(() => {})),
    })
  return journal
}

/** Who has an alarm is not read back: nothing is taken from kept states, and an acceptance in the journal is taken for a look. */
export const plantedArchive = (bug: PlantedBug | null, states: StateArchive, start: number): StateArchive =>
  bug !== 'acceptance-forgotten-at-restart' || start === 1
    ? states
    : {
        subjects: () => states.subjects(),
        latest: () => null,
        tail: (...args) =>
          states
            .tail(...args)
            .map((event) => (event.type === 'episode-accepted' ? { ...event, type: 'episode-seen' } : event)),
        since: (...args) => states.since(...args),
        positionAt: (at) => states.positionAt(at),
        lastPosition: () => states.lastPosition(),
        keep: () => {},
        closed: (limit) => states.closed(limit),
      }

const withoutOwner = (state: AlarmState, { episodeId, expectedVersion: version }: AcceptCommand): AlarmState => {
  const episode = state.episodes[episodeId]
  if (episode === undefined) return state
  const response = { ...episode.response, owner: null, state: 'new' as const }
  return { ...state, episodes: { ...state.episodes, [episodeId]: { ...episode, response, version } } }
}

type AcceptCommand = Extract<AlarmCommand, { type: 'accept' }>

/** Time passes and nobody is asked for a word. */
const neverAsking = (engine: AlarmEngine): AlarmEngine => ({
  ...engine,
  decide: (state, command, policy) => {
    const decision = engine.decide(state, command, policy)
    if (decision.outcome !== 'ok') return decision
    return { ...decision, events: decision.events.filter(({ type }) => type !== 'check-in-missed') }
  },
})

export const plantedEngine = (bug: PlantedBug | null, engine: AlarmEngine): AlarmEngine => {
  if (bug === 'forgotten-stays-taken') return neverAsking(engine)
  if (bug !== 'two-owners') return engine
  return {
    ...engine,
    decide: (state, command, policy) =>
      engine.decide(command.type === 'accept' ? withoutOwner(state, command) : state, command, policy),
  }
}

export const plantedPages = (bug: PlantedBug | null, pages: PageJournal, start: number): PageJournal => {
  const changed = (parts: Partial<PageJournal>): PageJournal => ({
    commit: (appends, reached) => pages.commit(appends, reached),
    claim: (...args) => pages.claim(...args),
    load: (root) => pages.load(root),
    restless: () => pages.restless(),
    since: (...args) => pages.since(...args),
    unreached: () => pages.unreached(),
    ...parts,
  })
  if (bug === 'pages-forgotten-at-restart' && start > 1)
    return changed({ claim: async () => [], restless: async () => [] })
  if (bug === 'pages-once')
    return changed({
      commit: (appends, reached) =>
        pages.commit(
          appends.map((append) => (append.events.length > 0 ? { ...append, nextDue: null } : append)),
          reached,
        ),
    })
  return pages
}

export const plantedPagingAlarms = (
  bug: PlantedBug | null,
  alarms: AlarmService,
  start: number,
): PagingParts['alarms'] => ({
  openAlarms: () => (bug === 'pages-forgotten-at-restart' && start > 1 ? [] : alarms.openAlarms()),
  isListed: (pumpId) => alarms.isListed(pumpId),
  system: (commands) => alarms.system(commands),
  onCommitted: (listener) =>
    alarms.onCommitted((changes) => {
      const told =
        bug === 'pages-after-acceptance'
          ? changes.filter(({ after }) => after === null || after.response.owner === null)
          : changes
      if (told.length > 0) listener(told)
    }),
})

const isEnd = ({ record }: DatedRecord): boolean => record.kind === 'condition' && record.body.phase === 'end'

const lostKind = 'occlusion-downstream'

const withoutKind = (dated: DatedRecord): readonly DatedRecord[] => {
  const { record } = dated
  if (record.kind === 'condition') return record.body.code === lostKind ? [] : [dated]
  if (record.kind !== 'snapshot') return [dated]
  const alarms = record.body.alarms.filter(({ code }) => code !== lostKind)
  return [{ ...dated, record: { ...record, body: { ...record.body, alarms } } }]
}

/** A repetition under another number and name, as if nobody had looked whether it is known. */
const asIfNew = (dated: DatedRecord): readonly DatedRecord[] => {
  const { record } = dated
  if (record.kind !== 'condition') return [dated]
  const episodeId = EpisodeId.parse(`${record.body.episodeId}-again`)
  const body = { ...record.body, episodeId, channelId: ChannelId.parse('2') }
  return [dated, { ...dated, record: { ...record, seq: record.seq + 1_000_000, body } }]
}

export const plantedIntake = (bug: PlantedBug | null, alarms: AlarmIntake): AlarmIntake => {
  const changed = (change: (dated: DatedRecord) => readonly DatedRecord[]): AlarmIntake => ({
    take: (hubId, records, received) => alarms.take(hubId, records.flatMap(change), received),
  })
  if (bug === 'ends-lost') return changed((dated) => (isEnd(dated) || dated.record.kind === 'snapshot' ? [] : [dated]))
  if (bug === 'one-kind-of-alarm-lost') return changed(withoutKind)
  return bug === 'repeated-batch-opens-another-episode' ? changed(asIfNew) : alarms
}
