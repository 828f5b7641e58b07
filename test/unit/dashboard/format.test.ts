import { describe, expect, it } from 'vitest'
import { age, drugText, formatsFor, timeLeft, timer, took } from '#dashboard/core/format.ts'
import { AnnouncementQueue } from '#dashboard/core/announcements.ts'
import { parseRoute, routeTo } from '#dashboard/core/route.ts'
import { themeOf } from '#dashboard/core/theme.ts'
import { someTime } from '#test/support/live-fixtures.ts'

describe('times', () => {
  const utc = formatsFor('UTC')
  it('follow the 24-hour clock of the facility, not the browser', () => {
    expect(utc.time(someTime)).toBe('02:41')
    expect(utc.timeSeconds(someTime)).toBe('02:41:07')
    expect(formatsFor('America/New_York').time(someTime)).toBe('21:41')
    expect(utc.time(Date.UTC(2026, 0, 1, 0, 5))).toBe('00:05')
  })
  it('carry their date when it is not today', () => {
    expect(utc.moment(someTime, someTime + 3_600_000)).toBe('02:41')
    expect(utc.moment(someTime, someTime + 86_400_000)).toBe('23 Nov\u00a002:41')
  })
  it('count a row timer in minutes and seconds, from an hour on in hours and minutes with the unit', () => {
    expect([0, 48_900, 600_000, 3_599_000].map(timer)).toEqual(['0:00', '0:48', '10:00', '59:59'])
    expect(timer(3_600_000)).toBe('1:00\u00a0h')
    expect(timer(-5_000)).toBe('0:00')
  })
  it('say an age in one unit', () => {
    expect([4_000, 89_000, 90_000, 7_800_000, 432_000_000].map(age)).toEqual([
      '4\u00a0s',
      '89\u00a0s',
      '1\u00a0min',
      '2\u00a0h\u00a010',
      '5\u00a0d',
    ])
  })
  it('say the time left as hours and minutes', () => {
    expect(timeLeft(33_480)).toEqual({ value: '9\u00a0h\u00a018', unit: 'min' })
    expect(timeLeft(2_520)).toEqual({ value: '42', unit: 'min' })
  })
})

describe('numbers', () => {
  const { rate, volume, whole, count } = formatsFor('UTC')
  it('keep a leading zero, rates a decimal, volumes none they do not need', () => {
    expect([0, 2, 0.5, 62.5, 0.125].map(rate)).toEqual(['0.0', '2.0', '0.5', '62.5', '0.125'])
    expect([0, 0.036, 50, 31.44].map(volume)).toEqual(['0', '0.04', '50', '31.4'])
    expect(whole(64.4)).toBe('64')
    expect(count(4962)).toBe('4,962')
  })
  it('stay with their unit in what is written of a drug', () => {
    expect(drugText('NaCl 0.9 % with 4 microgram/mL in 2 bags')).toBe(
      'NaCl 0.9\u00a0% with 4\u00a0microgram/mL in 2\u00a0bags',
    )
  })
})

describe('announcements', () => {
  it('W34: speak at once, then wait 3 s and join what came meanwhile', () => {
    const queue = new AnnouncementQueue((texts) => texts.join(' '))
    queue.add({ urgency: 'assertive', text: 'one' })
    expect(queue.take('assertive', 0)).toBe('one')
    queue.add({ urgency: 'assertive', text: 'two' })
    queue.add({ urgency: 'assertive', text: 'three' })
    expect(queue.take('assertive', 2_999)).toBeNull()
    expect(queue.take('assertive', 3_000)).toBe('two three')
    expect(queue.take('assertive', 9_000)).toBeNull()
  })
  it('wait from when a text could be read: a busy page shows it later than it was taken', () => {
    const queue = new AnnouncementQueue((texts) => texts.join(' '))
    queue.add({ urgency: 'assertive', text: 'one' })
    expect(queue.take('assertive', 0)).toBe('one')
    queue.shown('assertive', 2_100)
    queue.add({ urgency: 'assertive', text: 'two' })
    expect(queue.take('assertive', 5_099)).toBeNull()
    expect(queue.take('assertive', 5_100)).toBe('two')
  })
  it('keep the polite region apart from the assertive one', () => {
    const queue = new AnnouncementQueue((texts) => texts.join(' '))
    queue.add({ urgency: 'polite', text: 'taken' })
    expect(queue.take('assertive', 0)).toBeNull()
    expect(queue.take('polite', 0)).toBe('taken')
  })
})

describe('addresses', () => {
  it('lead to a screen and back', () => {
    for (const screen of [
      { name: 'alarms' },
      { name: 'pumps' },
      { name: 'hubs' },
      { name: 'pump', pumpId: 'P-0421' },
    ] as const)
      expect(parseRoute(routeTo(screen))).toEqual(screen)
  })
  it('fall back to the alarms', () => {
    expect(['', '#', '#/nonsense', '#/pumps/%'].map((hash) => parseRoute(hash).name)).toEqual([
      'alarms',
      'alarms',
      'alarms',
      'pump',
    ])
  })
})

describe('the palette', () => {
  const ask = { choice: 'auto', systemDark: false, minuteOfDay: 720, current: 'light', highOpen: false } as const
  it('follows the system by day and is night from 22:00 to 06:30', () => {
    expect(themeOf(ask)).toBe('light')
    expect(themeOf({ ...ask, systemDark: true })).toBe('dark')
    expect([1_320, 0, 389].map((minuteOfDay) => themeOf({ ...ask, minuteOfDay }))).toEqual(['night', 'night', 'night'])
    expect(themeOf({ ...ask, minuteOfDay: 390 })).toBe('light')
  })
  it('does not switch by itself while a High is open', () => {
    expect(themeOf({ ...ask, minuteOfDay: 1_320, highOpen: true })).toBe('light')
    expect(themeOf({ ...ask, choice: 'night', highOpen: true })).toBe('night')
  })
})

it('says how long a step took in milliseconds where seconds would say nothing', () => {
  expect([0.4, 58, 999, 1_340, 9_950, 12_000].map(took).map((text) => text.replaceAll('\u00a0', ' '))).toEqual([
    '0 ms',
    '58 ms',
    '999 ms',
    '1.3 s',
    '9.9 s',
    '12 s',
  ])
})
