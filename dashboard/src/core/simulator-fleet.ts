import type { FleetBody } from '#domain/simulators/control.ts'

// What a fleet can be, without a schema library.

export const mostFleetPumps = 5000
export const fleetMixNames = ['home', 'volumetric', 'neonatal'] as const satisfies readonly FleetBody['mix'][]
/** Virtual seconds per second. Above 1 the server sees rates and volumes that do not fit, and says so. */
export const fleetSpeeds = [1, 10, 60, 600] as const
