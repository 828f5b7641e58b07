import type { Priority, TherapyCriticality } from '#domain/alarm/codes.ts'
import type { PageProgress } from '#domain/paging/paging-view.ts'
import type { OperatingState, PowerSource } from '#domain/telemetry.ts'
import type { ApiFailure } from './worker-protocol.ts'
import type { ThemeChoice } from './theme.ts'

// Words for the closed vocabularies of the domain and of this program, English.

export const priority: Readonly<Record<Priority, string>> = { high: 'High', medium: 'Medium', low: 'Low', info: 'Info' }

export const operatingState: Readonly<Record<OperatingState, string>> = {
  off: 'Off',
  starting: 'Starting',
  standby: 'Standby',
  ready: 'Ready, not started',
  'delay-start': 'Waiting to start',
  infusing: 'Infusing',
  bolus: 'Bolus',
  kvo: 'Keep-open rate',
  'between-doses': 'Between doses',
  paused: 'Paused',
  'stopped-alarm': 'Stopped by alarm',
  stopped: 'Stopped',
  complete: 'Complete',
  priming: 'Priming',
  fault: 'Fault',
  unknown: 'State unknown',
}

export const powerSource: Readonly<Record<PowerSource, string>> = {
  onMains: 'On mains',
  onBattery: 'On battery',
  chargingFull: 'Charging',
  chargingTrickle: 'Charging slowly',
  chargingOff: 'Not charging',
  unknown: 'Power not reported',
}

/** How far a page got. */
export const paged: Readonly<Record<PageProgress, string>> = {
  waiting: 'on its way',
  sent: 'not heard yet',
  heard: 'heard',
  viewed: 'looked at',
  failed: 'not reached',
}

export const failure: Readonly<Record<ApiFailure, string>> = {
  unreachable: 'Cannot reach the server.',
  'part-missing': 'A part of this page did not come. Load the page anew.',
  'signed-out': 'The session is over. Sign in again.',
  'wrong-credentials': 'Name or password is not right.',
  'needs-https': 'Open this page with https:// in its address: a browser keeps no sign-in of a page without it.',
  'too-many-attempts': 'Too many attempts. Wait a minute, then try again.',
  forbidden: 'Your role cannot see this.',
  'step-up-needed': 'Not done: it needs a proof that it is you.',
  invalid: 'The server did not take that.',
  'not-found': 'The server does not know this.',
  'server-error': 'The server answered with an error.',
  unreadable: 'The server’s answer cannot be read. Reload this page.',
}

export const theme: Readonly<Record<ThemeChoice, string>> = {
  auto: 'Auto',
  light: 'Light',
  dark: 'Dark',
  night: 'Night',
}

export const criticality: Readonly<Record<TherapyCriticality, string>> = {
  standard: 'Standard therapy',
  critical: 'Critical therapy',
  unknown: 'Criticality unknown',
}
