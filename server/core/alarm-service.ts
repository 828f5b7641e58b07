import type { AlarmCommand } from '#domain/alarm/commands.ts'
import type { Episode, EpisodeResponse } from '#domain/alarm/episode.ts'
import type { AlarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmPolicy } from '#domain/alarm/policy.ts'
import { findEpisode } from '#domain/alarm/state.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import { alarmView, openEpisodes, openViews } from '#domain/alarm/view.ts'
import type { SubjectInfo } from '#domain/alarm/view.ts'
import type { BootId, EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import type { AlarmView, Person } from '#domain/live/views.ts'
import type { Clock } from '#domain/time.ts'
import type { EventRecord } from '#domain/uplink/records.ts'
import { AlarmBook } from './alarm-book.ts'
import type { Draft, Transition } from './alarm-book.ts'
import type { AlarmDesk, DeskReply } from './alarm-desk.ts'
import { episodeHistory } from './alarm-history.ts'
import { assignmentOf } from './assignments.ts'
import type { Assignments } from './assignments.ts'
import { createClosedAlarms } from './closed-alarms.ts'
import { conflictMessage, refusalMessage } from './conflict-message.ts'
import { pumpFound, pumpLost, pumpSubject } from './link-commands.ts'
import type { LinkFacts, SubjectCommand } from './link-commands.ts'
import type { LivePicture } from './live-picture.ts'
import type { AcceptedHigh, AlarmIntake, AlarmJournal, AlarmSubject, DatedRecord, ReceivedKey } from './ports.ts'

/** Owned, or resolved without having been taken. */
const isAnswered = ({ owner, state }: EpisodeResponse): boolean => owner !== null || state === 'resolved'

export interface AlarmServiceDependencies {
  readonly engine: AlarmEngine
  readonly policy: AlarmPolicy
  readonly journal: AlarmJournal
  readonly picture: LivePicture
  readonly assignments: Assignments
  readonly clock: Clock
  readonly newEpisodeId: () => EpisodeId
  readonly facilityTimeZone: string
}

/** What a hub's event said of a pump's link, and when by the hub's monotonic clock. */
export interface LinkEvent {
  readonly pumpId: PumpId
  readonly bootId: BootId
  readonly monotonicMs: number
  readonly link: 'up' | 'lost'
}

/** All that happens to alarms on the server: what hubs report, what silence means, what people do. One commit each. */
export class AlarmService implements AlarmIntake, AlarmDesk, AcceptedHigh {
  readonly #deps: AlarmServiceDependencies
  readonly #book: AlarmBook
  readonly #closed = createClosedAlarms()
  readonly #subjectOf = new Map<EpisodeId, AlarmSubject>()
  /** Pumps whose full list came since the start or since their link was regained. */
  readonly #listed = new Set<PumpId>()
  #listener: (pumpId: PumpId) => void = () => undefined
  #linkListener: (event: LinkEvent) => void = () => undefined

  constructor(deps: AlarmServiceDependencies) {
    this.#deps = deps
    const { engine, policy, journal, clock } = deps
    this.#book = new AlarmBook({
      engine,
      policy,
      journal,
      clock,
      committed: (transitions) => this.#publish(transitions),
    })
  }

  /** Folds the journal. Before hubs or people are served. */
  rebuild(): Promise<void> {
    return this.#book.rebuild()
  }

  /** Called after the commit that holds a pump's full alarm list. */
  onListed(listener: (pumpId: PumpId) => void): void {
    this.#listener = listener
  }

  /** Called after the commit of a pump's link event. */
  onLink(listener: (event: LinkEvent) => void): void {
    this.#linkListener = listener
  }

  async take(hubId: HubId, records: readonly DatedRecord[], received: readonly ReceivedKey[]): Promise<void> {
    const kept = records.filter(({ record }) => record.kind === 'event' || record.kind === 'tombstone')
    await this.#book.run((draft) => this.#takeAll(draft, hubId, records), { hubId, received, records: kept })
    for (const { record, late } of records) {
      if (record.kind === 'snapshot' && !late) {
        this.#listed.add(record.pumpId)
        this.#listener(record.pumpId)
      }
      if (record.kind === 'event' && !late) this.#showLink(record)
    }
  }

  /** Commands of the server itself, in one commit. */
  async system(commands: readonly SubjectCommand[]): Promise<void> {
    await this.#book.run((draft) => {
      for (const { subject, command } of commands) this.#decide(draft, subject, command)
    })
  }

  /** Lets time pass for every subject. */
  async tick(): Promise<void> {
    const at = this.#deps.clock.now()
    const due = this.#book.subjects().filter((subject) => openEpisodes(this.#book.state(subject)).length > 0)
    if (due.length > 0) await this.system(due.map((subject) => ({ subject, command: { type: 'tick', at } })))
  }

  async act(by: Person, live: LiveCommand): Promise<DeskReply> {
    const subject = this.#subjectOf.get(live.episodeId)
    if (subject === undefined) return { outcome: 'unknown' }
    const { decision, state } = await this.#book.run((draft) => ({
      decision: draft.decide(subject, personCommand(by, live, this.#deps.clock.now())),
      state: draft.state(subject),
    }))
    const episode = findEpisode(state, live.episodeId)
    const alarm =
      episode === null
        ? this.#closed.find(live.episodeId)
        : alarmView(episode, state.criticality, this.#infoOf(subject))
    switch (decision.outcome) {
      case 'ok':
        return alarm === null ? { outcome: 'unknown' } : { outcome: 'ok', alarm }
      case 'conflict':
        return alarm === null
          ? { outcome: 'unknown' }
          : { outcome: 'conflict', alarm, message: conflictMessage(decision, this.#deps.facilityTimeZone) }
      case 'refused':
        return decision.reason === 'unknown-episode'
          ? { outcome: 'unknown' }
          : { outcome: 'refused', message: refusalMessage(decision) }
    }
  }

  list(query: Parameters<AlarmDesk['list']>[0]): readonly AlarmView[] {
    const all = query.state === 'open' ? this.#open() : this.#closed.all()
    return all
      .filter(({ pumpId }) => query.pumpId === undefined || pumpId === query.pumpId)
      .filter(({ startedAt }) => query.before === undefined || startedAt < query.before)
      .toSorted((a, b) => b.startedAt - a.startedAt)
      .slice(0, query.limit)
  }

  async detail(episodeId: EpisodeId): Promise<Awaited<ReturnType<AlarmDesk['detail']>>> {
    const subject = this.#subjectOf.get(episodeId)
    if (subject === undefined) return null
    const state = this.#book.state(subject)
    const episode = findEpisode(state, episodeId)
    const alarm =
      episode === null ? this.#closed.find(episodeId) : alarmView(episode, state.criticality, this.#infoOf(subject))
    if (alarm === null) return null
    const { events } = await this.#deps.journal.load(subject)
    return { alarm, history: [...episodeHistory(events, alarm.episodeId)] }
  }

  during(pumpId: PumpId | null, from: number, to: number): readonly AlarmView[] {
    return [...this.#open(), ...this.#closed.all()]
      .filter((alarm) => alarm.pumpId === pumpId && alarm.startedAt < to && (alarm.endedAt ?? to) >= from)
      .toSorted((a, b) => a.startedAt - b.startedAt)
  }

  acceptedHigh(hubId: HubId): readonly EpisodeId[] {
    return this.#idsOf(hubId, ({ shown, response }) => shown.priority === 'high' && isAnswered(response))
  }

  closedOut(hubId: HubId): readonly EpisodeId[] {
    return this.#idsOf(hubId, ({ condition, response }) => condition.open && response.resolution !== null)
  }

  #idsOf(hubId: HubId, wanted: (episode: Episode) => boolean): readonly EpisodeId[] {
    return this.#book.subjects().flatMap((subject) =>
      openEpisodes(this.#book.state(subject))
        .filter(wanted)
        .filter(({ condition }) => condition.hubId === hubId && condition.source === 'hub')
        .flatMap(({ episodeId, condition }) => [episodeId, ...condition.aliases.filter((id) => id !== episodeId)]),
    )
  }

  /** Whether the pump's full alarm list is known. */
  isListed(pumpId: PumpId): boolean {
    return this.#listed.has(pumpId)
  }

  /** The pumps' lists are needed again: nobody heard them for a while. */
  forgetLists(pumpIds: readonly PumpId[]): void {
    for (const pumpId of pumpIds) this.#listed.delete(pumpId)
  }

  #showLink({ pumpId, bootId, monotonicMs, body: { event } }: EventRecord): void {
    if (pumpId === null || (event !== 'link-down' && event !== 'link-up')) return
    const link = event === 'link-up' ? 'up' : 'lost'
    if (link === 'lost') this.#listed.delete(pumpId)
    this.#deps.picture.setLink(pumpId, link)
    this.#linkListener({ pumpId, bootId, monotonicMs, link })
  }

  #open(): readonly AlarmView[] {
    return this.#book.subjects().flatMap((subject) => openViews(this.#book.state(subject), this.#infoOf(subject)))
  }

  #takeAll(draft: Draft, hubId: HubId, records: readonly DatedRecord[]): void {
    for (const dated of records)
      for (const { subject, command } of this.#commandsOf(hubId, dated)) this.#decide(draft, subject, command)
  }

  #decide(draft: Draft, subject: AlarmSubject, command: AlarmCommand): void {
    if (subject.kind === 'pump') {
      const { criticality } = assignmentOf(this.#deps.assignments, subject.pumpId)
      if (draft.state(subject).criticality !== criticality)
        draft.decide(subject, { type: 'set-criticality', at: this.#deps.clock.now(), criticality })
    }
    draft.decide(subject, command)
  }

  #commandsOf(hubId: HubId, dated: DatedRecord): readonly SubjectCommand[] {
    const { record, occurredAt, uncertaintyMs, receivedAt, late } = dated
    switch (record.kind) {
      case 'telemetry':
      case 'thinned':
      case 'tombstone':
        return []
      case 'condition':
      case 'snapshot': {
        const about = {
          key: { hubId, bootId: record.bootId, seq: record.seq },
          occurredAt,
          uncertaintyMs,
          receivedAt,
          late,
          simulated: this.#deps.picture.pump(record.pumpId)?.simulated ?? false,
        }
        const subject = pumpSubject(record.pumpId)
        return record.kind === 'condition'
          ? [{ subject, command: { ...about, type: 'report-condition', condition: record.body } }]
          : [{ subject, command: { ...about, type: 'report-snapshot', snapshot: record.body } }]
      }
      case 'event':
        // An old link event says nothing about the link now: the heartbeat's list does.
        return record.pumpId === null || late ? [] : this.#linkCommands(hubId, record.pumpId, dated)
    }
  }

  #linkCommands(hubId: HubId, pumpId: PumpId, { record, occurredAt }: DatedRecord): readonly SubjectCommand[] {
    if (record.kind !== 'event') return []
    const facts: LinkFacts = {
      at: occurredAt,
      newEpisodeId: this.#deps.newEpisodeId,
      pump: (id) => this.#deps.picture.pump(id),
    }
    const { event, detail } = record.body
    if (event === 'link-down') return pumpLost(facts, hubId, pumpId, textOf(detail['reason']))
    if (event === 'link-up') return pumpFound(facts, pumpId)
    if (event !== 'identity-changed') return []
    const view = this.#deps.picture.pump(pumpId)
    return [
      {
        subject: pumpSubject(pumpId),
        command: {
          type: 'raise-derived',
          at: occurredAt,
          episodeId: this.#deps.newEpisodeId(),
          code: 'identity-changed',
          channelId: null,
          hubId,
          priority: null,
          delivering: null,
          text: textOf(detail['to']) === null ? null : `pump ${String(detail['to'])} answers on this port`,
          unverifiedPumps: [],
          experimental: view?.experimental ?? false,
          simulated: view?.simulated ?? false,
        },
      },
    ]
  }

  #infoOf(subject: AlarmSubject): SubjectInfo {
    switch (subject.kind) {
      case 'pump':
        return { pumpId: subject.pumpId, hubId: this.#deps.picture.pump(subject.pumpId)?.hubId ?? null }
      case 'hub':
        return { pumpId: null, hubId: subject.hubId }
      case 'site':
        return { pumpId: null, hubId: null }
    }
  }

  #publish(transitions: readonly Transition[]): void {
    const changed = transitions.flatMap((transition) => this.#changesOf(transition))
    for (const alarm of changed) if (alarm.condition === 'closed') this.#closed.add(alarm)
    this.#deps.picture.commit({ alarms: changed })
  }

  #changesOf({ subject, before, after }: Transition): readonly AlarmView[] {
    const info = this.#infoOf(subject)
    const now = openViews(after, info)
    const were = new Map(openViews(before, info).map((view) => [view.episodeId, view]))
    for (const episodeId of [...were.keys(), ...now.map((view) => view.episodeId)])
      this.#subjectOf.set(episodeId, subject)
    const stillOpen = new Set(now.map(({ episodeId }) => episodeId))
    const gone = [...were.values()]
      .filter(({ episodeId }) => !stillOpen.has(episodeId))
      .map((view) => this.#goneView(after, view, info))
    return [...now.filter((view) => !sameView(view, were.get(view.episodeId))), ...gone]
  }

  /** Closed, or merged into another episode. */
  #goneView(state: AlarmState, last: AlarmView, info: SubjectInfo): AlarmView {
    const episode = state.episodes[last.episodeId]
    return episode === undefined
      ? { ...last, condition: 'closed', response: 'closed' }
      : alarmView(episode, state.criticality, info)
  }
}

const sameView = (a: AlarmView, b: AlarmView | undefined): boolean =>
  b !== undefined && JSON.stringify(a) === JSON.stringify(b)

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, 256) : null)

const personCommand = (by: Person, live: LiveCommand, at: number): AlarmCommand => {
  const { episodeId, expectedVersion, requestId } = live
  const about = { at, episodeId, by, expectedVersion, requestId }
  switch (live.kind) {
    case 'accept':
    case 'withdraw':
      return { ...about, type: live.kind }
    case 'seen':
      return { ...about, type: 'mark-seen' }
    case 'reject':
      return { ...about, type: 'reject', reason: live.reason }
    case 'resolve':
      return { ...about, type: 'resolve', class: live.class, finding: live.finding, note: live.note }
  }
}
