import { z } from 'zod'
import { PumpId } from '../ids.ts'
import { TeamId } from '../on-call/duty.ts'
import { Assignment, AssignmentDetails, Phone } from './assignment.ts'

// Bodies of /api/v1/assignments. The telephone number travels by its own request only, so that it is read when it is needed.

const ShownDetails = AssignmentDetails.omit({ phone: true }).extend({
  /** Whether there is a number to ask for. */
  hasPhone: z.boolean(),
})

export const AssignmentView = Assignment.extend({ details: ShownDetails.nullable() })
export type AssignmentView = Readonly<z.infer<typeof AssignmentView>>

export const AssignmentList = z.object({ assignments: z.array(AssignmentView), serverTime: z.int() })
export const AssignmentAnswer = z.object({ assignment: AssignmentView, serverTime: z.int() })
export const PhoneAnswer = z.object({ phone: Phone.nullable(), serverTime: z.int() })

const expectedVersion = z.int().nonnegative()

/** `expectedVersion` 0: nothing was known of the pump. A phone that is left out stays as it is. */
export const AssignmentBody = AssignmentDetails.extend({ expectedVersion, phone: Phone.nullable().optional() })
export type AssignmentBody = Readonly<z.infer<typeof AssignmentBody>>
export const EndAssignmentQuery = z.strictObject({ expectedVersion: z.coerce.number().int().nonnegative() })

/** Of many pumps at once nothing but the team is changed: all of them, or none. */
export const TeamAssignment = z.strictObject({
  teamId: TeamId,
  pumps: z
    .array(z.strictObject({ pumpId: PumpId, expectedVersion }))
    .min(1)
    .max(200)
    .refine((pumps) => new Set(pumps.map(({ pumpId }) => pumpId)).size === pumps.length, 'names a pump twice'),
})
export type TeamAssignment = Readonly<z.infer<typeof TeamAssignment>>
/** The pumps that have another team now. */
export const TeamAssigned = z.object({ changed: z.array(PumpId), serverTime: z.int() })
export type TeamAssigned = Readonly<z.infer<typeof TeamAssigned>>

export const assignmentView = ({ details, ...stretch }: Assignment): AssignmentView => {
  if (details === null) return { ...stretch, details: null }
  const { phone, ...shown } = details
  return { ...stretch, details: { ...shown, hasPhone: phone !== null } }
}
