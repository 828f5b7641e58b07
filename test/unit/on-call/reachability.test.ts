import { describe, expect, it } from 'vitest'
import { reachOf } from '#domain/on-call/reachability.ts'
import type { StationFacts } from '#domain/on-call/station.ts'

const station = (changes: Partial<StationFacts> = {}): StationFacts => ({
  silentMs: 1000,
  visible: true,
  inputAgeMs: 0,
  pause: null,
  audible: true,
  clockErrorMs: 0,
  lookingOnly: false,
  ...changes,
})

describe('whether somebody can be reached', () => {
  it.each([
    ['an open screen that sounds', [station()], 1, 'reachable', []],
    ['the same without a phone', [station()], 0, 'reachable', ['no-address']],
    ['a screen in the background that sounds', [station({ visible: false })], 1, 'reachable', ['screen-hidden']],
    ['a screen whose sound was never armed', [station({ audible: false })], 1, 'doubtful', ['sound-not-armed']],
    ['a screen that froze', [station({ silentMs: 6000 })], 1, 'doubtful', ['screen-silent']],
    ['a screen whose clock is a minute off', [station({ clockErrorMs: -60_000 })], 1, 'doubtful', ['clock-off']],
    ['a phone alone: a push proves nothing', [], 1, 'doubtful', ['no-open-screen']],
    ['a frozen screen and no phone', [station({ silentMs: 6000 })], 0, 'unreachable', ['screen-silent', 'no-address']],
    ['nothing at all', [], 0, 'unreachable', ['no-open-screen', 'no-address']],
    ['two screens, one of them good', [station({ audible: false }), station()], 1, 'reachable', []],
  ] as const)('%s', (_, stations, addresses, reach, reasons) => {
    expect(reachOf({ stations, addresses })).toEqual({ reach, reasons })
  })
})
