import type { AlarmCommand } from '#domain/alarm/commands.ts'
import type { AlarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmPolicy } from '#domain/alarm/policy.ts'
import type { SubjectInfo } from '#domain/alarm/view.ts'
import type { BootId, EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { EventRecord } from '#domain/uplink/records.ts'
import { AlarmBook } from './alarm-book.ts'
import type { Draft, Transition } from './alarm-book.ts'
import type { AlarmDesk, DeskOf } from './alarm-desk.ts'
import { AlarmIndex } from './alarm-index.ts'
import type { EpisodeChange, OpenAlarm } from './alarm-index.ts'
import { answeredAlarms } from './answered-alarms.ts'
import { assignmentOf } from './assignments.ts'
import type { WallAssignments } from './assignments.ts'
import { closedCapacity } from './closed-alarms.ts'
import type { Colleagues } from './colleagues.ts'
import type { SubjectCommand } from './link-commands.ts'
import type { LivePicture } from './live-picture.ts'
import { NurseDesk } from './nurse-desk.ts'
import type { AcceptedHigh, AlarmIntake, AlarmJournal, AlarmSubject, DatedRecord, ReceivedKey } from './ports.ts'
import { recordCommands } from './record-commands.ts'
import type { StateArchive } from './state-archive.ts'
import { StateKeeper } from './state-keeper.ts'
import type { TriageDesk } from './triage-desk.ts'

export interface AlarmServiceDependencies {
  readonly engine: AlarmEngine
  readonly policy: AlarmPolicy
  readonly journal: Pick<AlarmJournal, 'commit'>
  readonly archive: StateArchive
  readonly scheduler: Scheduler
  /** A state could not be kept beside the journal: the next start takes longer, nothing is lost. */
  readonly notKept: (error: unknown) => void
  readonly picture: LivePicture
  readonly assignments: WallAssignments
  readonly colleagues: Colleagues
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
export class AlarmService implements AlarmIntake, Disposable {
  /** What people do with alarms, whosesoever they are: for the server itself. */
  readonly desk: AlarmDesk & TriageDesk
  readonly deskOf: DeskOf
  /** What hubs are told of the answers. */
  readonly answered: AcceptedHigh
  readonly #deps: AlarmServiceDependencies
  readonly #book: AlarmBook
  readonly #index: AlarmIndex
  readonly #keeper: StateKeeper
  /** Pumps whose full list came since the start or since their link was regained. */
  readonly #listed = new Set<PumpId>()
  readonly #committed: ((changes: readonly EpisodeChange[]) => void)[] = []
  #rebuilding = false
  #listener: (pumpId: PumpId) => void = () => undefined
  #linkListener: (event: LinkEvent) => void = () => undefined

  constructor(deps: AlarmServiceDependencies) {
    this.#deps = deps
    const { engine, policy, journal, archive, colleagues, clock, facilityTimeZone } = deps
    this.#index = new AlarmIndex((subject) => this.#infoOf(subject), policy)
    this.#book = new AlarmBook({
      engine,
      policy,
      journal,
      archive,
      clock,
      committed: (transitions) => this.#publish(transitions),
    })
    this.#keeper = new StateKeeper({
      archive,
      book: this.#book,
      scheduler: deps.scheduler,
      failed: deps.notKept,
    })
    const desk = new NurseDesk({ book: this.#book, index: this.#index, archive, colleagues, clock, facilityTimeZone })
    this.desk = desk
    this.deskOf = (sight) => desk.seenWith(sight)
    this.answered = answeredAlarms(this.#index)
  }

  /** Folds the journal. Before hubs or people are served. */
  rebuild(): void {
    const { archive } = this.#deps
    this.#rebuilding = true
    for (const { subject, alarm } of archive.closed(closedCapacity)) this.#index.remember(subject, alarm)
    this.#book.rebuild((subject, version) => this.#keeper.kept(subject, version))
    this.#rebuilding = false
  }

  /**
   * Called after each durable commit that changed an episode which was or is open, in the order of commits; not while the journal
   * is folded at start, when `openAlarms` is the place to begin. A listener must not throw: what it is told is stored already.
   */
  onCommitted(listener: (changes: readonly EpisodeChange[]) => void): void {
    this.#committed.push(listener)
  }

  /** Called after the commit that holds a pump's full alarm list. */
  onListed(listener: (pumpId: PumpId) => void): void {
    this.#listener = listener
  }

  /** Called after the commit of a pump's link event. */
  onLink(listener: (event: LinkEvent) => void): void {
    this.#linkListener = listener
  }

  [Symbol.dispose](): void {
    this.#keeper[Symbol.dispose]()
  }

  /** Every episode that is not closed. Costs as much as there are. */
  openAlarms(): Iterable<OpenAlarm> {
    return this.#index.openAlarms()
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
    const due = this.#index.subjectsWithOpen()
    if (due.length > 0) await this.system(due.map((subject) => ({ subject, command: { type: 'tick', at } })))
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

  #takeAll(draft: Draft, hubId: HubId, records: readonly DatedRecord[]): void {
    const { newEpisodeId, picture } = this.#deps
    const facts = { newEpisodeId, pump: (pumpId: PumpId) => picture.pump(pumpId) }
    for (const dated of records)
      for (const { subject, command } of recordCommands(facts, hubId, dated)) this.#decide(draft, subject, command)
  }

  #decide(draft: Draft, subject: AlarmSubject, command: AlarmCommand): void {
    if (subject.kind === 'pump') {
      const { criticality } = assignmentOf(this.#deps.assignments, subject.pumpId)
      if (draft.state(subject).criticality !== criticality)
        draft.decide(subject, { type: 'set-criticality', at: this.#deps.clock.now(), criticality })
    }
    draft.decide(subject, command)
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
    const { views, closed, changes } = this.#index.take(transitions)
    this.#deps.picture.commit({ alarms: views })
    for (const { subject } of transitions) this.#keeper.moved(subject, closed.get(subject) ?? [])
    if (this.#rebuilding || changes.length === 0) return
    for (const listener of this.#committed) listener(changes)
  }
}
