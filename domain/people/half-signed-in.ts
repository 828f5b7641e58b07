import { z } from 'zod'

/** What can be shown as the second factor. */
export const SecondWay = z.enum(['totp', 'passkey', 'recovery'])
export type SecondWay = z.infer<typeof SecondWay>

/** The password was right. `needs` says what is missing; `ways`: what she has. */
export const HalfSignedIn = z.object({ needs: z.enum(['factor', 'enrol']), ways: z.array(SecondWay) })
export type HalfSignedIn = z.infer<typeof HalfSignedIn>
