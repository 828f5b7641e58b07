import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { soundDuty, soundingAlarms } from '#dashboard/core/sound-duty.ts'
import { alarmEngine, type AlarmEngine } from '#domain/alarm/engine.ts'
import { reminderEveryMs } from '#domain/alarm/reminder.ts'
import { openViews } from '#domain/alarm/view.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { isPaused, longestPauseMs, pauseFor, type AudioPause } from '#domain/sound/audio-pause.ts'
import { anyLife, live } from '#test/support/alarm-logs.ts'
import { ana, pump, second } from '#test/support/alarm-spec.ts'

const isUrgent = ({ priority }: AlarmView): boolean => priority === 'high' || priority === 'medium'
const isThere = ({ condition, confirmed }: AlarmView): boolean =>
  confirmed && (condition === 'active' || condition === 'unverified')

type Station = (presses: readonly number[], alarms: readonly AlarmView[], now: number) => AudioPause | null

/** A page on which somebody pressed "Pause sound" at these times, the way the page does it. */
const station: Station = (presses, alarms, now) => {
  const sounding = soundingAlarms(alarms, ana.userId)
  let pause: AudioPause | null = null
  for (const at of presses) pause = isPaused(pause, sounding, at) ? pause : pauseFor(sounding, at)
  return isPaused(pause, sounding, now) ? pause : null
}

const endless: Station = (presses, alarms) =>
  presses[0] === undefined ? null : pauseFor(soundingAlarms(alarms, ana.userId), presses[0])

/** Whatever happened, was done and was pressed: 300 s after the last press at the latest, what nobody has is heard. */
const nothingStaysQuiet = (engine: AlarmEngine, paused: Station) =>
  fc.property(anyLife, fc.array(fc.nat(600_000), { maxLength: 6 }), fc.nat(3_600_000), (life, times, later) => {
    const presses = times.toSorted((a, b) => a - b)
    const alarms = openViews(live(engine, life), { pumpId: pump, hubId: null })
    const now = (presses.at(-1) ?? 0) + longestPauseMs.medium + later
    const duty = soundDuty({
      alarms,
      me: ana.userId,
      link: 'live',
      sessionOver: false,
      paused: paused(presses, alarms, now) !== null,
      now: second(5000) + now,
    })
    const unanswered = alarms.filter(
      (alarm) => isThere(alarm) && isUrgent(alarm) && alarm.owner === null && alarm.resolved === null,
    )
    if (unanswered.length > 0) expect(duty.steady).not.toBeNull()
    if (unanswered.some(({ priority }) => priority === 'high')) expect(duty.steady).toBe('high')
  })

/** An alarm that somebody has and that goes on signals to its owner every 180 s, offered to somebody else or not. */
const ownersAreReminded = (engine: AlarmEngine) =>
  fc.property(anyLife, (life) => {
    for (const alarm of openViews(live(engine, life), { pumpId: pump, hubId: null })) {
      if (alarm.owner === null || alarm.resolved !== null || !isUrgent(alarm)) continue
      if (alarm.condition !== 'active' && alarm.condition !== 'unverified') continue
      const keys = new Set(
        [1, 2, 3].flatMap((times) =>
          soundDuty({
            alarms: [alarm],
            me: alarm.owner?.userId ?? null,
            link: 'live',
            sessionOver: false,
            paused: true,
            now: (alarm.acceptedAt ?? 0) + times * reminderEveryMs,
          }).once.map(({ key }) => key),
        ),
      )
      expect(keys.size).toBe(3)
    }
  })

const fails = (property: fc.IProperty<unknown>): boolean => fc.check(property, { numRuns: 500 }).failed

describe('silence', () => {
  it('is never endless while an alarm of at least medium is there and nobody has it', () => {
    fc.assert(nothingStaysQuiet(alarmEngine, station), { numRuns: 200 })
  })

  it('is broken by reminders while somebody has an alarm that goes on', () => {
    fc.assert(ownersAreReminded(alarmEngine), { numRuns: 200 })
  })

  it('is found by these properties when a pause does not end', () => {
    expect(fails(nothingStaysQuiet(alarmEngine, endless))).toBe(true)
  })
})
