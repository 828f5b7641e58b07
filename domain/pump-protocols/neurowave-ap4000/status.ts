import type { ChannelId } from '../../ids.ts'
import type { OperatingState, TelemetrySample } from '../../telemetry.ts'
import { emptySample } from '../../telemetry.ts'
import { isMalformed, valueOf } from '../fields.ts'
import type { ReportedAlarm } from '../profile.ts'
import { withStatus } from '../sample-status.ts'
import { channelIds } from './alarm-codes.ts'
import type { ChannelStatus, StatReq } from './messages/statreq.ts'

/** A status as one sample per channel (neurowave-ap4000.md 3). Units are inferred; no field of the pump tells what it is doing. */
export const samplesOf = (
  status: StatReq,
  serial: string,
  alarms: readonly ReportedAlarm[],
): readonly TelemetrySample[] =>
  status.channels.map((channel, index) => {
    const channelId = channelIds[index === 0 ? 0 : 1]
    const own = alarms.filter((alarm) => alarm.channelId === channelId)
    const whole = alarms.filter((alarm) => alarm.channelId === null)
    const operatingState = operatingStateOf(channel, own)
    const sample: TelemetrySample = {
      ...emptySample(channelId, serial),
      operatingState,
      notDeliveringReason: operatingState === 'stopped-alarm' ? 'alarming' : null,
      rateMlPerHour: valueOf(channel.rate),
      vtbiMl: valueOf(channel.target),
      programRemainingMl: valueOf(channel.remaining),
      infusedTotalMl: valueOf(channel.infused),
      activeAlarms: [...new Set([...own, ...whole].map(({ code }) => code))],
      raw: rawOf(channelId, status, channel),
    }
    const invalid = Object.values(channel).some(isMalformed)
    return withStatus(sample, { invalid, questionable: false, simulated: [] })
  })

const operatingStateOf = ({ rate }: ChannelStatus, own: readonly ReportedAlarm[]): OperatingState => {
  const flow = valueOf(rate)
  if (flow === null) return 'unknown'
  if (flow > 0) return 'infusing'
  return flow === 0 && own.length > 0 ? 'stopped-alarm' : 'unknown'
}

/** The vendor's own digits and words. The pump's clock names no time zone, so it stays text. */
const rawOf = (
  channelId: ChannelId,
  { date, time }: StatReq,
  channel: ChannelStatus,
): Readonly<Record<string, string>> => {
  const { serial, drug, concentration, concentrationUnit } = channel
  const digits = (name: 'target' | 'infused' | 'remaining' | 'rate' | 'bolus' | 'bolusTotal'): string => {
    const field = channel[name]
    return isMalformed(field) ? field.raw : String(field ?? '')
  }
  const raw = {
    pumpClock: `${date} ${time}`,
    channel: channelId,
    channelSerial: serial,
    drug,
    concentration: concentration === '0' ? '' : `${concentration} ${concentrationUnit}`,
    target: digits('target'),
    infused: digits('infused'),
    remaining: digits('remaining'),
    rate: digits('rate'),
    bolus: digits('bolus'),
    bolusTotal: digits('bolusTotal'),
    time: channel.time,
  }
  const told = Object.entries(raw).map(([name, value]) => [name, value.trim().slice(0, 256)] as const)
  return Object.fromEntries(told.filter(([, value]) => value !== ''))
}
