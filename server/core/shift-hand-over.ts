import type { HandOverOutcome, HandOverSheet, LeftOpen } from '#domain/hand-over/sheet.ts'
import type { WatchCommand } from '#domain/hand-over/watch.ts'
import type { UserId } from '#domain/ids.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import type { AlarmView, Person } from '#domain/live/views.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { Clock } from '#domain/time.ts'
import type { AlarmDesk, DeskReply } from './alarm-desk.ts'
import type { Assignments } from './assignments.ts'
import type { OnCallBook } from './on-call-book.ts'
import { leftOpen } from './left-open.ts'
import type { AlarmSubject } from './ports.ts'
import type { ShiftAcceptances } from './shift-acceptances.ts'
import type { WatchBook } from './watch-book.ts'

export interface ShiftHandOverDependencies {
  readonly desk: Pick<AlarmDesk, 'act' | 'list' | 'detail'>
  readonly watches: WatchBook
  readonly onCall: OnCallBook
  readonly assignments: Pick<Assignments, 'get'>
  readonly teamOf: (subject: AlarmSubject) => TeamId
  readonly acceptances: ShiftAcceptances
  readonly clock: Clock
}

type Outcome = Omit<HandOverOutcome, 'serverTime'>
type AlarmAct =
  | { readonly kind: 'hand-over'; readonly to: UserId }
  | { readonly kind: 'take-over' }
  | { readonly kind: 'withdraw-hand-over' }
  | { readonly kind: 'decline-hand-over'; readonly reason: string }
type WatchAct =
  | { readonly type: 'offer'; readonly to: Person }
  | { readonly type: 'take' }
  | { readonly type: 'end-offer' }

const priorities = ['high', 'medium', 'low', 'info'] as const
const most = 10_000

/**
 * The end of a shift: everything one nurse has, offered to another at once, and taken at once. It is made of the same acts as one
 * alarm's hand-over, so what nobody takes stays with the one who had it (alarms.md, "Hand-over").
 */
export class ShiftHandOver {
  readonly #deps: ShiftHandOverDependencies

  constructor(deps: ShiftHandOverDependencies) {
    this.#deps = deps
  }

  /** Offers all open alarms and watched pumps of `by`. Null: there is nobody of that id who can take them. */
  async offer(by: Person, to: UserId, requestId: string): Promise<Outcome | null> {
    const heir = this.#deps.onCall.person(to)
    if (heir === null) return null
    const alarms = this.#open().filter(({ owner, handedTo }) => owner?.userId === by.userId && handedTo?.userId !== to)
    const pumps = this.#deps.watches.watches().filter(({ owner }) => owner.userId === by.userId)
    return this.#all(by, requestId, alarms, { kind: 'hand-over', to }, pumps, { type: 'offer', to: heir })
  }

  /** Takes all that is offered to `by`, who has read the sheet. */
  async take(by: Person, requestId: string): Promise<Outcome> {
    const { alarms, pumps } = this.#offeredTo(by)
    const outcome = await this.#all(by, requestId, alarms, { kind: 'take-over' }, pumps, { type: 'take' })
    await this.#deps.acceptances.add(by)
    return outcome
  }

  /** Declines all that is offered to `by`: its owners keep it, and see why. */
  async decline(by: Person, reason: string, requestId: string): Promise<Outcome> {
    const { alarms, pumps } = this.#offeredTo(by)
    return this.#all(by, requestId, alarms, { kind: 'decline-hand-over', reason }, pumps, { type: 'end-offer' })
  }

  /** Whose shift is over, and what they still have. */
  leftOpen(): readonly LeftOpen[] {
    const { watches, onCall, clock } = this.#deps
    return leftOpen({ openAlarms: () => this.#open(), watches: () => watches.watches(), onCall, clock })
  }

  /** Takes the open offers of `by` back. */
  async withdraw(by: Person, requestId: string): Promise<Outcome> {
    const alarms = this.#open().filter(({ owner, handedTo }) => owner?.userId === by.userId && handedTo !== null)
    const pumps = this.#deps.watches
      .watches()
      .filter(({ owner, offeredTo }) => owner.userId === by.userId && offeredTo !== null)
    return this.#all(by, requestId, alarms, { kind: 'withdraw-hand-over' }, pumps, { type: 'end-offer' })
  }

  async sheet(teamId: TeamId): Promise<Omit<HandOverSheet, 'serverTime'>> {
    const { onCall, watches, desk, clock, acceptances } = this.#deps
    const members = onCall.membersOf(teamId)
    const team = onCall.team(teamId)
    const changeAt = onCall.nextChange(teamId)
    const open = this.#open().filter((alarm) => this.#isOf(teamId, alarm))
    return {
      teamId,
      name: team?.name ?? teamId,
      timeZone: team?.rota?.rota.timeZone ?? null,
      now: onCall.duty(teamId, clock.now()),
      next: changeAt === null ? null : { at: changeAt, duty: onCall.duty(teamId, changeAt) },
      alarms: await Promise.all(
        open.toSorted(byUrgency).map(async (alarm) => {
          const detail = await desk.detail(alarm.episodeId)
          return {
            alarm,
            label: this.#labelOf(alarm),
            lastAct: detail?.history.findLast(({ by }) => by !== null) ?? null,
            triage: detail?.triage.at(-1) ?? null,
          }
        }),
      ),
      watched: watches
        .watches()
        .filter(({ pumpId }) => this.#deps.teamOf({ kind: 'pump', pumpId }) === teamId)
        .map((watch) => ({ ...watch, label: this.#labelOf(watch) })),
      accepted: acceptances.lastOf(members),
      leftOpen: this.leftOpen().filter(({ person }) => members.some(({ userId }) => userId === person.userId)),
    }
  }

  #offeredTo({ userId }: Person) {
    return {
      alarms: this.#open().filter(({ handedTo }) => handedTo?.userId === userId),
      pumps: this.#deps.watches.watches().filter(({ offeredTo }) => offeredTo?.userId === userId),
    }
  }

  #open(): readonly AlarmView[] {
    return this.#deps.desk.list({ state: 'open', limit: most })
  }

  #labelOf({ pumpId }: Pick<AlarmView, 'pumpId'>): string | null {
    return pumpId === null ? null : (this.#deps.assignments.get(pumpId)?.label ?? null)
  }

  /** What concerns the site concerns every team. */
  #isOf(teamId: TeamId, { pumpId, hubId }: AlarmView): boolean {
    if (pumpId !== null) return this.#deps.teamOf({ kind: 'pump', pumpId }) === teamId
    return hubId === null || this.#deps.teamOf({ kind: 'hub', hubId }) === teamId
  }

  /** One after the other, each with its own outcome: what somebody else changed meanwhile holds up nothing else. */
  async #all(
    by: Person,
    requestId: string,
    alarms: readonly AlarmView[],
    act: AlarmAct,
    pumps: readonly Pick<WatchCommand, 'pumpId'>[],
    watchAct: WatchAct,
  ): Promise<Outcome> {
    const { desk, watches, clock } = this.#deps
    const done: Outcome = { alarms: [], pumps: [] }
    for (const { episodeId, version } of alarms) {
      const command: LiveCommand = {
        ...act,
        episodeId,
        expectedVersion: version,
        requestId: `${requestId}/${episodeId}`,
      }
      const { outcome, message } = told(await desk.act(by, command))
      done.alarms.push({ episodeId, outcome, message })
    }
    for (const { pumpId } of pumps) {
      const { outcome } = await watches.act({ ...watchAct, pumpId, by, at: clock.now() })
      done.pumps.push({ pumpId, outcome })
    }
    return done
  }
}

const told = (reply: DeskReply): Pick<Outcome['alarms'][number], 'outcome' | 'message'> => {
  switch (reply.outcome) {
    case 'ok':
      return { outcome: 'ok', message: null }
    case 'conflict':
    case 'refused':
      return { outcome: reply.outcome, message: reply.message }
    case 'unknown':
      return { outcome: 'refused', message: 'This alarm is closed.' }
  }
}

const byUrgency = (a: AlarmView, b: AlarmView): number =>
  Number(a.owner !== null) - Number(b.owner !== null) ||
  priorities.indexOf(a.priority) - priorities.indexOf(b.priority) ||
  a.startedAt - b.startedAt
