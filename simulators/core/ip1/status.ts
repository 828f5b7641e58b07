import type { AlarmCode, Priority } from '#domain/alarm/codes.ts'
import type { OperatingState } from '#domain/telemetry.ts'
import type { PumpReading } from '../protocol-twin.ts'
import { alarmBehaviour } from '../pump-alarms.ts'
import type { PumpSettings } from '../pump-settings.ts'
import { batteryPercent, flowNow, programRemainingMl, type Activity, type PumpState } from '../pump-state.ts'
import { alarmBits, type PriorityLetter, type Status } from './frames.ts'

export const letters: Readonly<Record<Exclude<Priority, 'info'>, PriorityLetter>> = { high: 'H', medium: 'M', low: 'L' }

const stateLetters: Readonly<Record<Exclude<Activity, 'off'>, Status['state']>> = {
  // No letter of its own: nothing flows, and no reason is given.
  starting: 'S',
  'between-doses': 'S',
  infusing: 'R',
  bolus: 'B',
  kvo: 'K',
  paused: 'P',
  complete: 'S',
  'stopped-alarm': 'A',
  fault: 'F',
}

/** IP1 has no letter for programs of several rates (vocabulary.md 3). */
const modeLetters: Readonly<Record<PumpSettings['deliveryMode'], Status['mode']>> = {
  continuous: 'C',
  intermittent: 'I',
  tpn: 'T',
  variable: '',
  pca: 'P',
}

/** By the pump's own quartz. */
export const toldUptimeMs = ({ uptimeMs, quartzAheadMs }: PumpState): number =>
  Math.max(0, Math.round(uptimeMs + quartzAheadMs))

/** What the letter says. */
export const toldState = (activity: Activity): OperatingState =>
  activity === 'starting' || activity === 'between-doses' ? 'stopped' : activity

/** Alarms of a bitmap, in its order. */
export const codesOf = (bitmap: number): readonly AlarmCode[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal are known
  (Object.keys(alarmBits) as readonly AlarmCode[]).filter((code) => (bitmap & (1 << (alarmBits[code] ?? 0))) !== 0)

/** What a status frame says about a pump that is on. */
export const statusOf = ({ state, settings, linePressureMmHg }: PumpReading): Status => {
  const flow = flowNow(state, settings)
  const remaining = programRemainingMl(state)
  const wireAlarms = state.alarms.filter((code) => alarmBits[code] !== undefined)
  const [first] = wireAlarms
  return {
    uptimeMs: toldUptimeMs(state),
    state: state.activity === 'off' ? 'S' : stateLetters[state.activity],
    mode: modeLetters[settings.deliveryMode],
    rateUlPerHour: Math.round(flow * 1000),
    infusedUl: Math.round(state.infusedTotalMl * 1000),
    remainingUl: Math.round(remaining * 1000),
    remainingSeconds: state.activity === 'infusing' && flow > 0 ? Math.floor((remaining / flow) * 3600) : null,
    pressureMmHg: Math.round(linePressureMmHg),
    batteryPercent: Math.round(batteryPercent(state)),
    power: state.onMains ? (state.charge < 1 ? 'C' : 'A') : 'B',
    bitmap: wireAlarms.reduce((bits, code) => bits | (1 << (alarmBits[code] ?? 0)), 0),
    highest: first === undefined ? '-' : letters[alarmBehaviour[first].priority],
  }
}
