import type { AlarmDefaults } from './alarm-book.ts'
import type { AlarmCode } from '#domain/alarm/codes.ts'

const high: readonly AlarmCode[] = [
  'occlusion-downstream',
  'occlusion-upstream',
  'occlusion-unspecified',
  'air-in-line',
  'free-flow',
  'reservoir-empty',
  'cassette-detached',
  'set-not-seated',
  'battery-depleted',
  'drive-fault',
  'pump-malfunction',
]
const low: readonly AlarmCode[] = [
  'reservoir-low',
  'infusion-near-complete',
  'kvo-active',
  'battery-fault',
  'battery-replace',
  'mains-lost',
  'dose-limit-reached',
  'host-timeout',
  'keypad-fault',
]

/** vocabulary.md 4. */
export const alarmDefaults: AlarmDefaults = {
  priority: (code) => {
    if (high.includes(code)) return 'high'
    if (low.includes(code)) return 'low'
    return code === 'maintenance-due' ? 'info' : 'medium'
  },
  type: () => 'technical',
}
