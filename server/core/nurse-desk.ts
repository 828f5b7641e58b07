import type { AlarmState } from '#domain/alarm/state.ts'
import type { EpisodeId, PumpId } from '#domain/ids.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import type { AlarmView, Person, Role } from '#domain/live/views.ts'
import { instant } from '#domain/time.ts'
import type { Clock } from '#domain/time.ts'
import { actOf } from './alarm-book.ts'
import type { AlarmBook } from './alarm-book.ts'
import type { AlarmDesk, DeskReply } from './alarm-desk.ts'
import { isAsked } from './alarm-filter.ts'
import { episodeHistory } from './alarm-history.ts'
import type { AlarmIndex } from './alarm-index.ts'
import type { Colleagues } from './colleagues.ts'
import { conflictMessage, refusalMessage } from './conflict-message.ts'
import { pumpSubject } from './link-commands.ts'
import { may, mayAct } from './permissions.ts'
import { personCommand } from './person-command.ts'
import type { AlarmSubject } from './ports.ts'
import { seesAlarm } from './scope.ts'
import { alarmFor, alarmIfSeen, fullSight, historyFor } from './sight.ts'
import type { Sight } from './sight.ts'
import type { StateArchive } from './state-archive.ts'
import { triageOf } from './triage-desk.ts'
import type { TriageDesk, TriageReply, TriageWrite } from './triage-desk.ts'

/** The server's clock may have been set back since the alarm was first heard of. */
const clockStepMs = 86_400_000

const notAllowed = 'Your role cannot do this.'
const noSuchColleague = 'There is nobody of that name who can take this alarm.'

export interface NurseDeskDependencies {
  readonly book: AlarmBook
  readonly index: AlarmIndex
  readonly archive: Pick<StateArchive, 'since'>
  readonly colleagues: Colleagues
  readonly clock: Clock
  readonly facilityTimeZone: string
}

/** Acts of people, one commit each, and the lists they look at: of what one sight shows. */
export class NurseDesk implements AlarmDesk, TriageDesk {
  readonly #deps: NurseDeskDependencies
  readonly #sight: Sight

  constructor(deps: NurseDeskDependencies, sight: Sight = fullSight) {
    this.#deps = deps
    this.#sight = sight
  }

  seenWith(sight: Sight): NurseDesk {
    return new NurseDesk(this.#deps, sight)
  }

  has(episodeId: EpisodeId): boolean {
    return this.#find(episodeId) !== null
  }

  async act(by: Person, live: LiveCommand, role: Role = 'nurse'): Promise<DeskReply> {
    const { book, index, colleagues, clock, facilityTimeZone } = this.#deps
    const subject = this.#find(live.episodeId)?.subject ?? null
    if (subject === null) return { outcome: 'unknown' }
    if (!mayAct(role, live.kind)) return { outcome: 'refused', message: notAllowed }
    const named = live.kind === 'hand-over' || live.kind === 'escalate' ? live.to : null
    const to = named === null ? null : await colleagues.find(named, subject)
    const fromAnybody = may(role, 'alarm.take-from-anybody')
    const command = personCommand({ by, at: clock.now(), to, fromAnybody }, live)
    if (command === null) return { outcome: 'refused', message: noSuchColleague }
    const { decision, state } = await book.run(
      (draft) => ({ decision: draft.decide(subject, command), state: draft.state(subject) }),
      actOf({ actor: by.userId, action: `alarm.${live.kind}`, object: `alarm:${live.episodeId}` }),
    )
    const view = index.viewIn(subject, state, live.episodeId)
    const alarm = view === null ? null : alarmFor(this.#sight, view)
    switch (decision.outcome) {
      case 'ok':
        return alarm === null ? { outcome: 'unknown' } : { outcome: 'ok', alarm }
      case 'conflict':
        return alarm === null
          ? { outcome: 'unknown' }
          : { outcome: 'conflict', alarm, message: conflictMessage(decision, facilityTimeZone) }
      case 'refused':
        return decision.reason === 'unknown-episode'
          ? { outcome: 'unknown' }
          : { outcome: 'refused', message: refusalMessage(decision) }
    }
  }

  list(query: Parameters<AlarmDesk['list']>[0]): readonly AlarmView[] {
    const { index, clock } = this.#deps
    const subject = query.pumpId === undefined ? undefined : pumpSubject(query.pumpId)
    const open = query.state === 'closed' ? [] : index.openViews(subject)
    const closed = query.state === 'open' ? [] : index.closed.all()
    const now = clock.now()
    return [...open, ...closed]
      .filter((alarm) => isAsked(query, alarm, now) && seesAlarm(this.#sight.scope, alarm))
      .toSorted((a, b) => b.startedAt - a.startedAt)
      .slice(0, query.limit)
      .map((alarm) => alarmFor(this.#sight, alarm))
  }

  async detail(episodeId: EpisodeId): Promise<Awaited<ReturnType<AlarmDesk['detail']>>> {
    const { archive } = this.#deps
    const found = this.#find(episodeId)
    if (found === null) return null
    const { subject, alarm } = found
    const events = archive.since(subject, instant(alarm.observedAt - clockStepMs))
    const { episodeId: known } = alarm
    const triage = this.#sight.words ? [...triageOf(events, known)] : []
    return { alarm, history: [...historyFor(this.#sight, episodeHistory(events, known))], triage }
  }

  async record(by: Person, { episodeId, expectedVersion, requestId, record }: TriageWrite): Promise<TriageReply> {
    const { book, clock } = this.#deps
    const subject = this.#find(episodeId)?.subject ?? null
    const before = await this.detail(episodeId)
    if (subject === null || before === null) return { outcome: 'unknown' }
    const decision = await book.run(
      (draft) =>
        draft.decide(subject, {
          type: 'record-triage',
          at: clock.now(),
          episodeId: before.alarm.episodeId,
          by,
          expectedVersion,
          knownVersion: before.triage.length,
          requestId,
          record,
        }),
      actOf({ actor: by.userId, action: 'alarm.triage', object: `alarm:${before.alarm.episodeId}` }),
    )
    const after = await this.detail(episodeId)
    return { outcome: decision.outcome === 'ok' ? 'ok' : 'conflict', triage: after?.triage ?? [] }
  }

  during(pumpId: PumpId | null, from: number, to: number): readonly AlarmView[] {
    const { index } = this.#deps
    const open = pumpId === null ? index.openViews() : index.openViews(pumpSubject(pumpId))
    return [...open, ...index.closed.all()]
      .filter((alarm) => alarm.pumpId === pumpId && alarm.startedAt < to && (alarm.endedAt ?? to) >= from)
      .flatMap((alarm) => alarmIfSeen(this.#sight, alarm) ?? [])
      .toSorted((a, b) => a.startedAt - b.startedAt)
  }

  /** Null: there is no such alarm, which is what a foreign one is. */
  #find(episodeId: EpisodeId): { readonly subject: AlarmSubject; readonly alarm: AlarmView } | null {
    const { book, index } = this.#deps
    const subject = index.subjectOf(episodeId)
    const state: AlarmState | null = subject === null ? null : book.state(subject)
    const view = subject === null || state === null ? null : index.viewIn(subject, state, episodeId)
    const alarm = view === null ? null : alarmIfSeen(this.#sight, view)
    return subject === null || alarm === null ? null : { subject, alarm }
  }
}
