import type { HubId } from '#domain/ids.ts'
import { hubsOfFleet, type FleetBody } from '#domain/simulators/control.ts'
import type { Person } from '#domain/live/views.ts'
import type { Clock } from '#domain/time.ts'
import type { Claim } from './enrolment.ts'
import type { HubRegistry } from './ports.ts'
import type { ControlAnswer, SimulatorControl } from './simulator-control.ts'

/** Of hubs that were let in for a fleet, also after a restart. */
const namePrefix = 'Simulated fleet '

export interface SimulatedFleetDependencies {
  readonly control: Pick<SimulatorControl, 'post'>
  readonly hubs: Pick<HubRegistry, 'hubs' | 'revoke'>
  readonly createClaim: (name: string, by: Person) => Promise<Claim>
  /** Where hubs reach this server. */
  readonly origin: () => string
  readonly clock: Clock
}

/** A fleet that an engineer begins: its hubs are let in here, and revoked when it ends, so that nobody waits for them. */
export class SimulatedFleet {
  readonly #deps: SimulatedFleetDependencies
  readonly #hubIds = new Set<HubId>()

  constructor(deps: SimulatedFleetDependencies) {
    this.#deps = deps
  }

  /** Hubs whose claims went to the simulators alone: they are of the demonstration before they tell a pump. */
  has(hubId: HubId): boolean {
    return this.#hubIds.has(hubId)
  }

  async start(by: Person, wanted: FleetBody): Promise<ControlAnswer<unknown>> {
    const { control, createClaim, origin } = this.#deps
    await this.#revoke(by)
    const claims: string[] = []
    for (let hub = 1; hub <= hubsOfFleet(wanted.pumps); hub += 1) {
      const { hubId, claimId, code } = await createClaim(`${namePrefix}${hub}`, by)
      this.#hubIds.add(hubId)
      claims.push(`${claimId}:${code}`)
    }
    return await control.post('/fleet', { ...wanted, server: origin(), claims })
  }

  async stop(by: Person): Promise<ControlAnswer<unknown>> {
    const answer = await this.#deps.control.post('/fleet/stop', {})
    await this.#revoke(by)
    return answer
  }

  async #revoke(by: Person): Promise<void> {
    const { hubs, clock } = this.#deps
    for (const { hubId, name, state } of await hubs.hubs())
      if (state === 'active' && name.startsWith(namePrefix)) await hubs.revoke(hubId, { by, at: clock.now() })
    this.#hubIds.clear()
  }
}
