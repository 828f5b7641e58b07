import { z } from 'zod'
import { SimulatorError } from '../core/errors.ts'
import type { Pardon } from '../core/oracle/compare-silence.ts'

const Status = z.object({
  hubId: z.string(),
  stalls: z.object({ newest: z.array(z.object({ from: z.number(), until: z.number(), ms: z.number() })) }),
})

/** A hub's id, and when it stood still itself, from its status page. Rejects with `SIM_SERVER_REFUSED`. */
export const hubPardons = async (url: string): Promise<readonly [hubId: string, readonly Pardon[]]> => {
  const reply = await fetch(`${url}/status`, { signal: AbortSignal.timeout(10_000) }).catch((cause: unknown) => {
    throw new SimulatorError('SIM_SERVER_REFUSED', `${url} cannot be reached.`, { cause })
  })
  const status = Status.safeParse(await reply.json().catch(() => null))
  if (!status.success) throw new SimulatorError('SIM_SERVER_REFUSED', `${url} is no status page of a paired hub.`)
  return [status.data.hubId, status.data.stalls.newest]
}
