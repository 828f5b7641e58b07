import { z } from 'zod'
import { Duty, TeamId } from './duty.ts'
import { TimeZone } from './local-time.ts'
import { Reachability } from './reachability.ts'

/** Answer of `GET /api/v1/on-call`: of the asker's teams. */
export const OnCallNow = z.object({
  teams: z.array(
    z.object({
      teamId: TeamId,
      name: z.string(),
      /** Null: the team has no rota, so nobody is paged for it. */
      timeZone: TimeZone.nullable(),
      duty: Duty,
      /** When somebody else takes a place, within 8 days; server time, ms. */
      nextChangeAt: z.int().nullable(),
      /** When nobody is primary, within 8 days. */
      gaps: z.array(z.object({ from: z.int(), to: z.int() })),
    }),
  ),
  /** Names of the teams whose pumps and alarms the asker sees, beside what belongs to no team. Null: hers are all there are. */
  seesOnly: z.array(z.string()).nullable(),
  /** Leads see everybody who is on call in their teams, others themselves. */
  reachability: z.array(Reachability),
  serverTime: z.int(),
})
export type OnCallNow = Readonly<z.infer<typeof OnCallNow>>
