import { defaultTeam } from '#domain/on-call/duty.ts'
import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { AccountStore } from '../core/accounts.ts'
import type { AlarmDesk } from '../core/alarm-desk.ts'
import type { AlarmService } from '../core/alarm-service.ts'
import type { AssignmentBook } from '../core/assignment-book.ts'
import type { LivePicture } from '../core/live-picture.ts'
import type { Log } from '../core/log.ts'
import { OfficeWatch } from '../core/office-watch.ts'
import type { ReachBook } from '../core/paging/reach-book.ts'
import { OnCallBook } from '../core/on-call-book.ts'
import type { OnCallStore } from '../core/on-call-store.ts'
import { RotaGapAlarms } from '../core/rota-gap-alarms.ts'
import { leftOpenAlarm } from '../core/left-open.ts'
import { PathTimer } from '../core/path/path-timer.ts'
import { ShiftAcceptances } from '../core/shift-acceptances.ts'
import type { ShiftAcceptanceLog } from '../core/shift-acceptances.ts'
import { ShiftHandOver } from '../core/shift-hand-over.ts'
import { WatchBook } from '../core/watch-book.ts'
import type { WatchJournal } from '../core/watch-book.ts'
import { teamOfSubject } from './paging.ts'

export const openOnCall = async (store: OnCallStore, accounts: AccountStore, clock: Clock): Promise<OnCallBook> => {
  const onCall = new OnCallBook({ store, users: () => accounts.users(), clock })
  await onCall.refresh()
  return onCall
}

export interface ShiftParts {
  readonly desk: AlarmDesk
  readonly onCall: OnCallBook
  readonly assignments: AssignmentBook
  readonly picture: LivePicture
  readonly clock: Clock
}

/** Watched pumps, read back from their journal, and the hand-over of a shift. */
export const openShift = async (
  journal: WatchJournal,
  accepted: ShiftAcceptanceLog,
  parts: ShiftParts,
): Promise<{ readonly watches: WatchBook; readonly handOver: ShiftHandOver }> => {
  const watches = new WatchBook(journal)
  await watches.rebuild()
  const acceptances = new ShiftAcceptances(accepted, parts.clock)
  await acceptances.rebuild()
  const { assignments, picture } = parts
  return {
    watches,
    handOver: new ShiftHandOver({
      ...parts,
      watches,
      acceptances,
      teamOf: teamOfSubject(picture, (pumpId) => assignments.get(pumpId)?.teamId ?? defaultTeam),
    }),
  }
}

export interface OfficeParts {
  readonly assignments: AssignmentBook
  readonly onCall: OnCallBook
  readonly alarms: AlarmService
  /** Whom no page reached: `server page test` may have reached them. */
  readonly reach: Pick<ReachBook, 'load'>
  readonly outsideWrites: () => number
  readonly rotaGapAheadMs: number
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly simulated: boolean
  readonly handOver: Pick<ShiftHandOver, 'leftOpen'>
  readonly isDemoPerson: (userId: UserId) => boolean
  readonly log: Log
}

/** What goes on by itself about teams and assignments: following commands beside the server, gaps of rotas, open hand-overs. */
export const startOffice = (parts: OfficeParts): AsyncDisposable => {
  const { assignments, onCall, reach, outsideWrites, scheduler, log } = parts
  const refresh = async (): Promise<void> => {
    await assignments.refresh()
    await onCall.refresh()
    await reach.load()
  }
  const watch = new OfficeWatch({ outsideWrites, refresh, scheduler, log })
  const gaps = new RotaGapAlarms({ ...parts, aheadMs: parts.rotaGapAheadMs })
  const late = leftOpenAlarm({
    ...parts,
    leftOpen: () => parts.handOver.leftOpen(),
    system: (commands) => parts.alarms.system(commands),
  })
  const timer = new PathTimer({ look: () => late.look(), scheduler })
  watch.start()
  void gaps.start()
  timer.start()
  return {
    [Symbol.asyncDispose]: async () => {
      watch[Symbol.dispose]()
      gaps[Symbol.dispose]()
      await timer[Symbol.asyncDispose]()
    },
  }
}
