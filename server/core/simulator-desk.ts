import type { Scheduler } from '#domain/time.ts'
import type { Accounts } from './accounts.ts'
import type { LivePicture } from './live-picture.ts'
import type { KnownHub } from './ports.ts'
import type { SimulatedFleet } from './simulated-fleet.ts'
import type { SimulatorControl } from './simulator-control.ts'

export interface SimulatorDeskDependencies {
  readonly control: SimulatorControl
  readonly hubs: () => Promise<readonly KnownHub[]>
  readonly picture: Pick<LivePicture, 'pumps'>
  readonly accounts: Pick<Accounts, 'recheck' | 'onSessionEnd'>
  readonly scheduler: Scheduler
  readonly fleet: SimulatedFleet
}

/** As often as a live socket's session is looked at (security.md 7 rule 4). */
const recheckEveryMs = 30_000

/** Engineers and their simulated pumps, where nothing but simulated pumps is known. */
export class SimulatorDesk {
  readonly #deps: SimulatorDeskDependencies
  readonly control: SimulatorControl
  readonly fleet: SimulatedFleet

  constructor(deps: SimulatorDeskDependencies) {
    this.#deps = deps
    this.control = deps.control
    this.fleet = deps.fleet
  }

  /** A hub that was let in and told of no pump yet may be anybody's: it counts as real. */
  async isDemonstration(): Promise<boolean> {
    const pumps = this.#deps.picture.pumps()
    if (pumps.some(({ simulated }) => !simulated)) return false
    const hubs = await this.#deps.hubs()
    return hubs.every(
      ({ hubId, state, enrolledAt }) =>
        enrolledAt === null ||
        state === 'revoked' ||
        this.fleet.has(hubId) ||
        pumps.some((pump) => pump.hubId === hubId),
    )
  }

  /** Good for as long as the session is and nothing real comes up; `end` when nobody needs it any more. */
  leave(sessionHash: string): { readonly signal: AbortSignal; readonly end: () => void } {
    const { accounts, scheduler } = this.#deps
    const leave = new AbortController()
    const again = (): (() => void) => scheduler.after(recheckEveryMs, () => void look())
    const look = async (): Promise<void> => {
      const isGood = await this.#isGood(sessionHash).catch(() => false)
      if (leave.signal.aborted) return
      if (isGood) cancel = again()
      else end()
    }
    let cancel = again()
    const stopListening = accounts.onSessionEnd((ended) => {
      if (ended === sessionHash) end()
    })
    const end = (): void => {
      cancel()
      stopListening()
      leave.abort()
    }
    return { signal: leave.signal, end }
  }

  async #isGood(sessionHash: string): Promise<boolean> {
    return (await this.#deps.accounts.recheck(sessionHash)) !== null && (await this.isDemonstration())
  }
}
