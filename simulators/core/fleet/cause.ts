import type { Act } from '../acts.ts'
import type { ModelAlarm } from '../pump-alarms.ts'

/** Why a pump of a fleet calls for help, in the words of the published counts (clinical.md 12). */
export type Cause =
  | 'complete'
  | 'paused-too-long'
  | 'occlusion-downstream'
  | 'air-in-line'
  | 'occlusion-upstream'
  | 'cassette-detached'
  | 'battery-low'

/** What is done to the pump, so that it finds the alarm by itself. The end of a program needs no hand. */
export const actsOf: Readonly<Record<Exclude<Cause, 'complete'>, readonly Act[]>> = {
  'paused-too-long': [{ act: 'pause' }],
  'occlusion-downstream': [{ act: 'occlude' }],
  'air-in-line': [{ act: 'inject-air', amount: 1 }],
  'occlusion-upstream': [{ act: 'occlude-upstream' }],
  'cassette-detached': [{ act: 'cassette-off' }],
  'battery-low': [{ act: 'mains-off' }, { act: 'drain-battery', amount: 19 }],
}

/** The cause behind an alarm; null: no cause of a fleet raises it. */
export const causeOf = (code: ModelAlarm): Cause | null => {
  if (code === 'kvo-active' || code === 'infusion-complete') return 'complete'
  return code !== 'battery-low' && !Object.hasOwn(actsOf, code) ? null : asCause(code)
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key of the table
const asCause = (code: ModelAlarm): Cause => code as Cause
