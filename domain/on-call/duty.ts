import { z } from 'zod'
import { Person } from '../live/views.ts'

/** A team of nurses that shares its patients' alarms and one on-call schedule. */
export const TeamId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 - and start with a letter or digit')
  .brand<'TeamId'>()
export type TeamId = z.infer<typeof TeamId>

/** Everybody without a team of their own. It always exists. */
export const defaultTeam: TeamId = TeamId.parse('all')

/** In the order in which they are asked. */
export const DutyPlace = z.enum(['primary', 'backup', 'lead'])
export type DutyPlace = z.infer<typeof DutyPlace>

/** Who is asked for a team's alarms at one moment. Null: nobody, which is an alarm of its own (`rota-gap`). */
export const Duty = z.object({
  teamId: TeamId,
  primary: Person.nullable(),
  backup: Person.nullable(),
  lead: Person.nullable(),
})
export type Duty = Readonly<z.infer<typeof Duty>>
