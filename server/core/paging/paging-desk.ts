import type { UserId } from '#domain/ids.ts'
import type { PageNotice } from '#domain/live/messages.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { nextPage } from '#domain/paging/next-page.ts'
import { alarmPaging, type AlarmPaging } from '#domain/paging/paging-view.ts'
import type { PagingPolicy } from '#domain/paging/policy.ts'
import type { PageShown } from '../page-receipts.ts'
import type { AlarmSubject } from '../ports.ts'
import type { PageJournal } from './page-journal.ts'
import type { Pager } from './pager.ts'
import { pageRoot } from './root-alarms.ts'

/** What people ask of paging, and what their screens tell it. */
export interface PagingDesk {
  /** The story of one alarm's pages, and who is asked next. */
  of(alarm: AlarmView): Promise<AlarmPaging>
  /** A station made a sound, or somebody looked. Resolves when that is stored, or has no meaning any more; rejects never. */
  noticed(userId: UserId, notice: PageNotice): Promise<void>
  /** A device that pages are pushed to shows one, or it was pressed. */
  shown(receipt: PageShown): void
  /** A key was pressed on a telephone during the call about this page: it counts as looked at, never as accepted. */
  pressed(notificationId: string): void
}

export interface PagingDeskDependencies {
  readonly pager: Pick<Pager, 'state' | 'noticed' | 'addressee' | 'settled' | 'now'>
  readonly journal: Pick<PageJournal, 'since'>
  readonly policy: PagingPolicy
}

/** The alarm may have been opened a little before the paging clock's own time for it. */
const marginMs = 60_000

const subjectOf = ({ pumpId, hubId }: AlarmView): AlarmSubject => {
  if (pumpId !== null) return { kind: 'pump', pumpId }
  return hubId === null ? { kind: 'site' } : { kind: 'hub', hubId }
}

export const createPagingDesk = ({ pager, journal, policy }: PagingDeskDependencies): PagingDesk => ({
  async of(alarm) {
    const state = pager.state(alarm.episodeId)
    const root = state?.root ?? pageRoot(subjectOf(alarm), alarm.simulated)
    const events = await journal.since(root, alarm.observedAt - marginMs)
    const next = state === null ? null : nextPage(state.facts, state.log, policy, pager.now())
    return {
      ...alarmPaging(events, alarm.episodeId),
      next: next === null ? null : { place: next.place, to: next.to, at: Math.round(next.at) },
    }
  },

  async noticed(userId, { kind, about, station }) {
    pager.noticed(about, { userId, kind, station })
    await pager.settled()
  },

  pressed(notificationId) {
    const userId = pager.addressee(notificationId)
    if (userId !== null) pager.noticed({ notificationId }, { userId, kind: 'viewed', station: 'telephone' })
  },

  shown({ notificationId, userId, address, step }) {
    pager.noticed({ notificationId }, { userId, kind: step, station: address })
  },
})
