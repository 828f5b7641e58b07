import { comesNext } from '#dashboard/core/comes-next.ts'
import type { ComesNext } from '#dashboard/core/comes-next.ts'
import { age, timer } from '#dashboard/core/format.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { channelOf } from './alarm-place.ts'
import type { AppState } from './state/app-state.ts'

/** What comes next of one alarm, in words; null: nothing that anybody knows. */
export const nextLine = (app: AppState, alarm: AlarmView, look: Pick<AlarmLook, 'status'>): string | null =>
  nextWords(app, nextOf(app, alarm, look))

/** What comes first of several that nobody has. */
export const firstNextLine = (app: AppState, alarms: readonly AlarmView[]): string | null => {
  const steps = alarms.flatMap((alarm) => {
    const next = nextOf(app, alarm, { status: 'new' })
    return next !== null && 'leftMs' in next ? [next] : []
  })
  return nextWords(app, steps.toSorted((a, b) => a.leftMs - b.leftMs)[0] ?? null)
}

const nextOf = ({ live }: AppState, alarm: AlarmView, { status }: Pick<AlarmLook, 'status'>): ComesNext | null =>
  comesNext(alarm, status, live.paged.value.get(alarm.episodeId) ?? null, live.now.value ?? alarm.observedAt)

const nextWords = (app: AppState, next: ComesNext | null): string | null => {
  const { row } = app.words
  switch (next?.step) {
    case undefined:
      return null
    case 'page':
      return row.pageIn(timer(next.leftMs))
    case 'again':
      return row.againIn(timer(next.leftMs))
    case 'backup':
      return row.backupIn(timer(next.leftMs))
    case 'lead':
      return row.leadIn(timer(next.leftMs))
    case 'rise':
      return row.rises(timer(next.leftMs))
    case 'lapse':
      return row.checkInNow(timer(next.leftMs))
    case 'check-in':
      return row.checkInBy(app.formats.value.moment(next.dueAt, app.live.minute.value ?? next.dueAt))
    case 'outcome':
      return row.outcomeNeeded
  }
}

/** What was: heard last, paged, taken, ended. Where a time to come stands above it, shortly. */
export const storyLine = (app: AppState, alarm: AlarmView, look: AlarmLook, hasNext: boolean): string | null => {
  const { row } = app.words
  const at = (ms: number): string => app.formats.value.moment(ms, app.live.minute.value ?? alarm.observedAt)
  if (look.hatched) {
    const pump = channelOf(app, alarm) ?? app.live.pump(alarm.pumpId)
    const heard = pump?.sampledAt.value ?? null
    return heard === null ? row.unverified : row.lastHeard(at(heard))
  }
  const paged = app.live.paged.value.get(alarm.episodeId)?.last ?? null
  const { formerOwner } = alarm
  if (look.filled && formerOwner !== null && (paged?.at ?? -Infinity) < formerOwner.until)
    return row.lapsed(formerOwner.person.name)
  if (paged !== null && look.filled)
    return hasNext
      ? row.pagedShortly(paged.name, row.pagedHow[paged.progress])
      : row.paged(
          paged.name,
          age(Math.max(0, (app.live.now.value ?? alarm.observedAt) - paged.at)),
          row.pagedHow[paged.progress],
        )
  const ended =
    alarm.endedAt === null
      ? null
      : alarm.endUnobserved
        ? row.endedUnobserved(at(alarm.endedAt))
        : row.ended(at(alarm.endedAt))
  switch (look.status) {
    case 'new':
      return row.since(at(alarm.startedAt))
    case 'seen':
      return row.seenBy
    case 'declined':
      return row.declined
    case 'taken':
    case 'taken-by-me':
      if (alarm.ownerGoneAt !== null) return row.ownerGone
      if (alarm.checkInMissedAt !== null) return row.checkInMissed
      return alarm.acceptedAt === null ? row.since(at(alarm.startedAt)) : row.takenAt(at(alarm.acceptedAt))
    case 'handed-over':
      return alarm.handedTo === null
        ? row.takenAt(at(alarm.acceptedAt ?? alarm.startedAt))
        : row.offeredTo(alarm.handedTo.name)
    case 'offered-to-me':
      return row.offeredToYou(alarm.owner?.name ?? '')
    case 'closed-out':
      return row.closedOut
    case 'latched':
      return alarm.endedAt === null ? row.endedNobody : row.latched(at(alarm.endedAt))
    case 'ended-unanswered':
      return ended ?? row.endedNobody
    case 'ended-taken':
      return ended
  }
}

/** What comes next as far as a screen without a link can know. */
export const lineWithoutLink = ({ live, words }: AppState): string =>
  live.keepsNothing.value ? words.notLive.pagesNobody : words.notLive.serverEscalates
