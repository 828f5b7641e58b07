import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'
import { comesNext } from '#dashboard/core/comes-next.ts'
import { age, timer } from '#dashboard/core/format.ts'
import { CommandNote } from './command-note.tsx'
import { channelOf } from './alarm-place.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'

/** Who has it, and what is known of what comes next. */
export const AlarmOwner = ({ alarm, look }: { readonly alarm: AlarmView; readonly look: AlarmLook }): JSX.Element => {
  const app = useApp()
  const { words } = app
  const mine = alarm.owner !== null && alarm.owner.userId === app.me.value?.userId
  const owner =
    alarm.owner === null
      ? look.status === 'ended-unanswered'
        ? words.row.nobodyAnswered
        : words.row.unowned
      : mine
        ? words.you(alarm.owner.name)
        : alarm.owner.name
  const next = app.live.frozen.value && look.filled ? words.notLive.serverEscalates : nextLine(app, alarm, look)
  const story = storyLine(app, alarm, look, next !== null)
  return (
    <div class="row-owner plate">
      <b>{owner}</b>
      {next !== null && (
        <span class={look.filled ? 'next strong' : 'next'} data-testid="comes-next">
          {next}
        </span>
      )}
      {story !== null && <span class="story">{story}</span>}
      <CommandNote episodeId={alarm.episodeId} />
    </div>
  )
}

const nextLine = (app: AppState, alarm: AlarmView, look: AlarmLook): string | null => {
  const { row } = app.words
  const now = app.live.now.value ?? alarm.observedAt
  const next = comesNext(alarm, look.status, app.live.paged.value.get(alarm.episodeId) ?? null, now)
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
      return row.checkInBy(app.formats.value.moment(next.dueAt, now))
    case 'outcome':
      return row.outcomeNeeded
  }
}

/** What was: heard last, paged, taken, ended. Where a time to come stands above it, shortly. */
const storyLine = (app: AppState, alarm: AlarmView, look: AlarmLook, hasNext: boolean): string | null => {
  const { row } = app.words
  const now = app.live.now.value ?? alarm.observedAt
  const at = (ms: number): string => app.formats.value.moment(ms, now)
  if (look.hatched) {
    const pump = channelOf(app, alarm) ?? app.live.pump(alarm.pumpId)
    const heard = pump?.sampledAt.value ?? null
    return heard === null ? row.unverified : row.lastHeard(at(heard))
  }
  const paged = app.live.paged.value.get(alarm.episodeId)?.last ?? null
  if (paged !== null && look.filled)
    return hasNext
      ? row.pagedShortly(paged.name, row.pagedHow[paged.progress])
      : row.paged(paged.name, age(Math.max(0, now - paged.at)), row.pagedHow[paged.progress])
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
