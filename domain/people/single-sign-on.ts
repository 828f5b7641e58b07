import { z } from 'zod'

/** Why somebody who comes back from the provider is not let in. It stands in the address of the sign-in page. */
export const ssoRefusals = [
  'unavailable',
  'refused',
  'over',
  'no-second-factor',
  'no-account',
  'disabled',
  'name-taken',
  'somebody-else',
  'not-anew',
] as const
export type SsoRefusal = (typeof ssoRefusals)[number]

/** How one signs in here besides name and password; `sso` null: in no other way. */
export const SignInWays = z.object({ sso: z.object({ label: z.string() }).nullable() })
export type SignInWays = z.infer<typeof SignInWays>

/** By what somebody who is signed in can prove again who she is, besides what `/factors` names. */
export const ProofWays = z.object({
  password: z.boolean(),
  /** The provider, as its button is called; null: she is not linked with one. */
  sso: z.string().nullable(),
  /** Her last proof is new enough. */
  fresh: z.boolean(),
})
export type ProofWays = z.infer<typeof ProofWays>

/** `invitation`: what stands in a link that this sign-in uses up instead of choosing a password. */
export const SsoBegin = z.strictObject({ invitation: z.string().max(64).nullable() })
/** Where the browser goes. */
export const SsoBegun = z.object({ url: z.string() })
