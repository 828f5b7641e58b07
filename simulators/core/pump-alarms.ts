import type { Priority, pumpAlarmCodes } from '#domain/alarm/codes.ts'

/** Alarms a simulated pump can raise: the whole catalogue of pump alarms but the text of unknown ones (vocabulary.md 4). */
export type ModelAlarm = Exclude<(typeof pumpAlarmCodes)[number], 'device-text'>

interface Behaviour {
  /** The pump's own word for its urgency. */
  readonly priority: Exclude<Priority, 'info'>
  /** Delivery stops and the alarm stays until its cause is gone and somebody, or the pump itself, starts it again. */
  readonly stops: boolean
}

/** The pump's own alarm behaviour (vocabulary.md 4). In order of urgency: a pump with one line of text shows the first. */
export const alarmBehaviour: Readonly<Record<ModelAlarm, Behaviour>> = {
  'free-flow': { priority: 'high', stops: false },
  'pump-malfunction': { priority: 'high', stops: true },
  'drive-fault': { priority: 'high', stops: true },
  'battery-depleted': { priority: 'high', stops: true },
  'air-in-line': { priority: 'high', stops: true },
  'occlusion-downstream': { priority: 'high', stops: true },
  'occlusion-upstream': { priority: 'high', stops: true },
  'occlusion-unspecified': { priority: 'high', stops: true },
  'cassette-detached': { priority: 'high', stops: true },
  'set-not-seated': { priority: 'high', stops: true },
  'reservoir-empty': { priority: 'high', stops: true },
  'sensor-fault': { priority: 'medium', stops: false },
  temperature: { priority: 'medium', stops: false },
  'kvo-ended': { priority: 'medium', stops: false },
  'infusion-complete': { priority: 'medium', stops: false },
  'paused-too-long': { priority: 'medium', stops: false },
  'battery-low': { priority: 'medium', stops: false },
  'kvo-active': { priority: 'low', stops: false },
  'mains-lost': { priority: 'low', stops: false },
  'reservoir-low': { priority: 'low', stops: false },
  'infusion-near-complete': { priority: 'low', stops: false },
  'dose-limit-reached': { priority: 'low', stops: false },
  'battery-fault': { priority: 'low', stops: false },
  'battery-replace': { priority: 'low', stops: false },
  'host-timeout': { priority: 'low', stops: false },
  'keypad-fault': { priority: 'low', stops: false },
  'maintenance-due': { priority: 'low', stops: false },
}

/** Most urgent first. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal are known
export const modelAlarms = Object.keys(alarmBehaviour) as readonly ModelAlarm[]

export const isModelAlarm = (code: string): code is ModelAlarm => Object.hasOwn(alarmBehaviour, code)
