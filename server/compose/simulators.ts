import type { Clock } from '#domain/time.ts'
import { simulatorControl } from '../adapters/simulator-control.ts'
import type { Enrolment } from '../core/enrolment.ts'
import type { HubRegistry } from '../core/ports.ts'
import { SimulatedFleet } from '../core/simulated-fleet.ts'
import { SimulatorDesk, type SimulatorDeskDependencies } from '../core/simulator-desk.ts'

export interface SimulatorParts extends Pick<SimulatorDeskDependencies, 'picture' | 'accounts' | 'scheduler'> {
  readonly hubs: Pick<HubRegistry, 'hubs' | 'revoke'>
  readonly enrolment: Pick<Enrolment, 'createClaim'>
  readonly origins: () => readonly string[]
  readonly clock: Clock
}

/** Null: no control port of simulators is configured. */
export const openSimulators = (controlUrl: string | null, parts: SimulatorParts): SimulatorDesk | null => {
  if (controlUrl === null) return null
  const { hubs, enrolment, origins, clock, ...rest } = parts
  const control = simulatorControl(controlUrl)
  const fleet = new SimulatedFleet({
    control,
    hubs,
    createClaim: (name, by) => enrolment.createClaim({ name }, by),
    clock,
    origin: () => origins()[0] ?? '',
  })
  return new SimulatorDesk({ ...rest, control, fleet, hubs: () => hubs.hubs() })
}
