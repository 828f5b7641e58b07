import { z } from 'zod'
import { UserId } from '../ids.ts'
import { Role } from '../live/views.ts'
import { TeamId } from '../on-call/duty.ts'
import { FactorReset } from './factors.ts'
import { personRoles } from './person-roles.ts'

// What administrators see and change of people: `/api/v1/people`.

export const PersonName = z.string().trim().min(1).max(64)
export const PersonRole = z.enum(personRoles)

export const PersonView = z.object({
  userId: UserId,
  name: z.string(),
  role: Role,
  disabled: z.boolean(),
  /** Those she was put into; empty: everybody's. Of a kiosk, the one whose wall it is. */
  teamIds: z.array(TeamId),
  /** False: she has not followed her link yet. */
  hasPassword: z.boolean(),
  /** What she has besides; `reset`: what she had was taken away, and she has set up nothing since. */
  factors: z.object({
    app: z.boolean(),
    passkeys: z.int().nonnegative(),
    recoveryLeft: z.int().nonnegative(),
    reset: FactorReset.nullable(),
  }),
  /** She is on call now, in some team and place, until then; null: she is not. */
  onCallUntil: z.int().nullable(),
  /** Until when her link is good; null: there is none. */
  invitedUntil: z.int().nullable(),
  /** Open sessions, and when the last of them was used. */
  sessions: z.int().nonnegative(),
  lastSeenAt: z.int().nullable(),
})
export type PersonView = Readonly<z.infer<typeof PersonView>>

export const PeopleList = z.object({
  people: z.array(PersonView),
  teams: z.array(z.object({ teamId: TeamId, name: z.string() })),
  serverTime: z.int(),
})
export type PeopleList = z.infer<typeof PeopleList>

const teamIds = z.array(TeamId).max(50)
export const NewPerson = z.strictObject({ name: PersonName, role: PersonRole, teamIds })
export type NewPerson = z.infer<typeof NewPerson>
export const RoleBody = z.strictObject({ role: PersonRole })
export const TeamsBody = z.strictObject({ teamIds })
/** Why a second factor was taken away, for the next administrator: "telephone lost". */
export const ResetReason = z.string().trim().min(1).max(200)
export const ResetFactorsBody = z.strictObject({ reason: ResetReason })
export const DisabledBody = z.strictObject({ disabled: z.boolean() })

/** The link is shown once: the server keeps a hash of what is in it. */
export const InvitationLink = z.object({ userId: UserId, link: z.string(), expiresAt: z.int() })
export type InvitationLink = z.infer<typeof InvitationLink>

const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
export const InvitationToken = z.strictObject({ token })
/** What a link is for, told to whoever has it. */
export const InvitationView = z.object({ name: z.string(), role: Role, site: z.string(), expiresAt: z.int() })
export type InvitationView = z.infer<typeof InvitationView>
export const InvitationAccept = z.strictObject({ token, password: z.string().min(1).max(256) })
