import { EpisodeId, UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { DutyPlace } from '#domain/on-call/duty.ts'
import { decidePaging, type PagingDecision } from '#domain/paging/decide.ts'
import type { PageEvent } from '#domain/paging/events.ts'
import type { AskedAlarm, Askable, EscalatedAlarm, OwnedAlarm, PagingFacts } from '#domain/paging/facts.ts'
import { emptyLog, takeDown, waitingPages, type PagingLog } from '#domain/paging/log.ts'
import { defaultPagingPolicy, type PagingPolicy } from '#domain/paging/policy.ts'

export const nurse: Person = { userId: UserId.parse('u-nurse'), name: 'm.osei' }
export const second: Person = { userId: UserId.parse('u-second'), name: 'k.ito' }
export const lead: Person = { userId: UserId.parse('u-lead'), name: 'j.lind' }
export const other: Person = { userId: UserId.parse('u-other'), name: 'p.roy' }

export const secondsMs = (count: number): number => count * 1000
export const minutesMs = (count: number): number => count * 60_000

type Outcome = 'sent' | 'undeliverable' | 'timed-out'

/**
 * One root's paging on a clock of its own: decides at each change and whenever it said it would, and answers for the channels.
 * What it did is told as lines such as `60 primary m.osei high a,b`.
 */
export class PagingBench {
  now = 1_000_000
  readonly start = this.now
  readonly events: PageEvent[] = []
  log: PagingLog = emptyLog
  alarms: AskedAlarm[] = []
  owned: OwnedAlarm[] = []
  escalated: EscalatedAlarm[] = []
  simulated = false
  critical = false
  unattended = false
  canCall: (userId: UserId) => boolean = () => false
  duty: Record<DutyPlace, Askable> = { primary: { person: nurse }, backup: { person: second }, lead: { person: lead } }
  outcome: (userId: UserId) => Outcome | null = () => 'sent'
  mayPage: (userId: UserId) => boolean = () => true
  policy: PagingPolicy = defaultPagingPolicy
  last: PagingDecision = { events: [], nextDue: null, nobody: false, holdsOff: false }
  #ids = 0
  #versions = 0

  get facts(): PagingFacts {
    const { simulated, critical, alarms: asked, owned, escalated, duty, mayPage, unattended, canCall } = this
    const rest = { duty, mayPage, unattended, canCall }
    return { thread: 'real/pump:P-1', simulated, critical, asked, owned, escalated, ...rest }
  }

  raise(id: string, changes: Partial<AskedAlarm> = {}): this {
    const episodeId = EpisodeId.parse(id)
    const alarm = {
      episodeId,
      priority: 'high' as const,
      version: this.alarms.find((one) => one.episodeId === episodeId)?.version ?? (this.#versions += 1),
      since: this.now,
      askedAt: this.now,
      declined: null,
      lapsedAt: null,
      ...changes,
    }
    this.alarms = [...this.alarms.filter((one) => one.episodeId !== episodeId), alarm]
    return this.decide()
  }

  /** Accepted, ended or closed: nobody is asked any more. */
  settle(id: string): this {
    this.alarms = this.alarms.filter((one) => one.episodeId !== EpisodeId.parse(id))
    return this.decide()
  }

  accept(id: string, owner: Person, priority: OwnedAlarm['priority'] = 'high'): this {
    this.owned = [
      ...this.owned,
      { episodeId: EpisodeId.parse(id), priority, owner, acceptedAt: this.now, missedAt: null },
    ]
    return this.settle(id)
  }

  /** Somebody wants others to be asked; `to` null: whoever is next. */
  escalate(id: string, by: Person, to: Person | null = null, owner: Person | null = null): this {
    const episodeId = EpisodeId.parse(id)
    const version = this.alarms.find((one) => one.episodeId === episodeId)?.version ?? 0
    const others = this.escalated.filter((one) => one.episodeId !== episodeId)
    this.escalated = [...others, { episodeId, priority: 'high', version, owner, by, to, at: this.now }]
    return this.decide()
  }

  decline(id: string, by: Person): this {
    this.alarms = this.alarms.map((one) =>
      one.episodeId === EpisodeId.parse(id) ? { ...one, askedAt: this.now, declined: { by, at: this.now } } : one,
    )
    return this.decide()
  }

  notice(by: Person, kind: 'audible' | 'viewed'): this {
    this.#take([{ type: 'page-noticed', at: this.now, userId: by.userId, kind, notificationId: null, station: 's' }])
    return this.decide()
  }

  /** A station of hers says it of the alarms themselves. */
  noticeAlarms(by: Person, kind: 'audible' | 'viewed', ids: readonly string[]): this {
    const episodeIds = ids.map((id) => EpisodeId.parse(id))
    const about = { userId: by.userId, kind, notificationId: null, episodeIds, station: 's' }
    this.#take([{ type: 'page-noticed', at: this.now, ...about }])
    return this.decide()
  }

  /** Lets time pass; everything falls due on the way. */
  pass(ms: number): this {
    const until = this.now + ms
    while (this.last.nextDue !== null && this.last.nextDue <= until) {
      if (this.last.nextDue <= this.now) throw new Error('time stands still')
      this.now = this.last.nextDue
      this.decide()
    }
    this.now = until
    return this
  }

  decide(): this {
    const { policy, now } = this
    const newNotificationId = () => `n-${(this.#ids += 1)}`
    this.last = decidePaging(this.facts, this.log, { policy, now, newNotificationId, leaving: new Set() })
    this.#take(this.last.events)
    const answers = waitingPages(this.log).flatMap(({ page, userId }): PageEvent[] => {
      const outcome = this.outcome(userId)
      if (outcome === null) return []
      const { notificationId } = page
      return [{ type: 'page-attempted', at: now, notificationId, outcome, deliveries: [] }]
    })
    this.#take(answers)
    return answers.length === 0 ? this : this.decide()
  }

  /** Another process: it knows the journal and what is the case now. */
  restart(): this {
    this.log = this.events.map((event): PageEvent => structuredClone(event)).reduce(takeDown, emptyLog)
    return this.decide()
  }

  /** `seconds place person priority episodes`, pages and places passed over alike. */
  get told(): string[] {
    const seconds = (at: number) => Math.round((at - this.start) / 1000)
    return this.events.flatMap((event) => {
      if (event.type === 'page-queued') {
        const { place, priority, episodeIds, kind } = event.page
        return [
          `${seconds(event.at)} ${kind === 'alarm' ? place : kind} ${event.to.name} ${priority} ${episodeIds.join()}`,
        ]
      }
      return event.type === 'place-passed' ? [`${seconds(event.at)} ${event.place} ${event.reason}`] : []
    })
  }

  /** What was told since it was read last. */
  takeTold(): string[] {
    const { told } = this
    const fresh = told.slice(this.#read)
    this.#read = told.length
    return fresh
  }
  #read = 0

  #take(events: readonly PageEvent[]): void {
    this.events.push(...events)
    this.log = events.reduce(takeDown, this.log)
  }
}
