import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'
import { age, timer } from '#dashboard/core/format.ts'
import { CommandNote } from './command-note.tsx'
import { channelOf } from './alarm-place.ts'
import { useApp } from './state/app-state.ts'

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
  return (
    <div class="row-owner plate">
      <b>{owner}</b>
      <span class={look.filled ? 'next strong' : 'next'}>
        {app.live.frozen.value && look.filled ? words.notLive.serverEscalates : nextLine(app, alarm, look)}
      </span>
      <CommandNote episodeId={alarm.episodeId} />
    </div>
  )
}

const nextLine = (app: ReturnType<typeof useApp>, alarm: AlarmView, look: AlarmLook): string => {
  const { row } = app.words
  const now = app.live.now.value ?? alarm.observedAt
  const at = (ms: number): string => app.formats.value.moment(ms, now)
  const ended =
    alarm.endedAt === null
      ? null
      : alarm.endUnobserved
        ? row.endedUnobserved(at(alarm.endedAt))
        : row.ended(at(alarm.endedAt))
  if (look.hatched) {
    const pump = channelOf(app, alarm) ?? app.live.pump(alarm.pumpId)
    const heard = pump?.sampledAt.value ?? null
    return heard === null ? row.unverified : row.lastHeard(at(heard))
  }
  const paged = app.live.paged.value.get(alarm.episodeId)
  if (paged !== undefined && look.filled)
    return row.paged(paged.name, age(Math.max(0, now - paged.at)), row.pagedHow[paged.progress])
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
      if (alarm.next?.step === 'lapse') return row.checkInNow(timer(alarm.next.dueAt - now))
      if (alarm.checkInMissedAt !== null) return row.checkInMissed
      if (alarm.next?.step === 'check-in') return row.checkInBy(at(alarm.next.dueAt))
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
      return ended === null ? row.outcomeNeeded : `${ended}. ${row.outcomeNeeded}`
  }
}
