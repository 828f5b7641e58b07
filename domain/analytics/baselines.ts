import type { Baseline } from '../live/analytics.ts'

/** Published figures to stand beside one's own. All are of hospitals: no study of home pumps was found (clinical.md 9). */
export const publishedBaselines: readonly Baseline[] = [
  { figure: 'alarms per delivery', value: 1.74, unit: '1', source: 'Vitoux 2018' },
  { figure: 'alarms per infusing hour', value: 0.18, unit: '1/h', source: 'Vitoux 2018' },
  { figure: 'mean duration', value: 158_000, unit: 'ms', source: 'Vitoux 2018' },
  { figure: '60 % are over within', value: 68_000, unit: 'ms', source: 'Vitoux 2018' },
  { figure: 'infusions with an alarm', value: 0.287, unit: 'share', source: 'Yu 2021' },
  { figure: 'not actionable, intensive care', value: 0.871, unit: 'share', source: 'Bonafide' },
  { figure: 'not actionable, ward', value: 0.99, unit: 'share', source: 'Bonafide' },
]
