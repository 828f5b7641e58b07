import type { FleetMember } from '#test/support/system.ts'

const wires = ['serial', 'serial', 'serial', 'tcp', 'tcp', 'mqtt', 'mqtt', 'mqtt'] as const

export const spokenPump = (id: string, wire: FleetMember['wire']): FleetMember => ({
  id,
  protocol: wire === 'mqtt' ? 'mqtt-json' : 'ip1',
  wire,
})

/** Eight pumps that speak by themselves: what a hub has to ask for comes up to its interval later. */
export const spokenPumps = (prefix: string): readonly FleetMember[] =>
  wires.map((wire, nth) => spokenPump(`${prefix}${nth}`, wire))
