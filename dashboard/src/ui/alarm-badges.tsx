import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import { age } from '#dashboard/core/format.ts'
import { uncertainTimeMs } from '#dashboard/core/freshness.ts'
import type { AppState } from './state/app-state.ts'
import { useApp } from './state/app-state.ts'

const shown = 2

interface BadgesProps {
  readonly alarm: AlarmView
  /** Every one, where there is room. */
  readonly all?: boolean
}

/** At most two beside the name, the rest as "+n" with its words. */
export const AlarmBadges = ({ alarm, all: showAll = false }: BadgesProps): JSX.Element | null => {
  const app = useApp()
  const { badge } = app.words
  const all = badgesOf(app, alarm)
  const rest = showAll ? [] : all.slice(shown)
  if (all.length === 0) return null
  return (
    <span class="badges">
      {(showAll ? all : all.slice(0, shown)).map((text) => (
        <span key={text} class="badge">
          {text}
        </span>
      ))}
      {rest.length > 0 && (
        <span class="badge" title={rest.join(', ')}>
          {badge.more(rest.length)}
          <span class="sr"> {rest.join(', ')}</span>
        </span>
      )}
    </span>
  )
}

const badgesOf = (app: AppState, alarm: AlarmView): readonly string[] => {
  const { badge } = app.words
  const at = (ms: number): string => app.formats.value.moment(ms, app.live.minute.value ?? alarm.observedAt)
  return [
    alarm.handedTo !== null && alarm.handedTo.userId === app.me.value?.userId ? badge.handedToYou : null,
    escalatedTo(app, alarm),
    criticalityOf(app, alarm),
    alarm.late ? badge.late(at(alarm.startedAt), at(alarm.observedAt)) : null,
    alarm.recurring ? badge.recurring : alarm.recurrence > 0 ? badge.recurrence(alarm.recurrence + 1) : null,
    alarm.priorityRaised ? badge.raised : null,
    alarm.uncertaintyMs > uncertainTimeMs ? badge.timeUncertain(age(alarm.uncertaintyMs)) : null,
    alarm.experimental ? badge.experimental : null,
  ].filter((text) => text !== null)
}

/** The site itself has no therapy that could be critical. */
const criticalityOf = ({ words: { badge } }: AppState, { criticality, pumpId, hubId }: AlarmView): string | null => {
  if (criticality === 'critical') return badge.critical
  return criticality === 'unknown' && (pumpId !== null || hubId !== null) ? badge.unknown : null
}

/** Somebody beyond the first is asked: whoever looks, or the topmost place that was. */
const escalatedTo = (app: AppState, { episodeId, escalated }: AlarmView): string | null => {
  if (app.live.escalatedToMe.value.has(episodeId)) return app.words.badge.escalatedToYou
  const asked = app.live.paged.value.get(episodeId)?.beyond ?? []
  const place = places.findLast((one) => asked.some((found) => found.place === one))
  if (place !== undefined) return app.words.badge.escalated(app.words.onCall.places[place].toLowerCase())
  // Of an alarm somebody has, only who was asked for is told.
  if (escalated === null) return null
  return escalated.to === null ? app.words.badge.escalatedOn : app.words.badge.escalated(escalated.to.name)
}

const places = ['primary', 'backup', 'lead'] as const
