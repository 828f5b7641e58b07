import { z } from 'zod'
import { FactorReset } from './factors.ts'

/** What can be shown as the second factor. */
export const SecondWay = z.enum(['totp', 'passkey', 'recovery'])
export type SecondWay = z.infer<typeof SecondWay>

/** The password was right. `needs` says what is missing; `ways`: what she has; `reset`: why she has nothing any more. */
export const HalfSignedIn = z.object({
  needs: z.enum(['factor', 'enrol']),
  ways: z.array(SecondWay),
  reset: FactorReset.omit({ reason: true }).optional(),
})
export type HalfSignedIn = z.infer<typeof HalfSignedIn>
