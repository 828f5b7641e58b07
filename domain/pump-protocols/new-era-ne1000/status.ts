import type { AlarmCode } from '../../alarm/codes.ts'
import type { ChannelId } from '../../ids.ts'
import type { OperatingState, TelemetrySample } from '../../telemetry.ts'
import { emptySample } from '../../telemetry.ts'
import { withStatus } from '../sample-status.ts'
import type { Dispensed } from './messages/dis.ts'
import type { Rate } from './messages/rat.ts'
import type { StatusLetter } from './parse.ts'

/** What one pump of the line has told last. */
export interface Told {
  /** A status letter, or an alarm: `A?` and its letter. */
  readonly status: string
  readonly dispensed: Dispensed | null
  readonly rate: Rate | null
}

const states: Readonly<Record<StatusLetter, OperatingState>> = {
  I: 'infusing',
  // withdrawing has no word in the vocabulary
  W: 'unknown',
  S: 'stopped',
  P: 'paused',
  T: 'between-doses',
  U: 'delay-start',
  X: 'priming',
}

const isLetter = (status: string): status is StatusLetter => Object.hasOwn(states, status)

export interface SampleFacts {
  readonly channelId: ChannelId
  readonly serial: string
  readonly activeAlarms: readonly AlarmCode[]
  /** Basic mode has no check. */
  readonly checked: boolean
}

/** A sample of one pump of the line (new-era-ne1000.md 4). The rate is the set rate: it flows only while the pump infuses. */
export const sampleOf = ({ status, dispensed, rate }: Told, facts: SampleFacts): TelemetrySample => {
  const operatingState = isLetter(status) ? states[status] : 'stopped-alarm'
  const sample: TelemetrySample = {
    ...emptySample(facts.channelId, facts.serial),
    operatingState,
    notDeliveringReason: reasonOf(operatingState),
    rateMlPerHour: status === 'I' ? (rate?.setRateMlPerHour ?? null) : 0,
    programmedRateMlPerHour: rate?.setRateMlPerHour ?? null,
    infusedTotalMl: dispensed?.infusedMl ?? null,
    activeAlarms: [...new Set(facts.activeAlarms)],
    raw: {
      status,
      ...(dispensed === null ? {} : { dispensed: dispensed.raw }),
      ...(rate === null ? {} : { rate: rate.raw }),
      ...(facts.checked ? {} : { check: 'unchecked' }),
    },
  }
  // a laboratory pump: its data are never a patient's
  return withStatus(sample, { invalid: false, questionable: !facts.checked, simulated: ['test'] })
}

const reasonOf = (state: OperatingState): string | null => {
  if (state === 'stopped-alarm') return 'alarming'
  if (state === 'between-doses') return 'between-doses'
  return state === 'stopped' || state === 'paused' ? 'not-specified' : null
}
