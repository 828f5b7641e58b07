import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { declared } from '#domain/paging/declarative-push.ts'
import type { PushMessage } from '#domain/paging/push-message.ts'
import { pushNotice } from '#dashboard/core/push-notice.ts'
import { reasonWords, repairSteps } from '#dashboard/core/push-reasons.ts'
import { pushWords } from '#dashboard/core/push-words.ts'
import { deviceName } from '#domain/device-name.ts'
import { pageOf } from '#test/support/page-fixtures.ts'

const { push } = pushWords.of('en')

const message = (page = pageOf(), changes: object = {}): string =>
  JSON.stringify({ page, alarms: page.episodeIds.length, over: null, deviceId: 'd-1', receipt: 'r-1', ...changes })

describe('what a device shows of a push', () => {
  it('W25: a high page stays and pulses; its repetitions share a tag', () => {
    const first = pushNotice(message(pageOf({ thread: 'root-1' })))
    expect(first).toMatchObject({
      title: 'High alarm',
      tag: 'root-1',
      stays: true,
      quiet: false,
      icon: '/icon-high.svg',
    })
    const second = pushNotice(message(pageOf({ thread: 'root-1', notificationId: 'n-2', attempt: 2, place: 'lead' })))
    expect(second).toMatchObject({ body: 'North 12. You are asked as lead. Asked 2 times.', tag: 'root-1' })
    expect(first.vibrate.length).toBeGreaterThan(1)
  })

  it.each(['medium', 'low', 'info'] as const)('a page of %s priority does not stay', (priority) => {
    expect(pushNotice(message(pageOf({ priority })))).toMatchObject({ stays: false, quiet: false })
  })

  it('several alarms of one cause are counted, simulated ones and reminders say so', () => {
    expect(pushNotice(message(pageOf(), { alarms: 40 })).title).toBe('High alarm, 40 alarms')
    expect(pushNotice(message(pageOf({ simulated: true }))).title).toBe('Simulated: High alarm')
    expect(pushNotice(message(pageOf({ kind: 'reminder' })))).toMatchObject({
      title: 'Still going on: High alarm',
      body: 'North 12. You have taken it.',
    })
  })

  it('an end is quiet and replaces the page', () => {
    expect(pushNotice(message(pageOf(), { over: 'ended' }))).toMatchObject({
      title: 'The alarm is over',
      tag: 'n-1',
      quiet: true,
      stays: false,
      vibrate: [],
    })
  })

  it('carries what a receipt needs and nothing else of the page', () => {
    expect(pushNotice(message()).receipt).toEqual({ notificationId: 'n-1', deviceId: 'd-1', receipt: 'r-1' })
  })

  it('W19: whatever comes is shown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const notice = pushNotice(text)
        expect(notice.title.length).toBeGreaterThan(0)
        expect(notice).toMatchObject({ receipt: null, stays: true, quiet: false })
      }),
    )
  })
})

describe('a push that a browser shows by itself', () => {
  it.each([
    ['a high page', pageOf({ thread: 'root-1' }), null],
    ['a medium page', pageOf({ priority: 'medium' }), null],
    ['a reminder', pageOf({ kind: 'reminder' }), null],
    ['the end of one', pageOf(), 'accepted'],
  ] as const)('W24: of %s looks as the service worker would show it, and opens the start page', (_, page, over) => {
    const told: PushMessage = { page, alarms: 3, over, deviceId: 'd-1', receipt: 'r-1' }
    const { notification } = declared(told, 'https://watch.hospital.org/#/urgent')
    const shown = pushNotice(JSON.stringify(told))
    expect(notification).toMatchObject({
      title: shown.title,
      body: shown.body,
      tag: shown.tag,
      requireInteraction: shown.stays,
      silent: shown.quiet,
      data: shown.receipt,
      navigate: 'https://watch.hospital.org/#/urgent',
    })
    // A service worker of any release reads the same push.
    expect(pushNotice(JSON.stringify({ ...declared(told, 'https://x/'), ...told }))).toEqual(shown)
  })
})

describe('the name of a device', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Chrome on Linux',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
      'Samsung Internet on Android',
    ],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0', 'Firefox on Windows'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
      'Safari on Mac',
    ],
    ['', 'Browser on this device'],
  ])('%s', (userAgent, name) => {
    expect(deviceName(userAgent)).toBe(name)
    expect(repairSteps(push, name).length).toBe(3)
  })
})

it('a reason of the server is said in words, also one that is new', () => {
  expect(reasonWords(push, 'gone')).toBe(push.reason.gone)
  expect(reasonWords(push, 'invented-later')).toBe(push.reason.other)
  expect(reasonWords(push, null)).toBe(push.reason.other)
})
