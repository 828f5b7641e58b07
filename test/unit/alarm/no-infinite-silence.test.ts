import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { soundDuty, soundingAlarms } from '#dashboard/core/sound-duty.ts'
import { alarmEngine, type AlarmEngine } from '#domain/alarm/engine.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
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
      unwatched: false,
      sessionEndsAt: null,
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
            unwatched: false,
            sessionEndsAt: null,
            paused: true,
            now: (alarm.acceptedAt ?? 0) + times * reminderEveryMs,
          }).once.map(({ key }) => key),
        ),
      )
      expect(keys.size).toBe(3)
    }
  })

/** What somebody has and what may get worse waits for a time that is known, or for a lead; nothing else can be forgotten. */
const alwaysHasNextStep = (engine: AlarmEngine) =>
  fc.property(anyLife, (life) => {
    for (const alarm of openViews(live(engine, life), { pumpId: pump, hubId: null })) {
      if (!isThere(alarm) || alarm.resolved !== null) continue
      const isForTheLead = alarm.priority === 'low' && alarm.checkInMissedAt !== null
      if (alarm.owner !== null && alarm.priority !== 'info' && !isForTheLead)
        expect(['check-in', 'lapse']).toContain(alarm.next?.step)
      if (alarm.shelved !== null) expect([alarm.priority, alarm.next === null]).toEqual(['low', false])
    }
  })

/** Whoever has an alarm and does nothing more about it: within two check-ins and a lapse nobody has it, or it is an entry for the lead. */
const theForgottenComesBack = (engine: AlarmEngine) =>
  fc.property(anyLife, fc.nat(600_000), (life, step) => {
    let state = live(engine, life)
    const pass = (at: number): void => {
      const decision = engine.decide(state, { type: 'tick', at }, defaultAlarmPolicy)
      if (decision.outcome === 'ok') state = decision.events.reduce(engine.evolve, state)
    }
    // Later than anything in the life.
    const from = second(20_000)
    const longestMs = defaultAlarmPolicy.checkIn.low.everyMs + step + 1000
    for (let at = from; at <= from + 2 * longestMs; at += 1000 + step) pass(at)
    for (const alarm of openViews(state, { pumpId: pump, hubId: null })) {
      expect(alarm.shelved).toBeNull()
      if (alarm.owner === null || alarm.resolved !== null || !isThere(alarm)) continue
      expect(alarm).toMatchObject({ priority: 'low', checkInMissedAt: expect.any(Number) })
    }
  })

/** Whether some case breaks it. By one seed: a test of the property itself must not depend on luck. */
const fails = (property: fc.IProperty<unknown>): boolean =>
  fc.check(property, { seed: 20_260_105, numRuns: 5_000, endOnFailure: true }).failed

describe('silence', () => {
  it('is never endless while an alarm of at least medium is there and nobody has it', () => {
    fc.assert(nothingStaysQuiet(alarmEngine, station), { numRuns: 200 })
  })

  it('is broken by reminders while somebody has an alarm that goes on', () => {
    fc.assert(ownersAreReminded(alarmEngine), { numRuns: 200 })
  })

  it('waits for a known time in whatever somebody has', () => {
    fc.assert(alwaysHasNextStep(alarmEngine), { numRuns: 200 })
  })

  it('ends when whoever has an alarm forgets it', () => {
    fc.assert(theForgottenComesBack(alarmEngine), { numRuns: 200 })
  })

  it('is found by these properties when nobody is asked for a word', () => {
    const neverAsking: AlarmEngine = {
      ...alarmEngine,
      decide: (state, command, policy) => {
        const decision = alarmEngine.decide(state, command, policy)
        if (decision.outcome !== 'ok') return decision
        return { ...decision, events: decision.events.filter(({ type }) => type !== 'check-in-missed') }
      },
    }
    expect(fails(theForgottenComesBack(neverAsking))).toBe(true)
  })

  it('is found by these properties when an acceptance has no time', () => {
    const timeless: AlarmEngine = {
      ...alarmEngine,
      evolve: (state, event) => {
        const after = alarmEngine.evolve(state, event)
        const episodes = Object.values(after.episodes).map((one) => ({
          ...one,
          response: { ...one.response, checkedAt: null },
        }))
        return { ...after, episodes: Object.fromEntries(episodes.map((one) => [one.episodeId, one])) }
      },
    }
    expect(fails(alwaysHasNextStep(timeless))).toBe(true)
  })

  it('is found by these properties when a pause does not end', () => {
    expect(fails(nothingStaysQuiet(alarmEngine, endless))).toBe(true)
  })
})
