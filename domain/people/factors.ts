import { z } from 'zod'

/**
 * What somebody proved who she is with. A passkey is checked with the person's finger, face or PIN: it counts as both, and so does `sso`: the provider has
 * told that it asked for a second factor.
 */
export const Factor = z.enum(['password', 'totp', 'passkey', 'recovery', 'sso'])
export type Factor = z.infer<typeof Factor>

/** A fresh proof of who is signed in already, for acts that ask for one. */
export const ProofBody = z.discriminatedUnion('way', [
  z.strictObject({ way: z.literal('password'), password: z.string().min(1).max(256) }),
])
export type ProofBody = z.infer<typeof ProofBody>
