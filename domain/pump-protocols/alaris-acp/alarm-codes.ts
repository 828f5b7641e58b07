import type { AlarmCode } from '../../alarm/codes.ts'
import type { ChannelId } from '../../ids.ts'
import type { ReportedAlarm } from '../profile.ts'
import type { Alarm } from './messages/alarm.ts'

/** Vendor code -> code (alaris-acp.md 4); a code that is not here is shown as sent. */
const codeOf: Readonly<Record<string, AlarmCode>> = {
  // the protocol does not tell the side
  AL_OCCLU: 'occlusion-unspecified',
  AL_NEOIN: 'infusion-near-complete',
  AL_EOIST: 'infusion-complete',
  AL_VTBIS: 'infusion-complete',
  AL_EOIKV: 'kvo-active',
  AL_VTBIK: 'kvo-active',
  AL_LWBAT: 'battery-low',
  AL_LBTAC: 'battery-low',
  AL_EMBAT: 'battery-depleted',
  AL_ACDIS: 'mains-lost',
  AL_DRDIS: 'set-not-seated',
  AL_SYRCO: 'set-not-seated',
  AL_CALLB: 'paused-too-long',
  AL_FAULT: 'pump-malfunction',
  AL_COMTO: 'host-timeout',
}

/** Null when the pump says that there is none. No priority is on the wire. */
export const alarmOf = ({ code, text }: Alarm, channelId: ChannelId): ReportedAlarm | null => {
  if (code === 'AL_NOALM') return null
  const known = Object.hasOwn(codeOf, code) ? codeOf[code] : undefined
  return {
    code: known ?? 'device-text',
    channelId,
    vendorCode: code.slice(0, 64),
    vendorText: known === undefined ? `${code} ${text ?? ''}`.trim() : text,
    priority: null,
  }
}

/** The alarm flag of INF stands while ALARM names no alarm: somebody has to look at the pump. */
export const flagWithoutCode = (channelId: ChannelId): ReportedAlarm => ({
  code: 'device-text',
  channelId,
  vendorCode: 'INF flag A',
  vendorText: 'alarm flag without code',
  priority: null,
})
