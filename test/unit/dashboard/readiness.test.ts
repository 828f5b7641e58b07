import { expect, it } from 'vitest'
import { needsReason, readyItems } from '#dashboard/core/ready-items.ts'
import type { ReadyFacts } from '#dashboard/core/ready-items.ts'
import { onlineDelayMs, reconnectDelayMs } from '#dashboard/core/reconnect.ts'
import { updateDue, updateQuietMs } from '#dashboard/core/update-due.ts'
import type { UpdateQuestion } from '#dashboard/core/update-due.ts'
import { volumeFloorOf } from '#dashboard/core/volume.ts'

const ready: ReadyFacts = {
  soundArmed: true,
  heard: true,
  devices: 1,
  tests: ['shown'],
  seen: true,
  awake: 'held',
  missing: [],
}
const items = (facts: Partial<ReadyFacts>) => readyItems({ ...ready, ...facts })

it('is ready when everything was tried and she said that she heard and saw it', () => {
  expect(readyItems(ready)).toEqual({ sound: 'ok', push: 'ok', page: 'ok', screen: 'ok', browser: 'ok' })
})

it('asks for her word where no machine can know, and never takes silence for yes', () => {
  expect(items({ heard: null }).sound).toBe('asking')
  expect(items({ seen: null }).page).toBe('asking')
  expect(items({ heard: false }).sound).toBe('failed')
  expect(items({ seen: false }).page).toBe('failed')
  expect(items({ heard: true, soundArmed: false }).sound).toBe('failed')
})

it('wants a device that showed its test page: one is enough, taken by the push service is not', () => {
  expect(items({ devices: 0, tests: [] }).push).toBe('failed')
  expect(items({ devices: 2, tests: ['failed', 'waiting'] }).push).toBe('waiting')
  expect(items({ devices: 2, tests: ['failed', 'shown'] }).push).toBe('ok')
  expect(items({ devices: 2, tests: ['failed', 'failed'] }).push).toBe('failed')
})

it('wants one reason for a device that is not there, not a second one for the page that did not come', () => {
  const without = items({ devices: 0, tests: [], seen: null })
  expect(without.page).toBe('failed')
  expect(needsReason(without, 'push')).toBe(true)
  expect(needsReason(without, 'page')).toBe(false)
  expect(needsReason(items({ seen: false }), 'page')).toBe(true)
  expect(needsReason(items({ awake: 'refused' }), 'screen')).toBe(true)
})

it('W11: says of the screen what the browser says: kept on, given back, refused', () => {
  expect(items({ awake: 'off' }).screen).toBe('waiting')
  expect(items({ awake: 'hidden' }).screen).toBe('failed')
  expect(items({ awake: 'unsupported' }).screen).toBe('failed')
})

it('lets nobody who is called turn the page inaudible', () => {
  expect(volumeFloorOf('on-call', false)).toBe(0.4)
  expect(volumeFloorOf('backup', false)).toBe(0.4)
  expect(volumeFloorOf(null, false)).toBe(0.4)
  expect(volumeFloorOf('looking', false)).toBe(0.1)
  // The rota calls her, whatever she chose here.
  expect(volumeFloorOf('looking', true)).toBe(0.4)
})

const quiet: UpdateQuestion = {
  ownBuild: '1',
  serverBuild: '2',
  otherProtocol: false,
  partMissing: false,
  isLive: true,
  highOpen: false,
  quietMs: updateQuietMs,
  dialogOpen: false,
  keepsSound: true,
  triedAlready: false,
}

it('W13: a page loads itself anew only when no High is open, a minute after the last key, with no dialog open, and once', () => {
  expect(updateDue(quiet)).toBe('now')
  expect(updateDue({ ...quiet, serverBuild: '1' })).toBe('none')
  expect(updateDue({ ...quiet, serverBuild: null })).toBe('none')
  const not: readonly Partial<UpdateQuestion>[] = [
    { isLive: false },
    { highOpen: true },
    { quietMs: updateQuietMs - 1 },
    { dialogOpen: true },
    { keepsSound: false },
    { triedAlready: true },
  ]
  for (const one of not) expect(updateDue({ ...quiet, ...one }), JSON.stringify(one)).toBe('offered')
})

it('W13: a page of which a part did not come waits for the same, whatever the build of the server', () => {
  const missing = { ...quiet, serverBuild: '1', partMissing: true }
  expect(updateDue(missing)).toBe('now')
  expect(updateDue({ ...missing, serverBuild: null })).toBe('now')
  expect(updateDue({ ...missing, highOpen: true })).toBe('offered')
  expect(updateDue({ ...missing, isLive: false })).toBe('offered')
})

it('W13: a page that the server does not understand is loaded at once, even in a High, and offered when that did not help', () => {
  expect(updateDue({ ...quiet, otherProtocol: true, highOpen: true, quietMs: 0 })).toBe('now')
  expect(updateDue({ ...quiet, otherProtocol: true, triedAlready: true })).toBe('offered')
})

it('W17: attempts to reconnect are spread over half a second to three', () => {
  expect(reconnectDelayMs(0)).toBe(500)
  expect(reconnectDelayMs(1)).toBe(3_000)
  expect(reconnectDelayMs(0.5)).toBe(1_750)
})

it('W17: a network that is back is used within half a second, and not by a whole ward at once', () => {
  expect([0, 0.5, 1].map(onlineDelayMs)).toEqual([0, 250, 500])
})
