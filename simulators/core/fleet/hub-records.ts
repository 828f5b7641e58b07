import { ChannelId, EpisodeId, PumpId, type BootId } from '#domain/ids.ts'
import type { PumpReport } from '#domain/uplink/envelope.ts'
import type { Condition } from '#domain/uplink/records.ts'
import type { NewRecord } from '../hub/record-bodies.ts'
import { sampleOf } from '../mqtt-json/twin.ts'
import { alarmBehaviour, type ModelAlarm } from '../pump-alarms.ts'
import { runs } from '../pump-state.ts'
import type { FleetPump } from './fleet-pump.ts'
import type { Said } from './said.ts'

const channelId = ChannelId.parse('1')

const conditionOf = (
  bootId: BootId,
  pump: number,
  code: ModelAlarm,
  episode: number,
  phase: Condition['phase'],
): Condition => ({
  episodeId: EpisodeId.parse(`${bootId}-${pump}-${episode}`),
  code,
  vendorCode: null,
  vendorText: null,
  phase,
  state: phase === 'end' ? 'inactive' : 'active',
  inactivation: [],
  priority: alarmBehaviour[code].priority,
  prioritySource: 'pump',
  type: 'technical',
  channelId,
  startedAt: null,
  measurementStatus: ['demo'],
  experimental: false,
})

/** What a hub makes of what its pump said; null: nothing that hubs tell. */
export const recordOf = (said: Said, bootId: BootId): NewRecord | null => {
  const pumpId = PumpId.parse(said.pumpId)
  switch (said.kind) {
    case 'sample':
      return { lane: 'telemetry', kind: 'telemetry', pumpId, body: sampleOf(said.reading, said.pumpId) }
    case 'alarm': {
      const { pump, code, episode, raised } = said
      const body = conditionOf(bootId, pump, code, episode, raised ? 'start' : 'end')
      return { lane: 'alarm', kind: 'condition', pumpId, body }
    }
    case 'event': {
      const { event, detail } = said
      return { lane: 'alarm', kind: 'event', pumpId, body: { event, detail, measurementStatus: ['demo'] } }
    }
    case 'act':
    case 'delivery':
      return null
  }
}

/** Entries of the full list of one pump. */
export const activeConditions = (pump: FleetPump, index: number, bootId: BootId): readonly Condition[] =>
  [...pump.alarms].map(([code, { episode }]) => conditionOf(bootId, index, code, episode, 'continue'))

/** Between deliveries a pump is off, and its hub knows: nobody waits for it, so its silence is no alarm. */
export const reportOf = (pump: FleetPump, silentMs: number, statusIntervalMs: number): PumpReport => {
  const isOn = pump.state.activity !== 'off'
  return {
    pumpId: PumpId.parse(pump.id),
    port: 'fleet',
    protocol: 'mqtt-json',
    link: isOn ? 'up' : 'listening',
    silentMs: isOn ? silentMs : null,
    statusIntervalMs: Math.max(1, Math.round(statusIntervalMs)),
    maker: 'Simulated',
    model: pump.therapy,
    firmware: null,
    serial: pump.id,
    experimental: false,
    simulated: true,
  }
}

export const isDelivering = (pump: FleetPump): boolean => runs(pump.state.activity)
