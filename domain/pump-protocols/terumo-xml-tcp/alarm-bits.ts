import { catalogue } from '../../alarm/catalogue.ts'
import type { AlarmCode, Priority } from '../../alarm/codes.ts'
import type { ChannelId } from '../../ids.ts'
import type { ReportedAlarm } from '../profile.ts'

/** Which of the two families the alarm bits belong to; the wire does not say. */
export type TerumoModel = 'ss' | 'lf'

interface Meaning {
  readonly code: AlarmCode
  readonly name: string
  readonly priority?: Priority
}

/** Syringe pumps TE-SS (terumo-xml-tcp.md 6). A bit that is not here is reserved: shown raw, no alarm. */
const syringePump: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [0, { code: 'device-text', name: 'shutdown notice', priority: 'high' }],
  [1, { code: 'device-text', name: 'link interruption' }],
  [2, { code: 'infusion-complete', name: 'completion' }],
  // the protocol does not tell the side
  [3, { code: 'occlusion-unspecified', name: 'occlusion' }],
  [4, { code: 'set-not-seated', name: 'syringe displaced' }],
  [5, { code: 'set-not-seated', name: 'plunger displaced' }],
  [6, { code: 'set-not-seated', name: 'slider displaced' }],
  [7, { code: 'set-not-seated', name: 'barrel detection' }],
  [8, { code: 'reservoir-low', name: 'nearly empty' }],
  [13, { code: 'device-text', name: 'power failure', priority: 'high' }],
  [15, { code: 'mains-lost', name: 'AC power detector' }],
  [16, { code: 'device-text', name: 'no flow rate' }],
  [17, { code: 'device-text', name: 'rate or target judgment' }],
  [18, { code: 'device-text', name: 'no target' }],
  [19, { code: 'battery-low', name: 'battery' }],
  [20, { code: 'paused-too-long', name: 'start reminder' }],
  [21, { code: 'device-text', name: 'pressure' }],
  [22, { code: 'maintenance-due', name: 'maintenance timer' }],
  [23, { code: 'battery-fault', name: 'battery replacement or failure' }],
])

/** Volumetric pumps TE-LF: no bit has a known meaning, and the syringe pumps' names would misname air and door. */
const volumetricPump = (bit: number): Meaning => ({
  code: 'device-text',
  name: `LF alarm bit ${bit}`,
  priority: 'high',
})

const meaningOf = (model: TerumoModel, bit: number): Meaning | null =>
  model === 'ss' ? (syringePump.get(bit) ?? null) : volumetricPump(bit)

export const bitsOf = (alarmBits: number): readonly number[] =>
  Array.from({ length: 24 }, (_, bit) => bit).filter((bit) => (alarmBits & (1 << bit)) !== 0)

/** What the set bits say, lowest first; each stays an alarm of its own. */
export const alarmsOf = (model: TerumoModel, alarmBits: number, channelId: ChannelId): readonly ReportedAlarm[] =>
  bitsOf(alarmBits).flatMap((bit) => {
    const meaning = meaningOf(model, bit)
    if (meaning === null) return []
    const { code, name, priority } = meaning
    const told: ReportedAlarm = { code, channelId, vendorCode: `bit ${bit}`, vendorText: name, priority: null }
    return [priority === undefined ? told : { ...told, profilePriority: priority }]
  })

export const stopsDelivery = ({ code }: Pick<ReportedAlarm, 'code'>): boolean =>
  ['stopped', 'stopped-as-planned', 'usually-stopped'].includes(catalogue[code].delivery)
