import { FleetOrder, type FleetState } from '#domain/simulators/control.ts'
import { bad, ok, unknown, type Answering } from './control.ts'

/** A fleet beside the pumps of this process: docs/simulators.md, "The control port". */
export interface ControlledFleet {
  readonly state: () => FleetState
  /** Ends the one before. */
  readonly start: (order: FleetOrder) => Promise<void>
  readonly stop: () => Promise<void>
}

const known = 'GET /fleet, POST /fleet, POST /fleet/stop'

/** Answers what is about the fleet, and hands on everything else. */
export const fleetControl =
  (fleet: ControlledFleet, next: Answering): Answering =>
  async (request) => {
    const { method, path, body } = request
    const [first, what, ...rest] = path.slice(1).split('/')
    if (first !== 'fleet') return next(request)
    if (rest.length > 0 || (what !== undefined && what !== 'stop')) return unknown(known)
    if (method === 'GET' && what === undefined) return ok(fleet.state())
    if (method !== 'POST') return unknown(known)
    if (what === 'stop') {
      await fleet.stop()
      return ok(fleet.state())
    }
    const order = FleetOrder.safeParse(body)
    if (!order.success) {
      const [issue] = order.error.issues
      return bad(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be used'}`)
    }
    await fleet.start(order.data)
    return ok(fleet.state())
  }
