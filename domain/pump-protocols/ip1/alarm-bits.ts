import type { AlarmCode, Priority } from '../../alarm/codes.ts'
import type { ChannelId } from '../../ids.ts'
import { hexDigits } from '../ascii.ts'
import type { ReportedAlarm } from '../profile.ts'

/**
 * Bit number -> code (ip1.md 4). Bits 5, 8, 9, 14 and 17 are states first; this profile lets all of them alarm as well, at the
 * pump's priority or the catalogue's: a state that nobody looks at is a missed alarm.
 */
const codeOfBit: readonly AlarmCode[] = [
  'occlusion-downstream',
  'occlusion-upstream',
  'air-in-line',
  'reservoir-empty',
  'reservoir-low',
  'cassette-detached',
  'battery-low',
  'battery-depleted',
  'infusion-complete',
  'kvo-active',
  'drive-fault',
  'pump-malfunction',
  'host-timeout',
  'free-flow',
  'set-not-seated',
  'dose-limit-reached',
  'paused-too-long',
  'mains-lost',
  'sensor-fault',
  'temperature',
  'maintenance-due',
  'occlusion-unspecified',
]

export const infusionCompleteBit = 8

/** The bits that are set, lowest first. `bitmap`: 8 hex digits. */
export const bitsOf = (bitmap: string): readonly number[] => {
  const bits: number[] = []
  for (let rest = Number.parseInt(bitmap, 16), bit = 0; rest !== 0; rest >>>= 1, bit += 1) if (rest & 1) bits.push(bit)
  return bits
}

/** One alarm bit as the pump tells it. Reserved bits are shown as sent. */
export const alarmOfBit = (bit: number, channelId: ChannelId, priority: Priority | null): ReportedAlarm => {
  const code = codeOfBit[bit]
  return {
    code: code ?? 'device-text',
    channelId,
    vendorCode: hexDigits(bit, 2),
    vendorText: code === undefined ? `IP1 bit ${bit}` : null,
    priority,
  }
}

const priorityOfLetter = { H: 'high', M: 'medium', L: 'low', '-': null } as const

/** The pump's word, or null when it gave none or an unreadable one. */
export const priorityOf = (letter: 'H' | 'M' | 'L' | '-' | null): Priority | null =>
  letter === null ? null : priorityOfLetter[letter]
