import type { AlarmCode, Priority } from '#domain/alarm/codes.ts'

/** Alarms the pump model can raise by itself. */
export type ModelAlarm = Extract<
  AlarmCode,
  | 'occlusion-downstream'
  | 'occlusion-upstream'
  | 'air-in-line'
  | 'reservoir-empty'
  | 'reservoir-low'
  | 'cassette-detached'
  | 'battery-low'
  | 'battery-depleted'
  | 'infusion-near-complete'
  | 'infusion-complete'
  | 'kvo-active'
  | 'pump-malfunction'
  | 'paused-too-long'
  | 'mains-lost'
>

interface Behaviour {
  /** The pump's own word for its urgency. */
  readonly priority: Exclude<Priority, 'info'>
  /** Delivery stops and the alarm stays until its cause is gone and somebody, or the pump itself, starts it again. */
  readonly stops: boolean
}

/** The pump's own alarm behaviour (vocabulary.md 4). In order of urgency: a pump with one line of text shows the first. */
export const alarmBehaviour: Readonly<Record<ModelAlarm, Behaviour>> = {
  'pump-malfunction': { priority: 'high', stops: true },
  'battery-depleted': { priority: 'high', stops: true },
  'air-in-line': { priority: 'high', stops: true },
  'occlusion-downstream': { priority: 'high', stops: true },
  'occlusion-upstream': { priority: 'high', stops: true },
  'cassette-detached': { priority: 'high', stops: true },
  'reservoir-empty': { priority: 'high', stops: true },
  'infusion-complete': { priority: 'medium', stops: false },
  'paused-too-long': { priority: 'medium', stops: false },
  'battery-low': { priority: 'medium', stops: false },
  'kvo-active': { priority: 'low', stops: false },
  'mains-lost': { priority: 'low', stops: false },
  'reservoir-low': { priority: 'low', stops: false },
  'infusion-near-complete': { priority: 'low', stops: false },
}

/** Most urgent first. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal are known
export const modelAlarms = Object.keys(alarmBehaviour) as readonly ModelAlarm[]
