import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { PageNotice } from '#domain/live/messages.ts'
import { decidePaging, isWanted } from '#domain/paging/decide.ts'
import type { PageEvent, PageRoot } from '#domain/paging/events.ts'
import type { PagingFacts } from '#domain/paging/facts.ts'
import { emptyLog, takeDown, waitingPages, type PagingLog } from '#domain/paging/log.ts'
import type { PagingPolicy } from '#domain/paging/policy.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { EpisodeChange, OpenAlarm } from '../alarm-index.ts'
import { isServerError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Delivery, PageChannels } from '../page-channels.ts'
import type { AlarmSubject } from '../ports.ts'
import { AlarmsByRoot, type PeopleAndPlaces } from './alarms-by-root.ts'
import { attemptOutcome } from './attempt-outcome.ts'
import { CallOff } from './call-off.ts'
import { PageDelayBook } from './page-delays.ts'
import { countPaging, newPagingCounters, type PagingCounters } from './counters.ts'
import type { PageJournal, RootAppend } from './page-journal.ts'
import { PageSender, type Letter } from './page-sender.ts'
import { notAfter } from './past-event.ts'
import { PagingClock } from './paging-clock.ts'
import { addresseesIn, ReachBook } from './reach-book.ts'
import { addresseeOf, alarmReceipts, pageReceipt, type Receipt } from './receipts.ts'
import { RestartGrace } from './restart-grace.ts'

export interface PagerDependencies extends PeopleAndPlaces {
  readonly openAlarms: () => Iterable<OpenAlarm>
  readonly journal: PageJournal
  readonly channels: PageChannels
  /** False: nobody has said since the start whether the alarms of this subject are still there. */
  readonly isHeard: (subject: AlarmSubject) => boolean
  /** After each commit, the roots that were looked at; and every few seconds without any. It must not throw. */
  readonly looked: (roots: readonly PageRoot[]) => void
  readonly policy: PagingPolicy
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newNotificationId: () => string
  /** This process, among those that may share the journal. */
  readonly holder: string
  readonly log: Log
}

const sweepEveryMs = 250
/** Who is on call may change without an alarm. */
const lookEvery = 20
/** Whoever leaves her station is found within a second; in a storm so many roots at a time. */
const attendedEvery = 4
const attendedAtOnce = 500
const leaseMs = 20_000
/** Roots decided in one transaction. */
const rootsAtOnce = 200
/** A page that is committed and has no answer by then is sent again, by whoever sweeps. */
const sendAgainMs = 20_000

interface Root {
  readonly log: PagingLog
  readonly version: number
  readonly nextDue: number | null
  readonly holdsOff: boolean
}

export interface PagingState {
  readonly root: PageRoot
  readonly log: PagingLog
  readonly nextDue: number | null
  readonly facts: PagingFacts
}

/** What is to be done about a root: outcomes and receipts to take down, and the claim under which it is looked at. */
interface Work {
  readonly events: PageEvent[]
  token: number | null
}

/**
 * Pages people until somebody answers. Level-triggered: each look decides from the open alarms and the journal what is due, commits
 * it, and only then sends. All deadlines are rows of the due table (alarms.md, "Paging").
 */
export class Pager implements AsyncDisposable {
  readonly counters: PagingCounters = newPagingCounters()
  readonly delays = new PageDelayBook()
  readonly reach: ReachBook
  readonly #deps: PagerDependencies
  readonly #clock: PagingClock
  readonly #sender: PageSender
  readonly #callOff: CallOff
  readonly #alarms: AlarmsByRoot
  readonly #roots = new Map<PageRoot, Root>()
  readonly #work = new Map<PageRoot, Work>()
  readonly #grace: RestartGrace
  #working: Promise<void> = Promise.resolve()
  #busy = false
  #started = false
  #stopped = false
  #sweeps = 0
  #cancelSweep: Cancel = () => undefined

  constructor(deps: PagerDependencies) {
    this.#deps = deps
    this.#clock = new PagingClock(deps.clock)
    this.#grace = new RestartGrace(this.#clock, deps.isHeard)
    this.#alarms = new AlarmsByRoot(
      { ...deps, isAttended: (...about) => (this.#grace.isOver ? deps.isAttended(...about) : null) },
      deps.clock,
      this.#clock,
    )
    this.reach = new ReachBook(deps.journal)
    this.#callOff = new CallOff(deps.channels)
    this.#sender = new PageSender({
      channels: deps.channels,
      scheduler: deps.scheduler,
      log: deps.log,
      isWanted: (letter) => this.#isWanted(letter),
      answered: (letter, deliveries) => this.#answered(letter, deliveries),
    })
  }

  /** Folds what was done and decides what is due. After the alarms' own fold, before hubs or people are served. */
  async rebuild(): Promise<void> {
    for (const open of this.#deps.openAlarms()) this.#alarms.put(open)
    for (const root of await this.#deps.journal.restless()) this.#ask(root)
    for (const { root, subject } of this.#alarms.all()) {
      this.#ask(root)
      this.#grace.hold(root, subject)
    }
    await this.reach.load()
    this.#grace.begin()
    await this.#workOff()
  }

  start(): void {
    this.#started = true
    this.#sweepLater()
    for (const [root, { log }] of this.#roots) this.#post(root, log)
    this.#deps.looked([...this.#roots.keys()])
    this.#look()
  }

  /** What a commit of the alarms changed. */
  changed(changes: readonly EpisodeChange[]): void {
    for (const change of changes) for (const root of this.#alarms.take(change)) this.#ask(root)
    this.#look()
  }

  /** Takes down what somebody's device or station said. */
  noticed(about: PageNotice['about'], receipt: Receipt): void {
    const now = this.#clock.now()
    const taken =
      'episodeIds' in about
        ? alarmReceipts(
            this.#roots,
            (id) => this.#alarms.rootOf(id),
            (root) => this.#alarms.facts(root),
            about.episodeIds,
            receipt,
            now,
          )
        : pageReceipt(this.#roots, about.notificationId, receipt, now)
    if (taken === null) this.counters.receiptsIgnored += 1
    for (const [root, event] of taken ?? []) this.#ask(root, [event])
    this.#look()
  }

  /** Who was sent this page; null: nobody is being asked about it now. */
  addressee(notificationId: string): UserId | null {
    return addresseeOf(this.#roots, notificationId)
  }

  /** What is being done about this alarm; null: nothing. */
  state(episodeId: EpisodeId): PagingState | null {
    const root = this.#alarms.rootOf(episodeId)
    return root === null ? null : this.stateOf(root)
  }

  stateOf(root: PageRoot): PagingState | null {
    const known = this.#roots.get(root)
    if (known === undefined) return null
    return { root, log: known.log, nextDue: known.nextDue, facts: this.#alarms.facts(root) }
  }

  isOwner(userId: UserId): boolean {
    return this.#alarms.isOwner(userId)
  }

  /** Looks at the due table that succeeded; rises four times a second. */
  get sweeps(): number {
    return this.#sweeps
  }

  /** Resolves when what is being decided now is decided. */
  settled(): Promise<void> {
    return this.#working
  }

  /** On the paging clock. */
  now(): number {
    return this.#clock.now()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancelSweep()
    this.#sender.stop()
    await this.#working
  }

  #ask(root: PageRoot, events: readonly PageEvent[] = [], token: number | null = null): void {
    const work = this.#work.get(root) ?? { events: [], token: null }
    work.events.push(...events)
    work.token = token ?? work.token
    this.#work.set(root, work)
  }

  #look(): void {
    if (this.#busy || this.#stopped || !this.#started || this.#work.size === 0) return
    this.#busy = true
    this.#working = this.#workOff().finally(() => {
      this.#busy = false
    })
  }

  async #workOff(): Promise<void> {
    while (!this.#stopped) {
      const batch = this.#takeBatch()
      if (batch.size === 0) return
      try {
        await this.#decide(batch)
      } catch (error) {
        this.#failed(batch, error)
        // Anything else is tried again with the next sweep.
        if (!isServerError(error, 'SRV_VERSION_CONFLICT')) return
      }
    }
  }

  #failed(batch: ReadonlyMap<PageRoot, Work>, error: unknown): void {
    const conflict = isServerError(error, 'SRV_VERSION_CONFLICT')
    if (conflict) this.counters.conflicts += 1
    else {
      this.counters.commitsFailed += 1
      this.#deps.log.error({ err: error, roots: batch.size }, 'what paging decided could not be stored')
    }
    for (const [root, { events }] of batch) {
      // Somebody else moved it on, or nobody knows how far the commit came: it is read again.
      this.#roots.delete(root)
      this.#ask(root, events)
    }
  }

  #takeBatch(): ReadonlyMap<PageRoot, Work> {
    const batch = new Map<PageRoot, Work>()
    for (const [root, work] of this.#work) {
      if (batch.size >= rootsAtOnce) break
      if (this.#grace.holds(root)) continue
      batch.set(root, work)
    }
    for (const root of batch.keys()) this.#work.delete(root)
    return batch
  }

  async #decide(batch: ReadonlyMap<PageRoot, Work>): Promise<void> {
    for (const root of batch.keys()) await this.#load(root)
    // Nothing is awaited between reading the alarms and handing the commit over.
    const now = this.#clock.now()
    const steps = [...batch].map(([root, work]) => this.#step(root, work, now))
    const appends = steps.filter(({ writes }) => writes).map(({ append }) => append)
    const events = appends.flatMap((append) => append.events)
    const addressees = new Map(steps.flatMap(({ append, log }) => addresseesIn(append.root, log)))
    const reached = this.reach.afterwards(events, (id) => addressees.get(id) ?? null)
    if (appends.length > 0) await this.#deps.journal.commit(appends, reached)
    this.reach.take(reached)
    countPaging(this.counters, this.delays, events)
    for (const { append, log, holdsOff } of steps) this.#settle(append, log, holdsOff)
    this.#deps.looked([...batch.keys()])
  }

  #step(root: PageRoot, { events: told, token }: Work, now: number) {
    const known = this.#roots.get(root) ?? { log: emptyLog, version: 0, nextDue: null, holdsOff: false }
    const facts = this.#alarms.facts(root)
    const { policy, newNotificationId } = this.#deps
    const before = told.reduce(takeDown, known.log)
    const decision = decidePaging(facts, before, { policy, now, newNotificationId, leaving: this.#sender.leaving })
    if (decision.nobody) this.counters.nobodyOnCall += 1
    this.reach.nobody(root, decision.nobody)
    if (facts.asked.length === 0)
      this.#callOff.tell(before, facts.owned.length > 0 ? 'accepted' : 'ended', (logged) => isWanted(logged, facts))
    const events = [...told, ...decision.events]
    const log = decision.events.reduce(takeDown, before)
    const again = waitingPages(log).length > 0 ? now + sendAgainMs : Infinity
    const due = Math.min(decision.nextDue ?? Infinity, again)
    const nextDue = Number.isFinite(due) ? due : null
    const writes = events.length > 0 || token !== null || nextDue !== known.nextDue
    return {
      writes,
      append: { root, expectedVersion: known.version, events, nextDue, token },
      log,
      holdsOff: decision.holdsOff,
    }
  }

  #settle({ root, expectedVersion, events, nextDue }: RootAppend, log: PagingLog, holdsOff: boolean): void {
    if (log === emptyLog && nextDue === null && this.#alarms.forget(root)) this.#roots.delete(root)
    else this.#roots.set(root, { log, version: expectedVersion + events.length, nextDue, holdsOff })
    for (const event of events) if (event.type === 'page-attempted') this.#sender.release(event.notificationId)
    if (this.#started) this.#post(root, log)
  }

  #post(root: PageRoot, log: PagingLog): void {
    if (this.#grace.has(root)) return
    for (const { page, about, userId } of waitingPages(log)) this.#sender.post({ root, page, about, userId })
  }

  async #load(root: PageRoot): Promise<void> {
    if (this.#roots.has(root)) return
    const { events, version } = await this.#deps.journal.load(root)
    const now = this.#clock.now()
    const past = events.map((event) => notAfter(event, now))
    this.#roots.set(root, { log: past.reduce(takeDown, emptyLog), version, nextDue: null, holdsOff: false })
  }

  #isWanted(letter: Letter): boolean {
    return isWanted(letter, this.#alarms.facts(letter.root))
  }

  #answered({ root, page }: Letter, deliveries: readonly Delivery[] | null): void {
    const { notificationId } = page
    this.#ask(root, deliveries === null ? [] : [attemptOutcome(notificationId, deliveries, this.#clock.now())])
    this.#look()
  }

  #sweepLater(): void {
    this.#cancelSweep = this.#deps.scheduler.after(sweepEveryMs, () => {
      if (this.#stopped) return
      this.#sweep()
        .catch((error: unknown) => this.#deps.log.error({ err: error }, 'pages that are due could not be read'))
        .finally(() => {
          this.#look()
          this.#sweepLater()
        })
    })
  }

  /** Whoever leaves her station while an alarm waits for its hold-off is paged then. */
  #askUnattended(): void {
    const waiting = [...this.#roots].filter(([, { holdsOff }]) => holdsOff).slice(0, attendedAtOnce)
    for (const [root] of waiting) if (this.#alarms.facts(root).unattended) this.#ask(root)
  }

  async #sweep(): Promise<void> {
    const { journal, holder } = this.#deps
    const due = await journal.claim(this.#clock.now(), holder, leaseMs, rootsAtOnce)
    for (const { root, token } of due) this.#ask(root, [], token)
    this.#sweeps += 1
    if (this.#sweeps % attendedEvery === 0) this.#askUnattended()
    if (this.#sweeps % lookEvery === 0) this.#deps.looked([])
  }
}
