import { z } from 'zod'
import { Person } from '../live/views.ts'
import { TeamId } from './duty.ts'
import { Rota } from './rota.ts'

/** A team as leads and administrators see it. */
export const TeamView = z.object({
  teamId: TeamId,
  name: z.string(),
  members: z.array(Person),
  /** Counts the changes of the rota; 0: it has none. */
  rotaVersion: z.int().nonnegative(),
})
export type TeamView = Readonly<z.infer<typeof TeamView>>

export const TeamName = z.string().trim().min(1).max(64)

export const RotaBody = z.strictObject({ expectedVersion: z.int().nonnegative(), rota: Rota })
export const RotaAnswer = z.object({
  teamId: TeamId,
  version: z.int().nonnegative(),
  /** Null: the team has none yet. */
  rota: Rota.nullable(),
  changedBy: Person.nullable(),
  changedAt: z.int().nullable(),
  serverTime: z.int(),
})
