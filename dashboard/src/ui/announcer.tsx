import { useEffect } from 'preact/hooks'
import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { whereOf } from './alarm-place.ts'
import { useApp } from './state/app-state.ts'

const lookMs = 500
/** A region is emptied, then filled: the same text twice is spoken twice. */
const setAfterMs = 100

/** Feeds the two live regions of index.html, which exist before their text. Draws nothing. */
export const Announcer = (): null => {
  const app = useApp()
  useEffect(() => {
    const { words, announcements, live } = app
    const listen = (before: ReadonlyMap<EpisodeId, AlarmView>, after: ReadonlyMap<EpisodeId, AlarmView>): void => {
      for (const alarm of after.values()) {
        const old = before.get(alarm.episodeId)
        if (old === alarm) continue
        const name = words.alarm[alarm.code].name
        const where = whereOf(app, alarm)
        if (old === undefined && (alarm.priority === 'high' || alarm.priority === 'medium')) {
          if (alarmLook(alarm, null).group === 'unowned')
            announcements.add({
              urgency: alarm.priority === 'high' ? 'assertive' : 'polite',
              text: words.speak.newAlarm(words.priority[alarm.priority], name, where),
            })
        } else if (old !== undefined && alarm.owner !== null && old.owner?.userId !== alarm.owner.userId)
          announcements.add({ urgency: 'polite', text: words.speak.taken(alarm.owner.name, name, where) })
      }
    }
    const stopAlarms = live.onAlarms(listen)
    let wasFrozen = live.frozen.peek()
    const stopLink = live.frozen.subscribe((frozen) => {
      if (frozen === wasFrozen) return
      wasFrozen = frozen
      // Polite, for it sounds at once by itself: a joined text in the other region would swallow the name of a new High.
      announcements.add({ urgency: 'polite', text: frozen ? words.speak.notLive : words.speak.live })
    })
    const timer = setInterval(() => {
      for (const urgency of ['assertive', 'polite'] as const) {
        const text = announcements.take(urgency, performance.now())
        if (text !== null) say(urgency, text, () => announcements.shown(urgency, performance.now()))
      }
    }, lookMs)
    return () => {
      stopAlarms()
      stopLink()
      clearInterval(timer)
    }
  }, [app])
  return null
}

const say = (urgency: 'assertive' | 'polite', text: string, shown: () => void): void => {
  const region = document.getElementById(`say-${urgency}`)
  if (region === null) return
  region.textContent = ''
  setTimeout(() => {
    region.textContent = text
    shown()
  }, setAfterMs)
}
