import { describe, expect, it } from 'vitest'
import { soundDuty } from '#dashboard/core/sound-duty.ts'
import { reminderEveryMs as reminderMs } from '#domain/alarm/reminder.ts'
import { burstLengthMs, bursts } from '#domain/sound/bursts.ts'
import { alarmOf, lind, osei, someTime } from '#test/support/live-fixtures.ts'

const onsets = (kind: keyof typeof bursts): readonly number[] => bursts[kind].pulses.map((pulse) => pulse.startMs)

describe('the sound plan', () => {
  it('plays ten pulses for High, three for Medium, two for Low, three falling for NOT LIVE', () => {
    expect(onsets('high')).toEqual([0, 225, 450, 900, 1125, 1775, 2000, 2225, 2675, 2900])
    expect(onsets('medium')).toEqual([0, 400, 800])
    expect(onsets('low')).toEqual([0, 400])
    expect(onsets('not-live')).toEqual([0, 370, 740])
    expect(onsets('info')).toEqual([0])
  })
  it('lasts as long as the table says', () => {
    expect(burstLengthMs(bursts.high)).toBe(3_050)
    expect(burstLengthMs(bursts.medium)).toBe(1_000)
    expect(burstLengthMs(bursts.low)).toBe(600)
    expect(burstLengthMs(bursts['not-live'])).toBe(990)
    expect(burstLengthMs(bursts.info)).toBe(120)
  })
  it('repeats after 10, 25 and 15 s, Low never', () => {
    expect(bursts.high.repeatMs).toBe(10_000)
    expect(bursts.medium.repeatMs).toBe(25_000)
    expect(bursts['not-live'].repeatMs).toBe(15_000)
    expect(bursts.low.repeatMs).toBeNull()
  })
  it('plays C5 D4 G4, C5 D4 in each half of a High', () => {
    const half = [523.25, 293.66, 392, 523.25, 293.66]
    expect(bursts.high.pulses.map((pulse) => pulse.fundamentalHz)).toEqual([...half, ...half])
    expect(bursts['not-live'].pulses.map((pulse) => pulse.fundamentalHz)).toEqual([440, 370, 311])
  })
  it('keeps six partials within 8 dB and under 4 kHz in every alarm pulse', () => {
    for (const kind of ['high', 'medium', 'low'] as const) {
      const { partials, pulses } = bursts[kind]
      expect(20 * Math.log10(Math.max(...partials) / Math.min(...partials))).toBeLessThan(8)
      expect(partials).toHaveLength(6)
      for (const pulse of pulses) expect(pulse.fundamentalHz * partials.length).toBeLessThan(4_000)
    }
  })
  it('never lets two pulses of a burst overlap, nor a ramp outlast its pulse', () => {
    for (const { pulses } of Object.values(bursts))
      for (const [index, pulse] of pulses.entries()) {
        expect(pulse.riseMs + pulse.fallMs).toBeLessThanOrEqual(pulse.lengthMs)
        expect(pulses[index + 1]?.startMs ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(
          pulse.startMs + pulse.lengthMs,
        )
      }
  })
})

const ask = (alarms: readonly ReturnType<typeof alarmOf>[], overrides = {}) =>
  soundDuty({
    alarms,
    me: osei.userId,
    link: 'live',
    unwatched: false,
    sessionEndsAt: null,
    paused: false,
    now: someTime,
    ...overrides,
  })

describe('what is to be heard', () => {
  it('is the highest priority that nobody owns', () => {
    expect(ask([alarmOf('a', { priority: 'medium' }), alarmOf('b')]).steady).toBe('high')
    expect(ask([alarmOf('a', { priority: 'medium' }), alarmOf('b', { priority: 'low' })]).steady).toBe('medium')
    expect(ask([]).steady).toBeNull()
  })
  it('is nothing for an alarm somebody took, ended or only listed', () => {
    const taken = alarmOf('a', { response: 'accepted', owner: lind, acceptedAt: someTime })
    expect(
      ask([taken, alarmOf('b', { priority: 'medium', condition: 'ended' }), alarmOf('c', { priority: 'info' })]),
    ).toEqual({
      steady: null,
      once: [],
    })
  })
  it('goes on for a High that ended before anybody answered', () => {
    expect(ask([alarmOf('a', { condition: 'latched' })]).steady).toBe('high')
  })
  it('is nothing for what is known only from late records', () => {
    expect(ask([alarmOf('a', { late: true, confirmed: false, condition: 'unverified' })])).toEqual({
      steady: null,
      once: [],
    })
  })
  it('chirps once for a Low, by its episode', () => {
    expect(ask([alarmOf('a', { priority: 'low' })])).toEqual({ steady: null, once: [{ key: 'low:a', kind: 'low' }] })
  })
  it('is the link alone when the page is not live or the session is over', () => {
    expect(ask([alarmOf('a')], { link: 'not-live' }).steady).toBe('not-live')
    expect(ask([alarmOf('a')], { unwatched: true }).steady).toBe('not-live')
    expect(ask([alarmOf('a')], { link: 'late' }).steady).toBe('high')
  })
  it('W12: gives one sign five minutes before the session ends, and sounds as NOT LIVE after it', () => {
    const at = (leftMs: number) => ask([], { sessionEndsAt: someTime + leftMs }).once
    expect(at(300_001)).toEqual([])
    expect(at(300_000)).toEqual([{ key: `session:${someTime + 300_000}`, kind: 'info' }])
    expect(at(0)).toEqual([])
    expect(ask([], { sessionEndsAt: someTime + 1, now: null }).once).toEqual([])
    expect(ask([], { unwatched: true, sessionEndsAt: null }).steady).toBe('not-live')
  })
  it('reminds the owner every 180 s, and nobody else', () => {
    const mine = alarmOf('a', { response: 'accepted', owner: osei, acceptedAt: someTime - 2 * reminderMs, version: 1 })
    expect(ask([mine]).once).toEqual([{ key: `reminder:a:${someTime - 2 * reminderMs}:2`, kind: 'high' }])
    expect(ask([{ ...mine, acceptedAt: someTime - reminderMs + 1 }]).once).toEqual([])
    expect(ask([{ ...mine, owner: lind }]).once).toEqual([])
  })
  it('reminds an owner who has offered it to somebody, and tells that person once', () => {
    const offered = alarmOf('a', {
      response: 'handed-over',
      owner: osei,
      acceptedAt: someTime - reminderMs,
      handedTo: lind,
      handedAt: someTime,
      version: 2,
    })
    expect(ask([offered]).once).toEqual([{ key: `reminder:a:${someTime - reminderMs}:1`, kind: 'high' }])
    expect(ask([offered], { me: lind.userId }).once).toEqual([{ key: 'offer:a:2', kind: 'info' }])
  })
  it('reminds no sooner because she said that she is still on it', () => {
    const mine = alarmOf('a', { response: 'accepted', owner: osei, acceptedAt: someTime - reminderMs, version: 1 })
    expect(ask([{ ...mine, version: 2, checkedAt: someTime }]).once).toEqual(ask([mine]).once)
  })
  it('W31: a forgotten Take comes back to its owner, and to nobody else, until it is asked anew', () => {
    const missed = alarmOf('a', {
      priority: 'medium',
      response: 'accepted',
      owner: osei,
      acceptedAt: someTime,
      checkInMissedAt: someTime,
      next: { step: 'lapse', dueAt: someTime + 60_000 },
    })
    expect(ask([missed]).steady).toBe('medium')
    expect(ask([missed], { me: lind.userId }).steady).toBeNull()
    expect(ask([{ ...missed, checkInMissedAt: null, next: { step: 'check-in', dueAt: someTime } }]).steady).toBeNull()
    // A low one is an entry for the lead.
    expect(ask([{ ...missed, priority: 'low', next: null }])).toEqual({ steady: null, once: [] })
  })
  it('is nothing that repeats while the sound is paused; NOT LIVE and reminders go on', () => {
    const mine = alarmOf('m', { response: 'accepted', owner: osei, acceptedAt: someTime - reminderMs, version: 1 })
    expect(ask([alarmOf('a'), alarmOf('b', { priority: 'low' }), mine], { paused: true })).toEqual({
      steady: null,
      once: [{ key: `reminder:m:${someTime - reminderMs}:1`, kind: 'high' }],
    })
    expect(ask([alarmOf('a')], { paused: true, link: 'not-live' }).steady).toBe('not-live')
  })
})

it('W5: sounds for every open alarm, whatever a screen shows of them', () => {
  const alarms = [alarmOf('ep-low', { priority: 'low' }), alarmOf('ep-high', { priority: 'high' })]
  const question = {
    me: osei.userId,
    link: 'live',
    unwatched: false,
    sessionEndsAt: null,
    paused: false,
    now: someTime,
  } as const
  expect(soundDuty({ ...question, alarms }).steady).toBe('high')
  // It is asked with all open alarms: there is nothing in it that could leave one out.
  expect(Object.keys(question).toSorted()).toEqual(['link', 'me', 'now', 'paused', 'sessionEndsAt', 'unwatched'])
})
