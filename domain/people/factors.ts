import { z } from 'zod'
import { passwordLength } from './password-length.ts'

/**
 * What somebody proved who she is with. A passkey is checked with the person's finger, face or PIN: it counts as both, and so does `sso`: the provider has
 * told that it asked for a second factor.
 */
export const Factor = z.enum(['password', 'totp', 'passkey', 'recovery', 'sso'])
export type Factor = z.infer<typeof Factor>

/** Why a new password is not taken. `about-you`: little more than the name, the product or the site. */
export const PasswordFault = z.enum(['too-short', 'too-long', 'common', 'about-you', 'same'])
export type PasswordFault = z.infer<typeof PasswordFault>

const Password = z.string().min(1).max(passwordLength.most)
/** Six digits, as typed: apps show them in two groups. */
const TotpCode = z
  .string()
  .max(64)
  .transform((typed) => typed.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/))
/** Sixteen letters and digits, as typed. */
const RecoveryCode = z
  .string()
  .max(64)
  .transform((typed) => typed.replaceAll(/[\s-]/g, '').toUpperCase())
  .pipe(z.string().regex(/^[0-9A-Z]{16}$/))

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/)

/** What is needed of `PublicKeyCredential.toJSON()` of a sign-in: browsers add fields as they learn, and the page leaves those out. */
export const PasskeyAnswer = z.strictObject({
  id: base64url.max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
  response: z.strictObject({
    clientDataJSON: base64url.max(4096),
    authenticatorData: base64url.max(4096),
    signature: base64url.max(4096),
    userHandle: base64url.max(256).nullish(),
  }),
})
export type PasskeyAnswer = z.infer<typeof PasskeyAnswer>

/** The same of a registration. */
export const NewPasskeyAnswer = z.strictObject({
  id: base64url.max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
  response: z.strictObject({
    clientDataJSON: base64url.max(4096),
    attestationObject: base64url.max(32_768),
    transports: z.array(z.string().max(32)).max(8).optional(),
  }),
})
export type NewPasskeyAnswer = z.infer<typeof NewPasskeyAnswer>

const byTotp = z.strictObject({ way: z.literal('totp'), code: TotpCode })
const byPasskey = z.strictObject({ way: z.literal('passkey'), answer: PasskeyAnswer })
const byRecovery = z.strictObject({ way: z.literal('recovery'), code: RecoveryCode })
const byPassword = z.strictObject({ way: z.literal('password'), password: Password })

/** After the password. */
export const SecondBody = z.discriminatedUnion('way', [byTotp, byPasskey, byRecovery])
export type SecondBody = z.infer<typeof SecondBody>

/** A fresh proof of who is signed in already, for acts that ask for one. */
export const ProofBody = z.discriminatedUnion('way', [byPassword, byTotp, byPasskey])
export type ProofBody = z.infer<typeof ProofBody>

export const PasskeyName = z.string().trim().min(1).max(64)
export const PasskeyNameBody = z.strictObject({ name: PasskeyName })
export const PasskeyView = z.object({
  credentialId: z.string(),
  name: z.string(),
  addedAt: z.int(),
  usedAt: z.int().nullable(),
})
export type PasskeyView = z.infer<typeof PasskeyView>

/** An administrator took away what she had; `by` is a name. */
export const FactorReset = z.object({ at: z.int(), by: z.string(), reason: z.string() })
export type FactorReset = z.infer<typeof FactorReset>

/** How somebody can prove who she is. */
export const FactorsView = z.object({
  password: z.boolean(),
  /** Since when; null: no app. */
  totpSince: z.int().nullable(),
  passkeys: z.array(PasskeyView),
  recoveryLeft: z.int().nonnegative(),
  /** Since which she has set up nothing; null: there is none. */
  reset: FactorReset.omit({ reason: true }).nullable(),
  /** False: a demonstration's account, which may go without. */
  required: z.boolean(),
  /** ms. */
  serverTime: z.int(),
})
export type FactorsView = z.infer<typeof FactorsView>

export const NewTotp = z.object({ secret: z.string(), uri: z.string() })
export type NewTotp = z.infer<typeof NewTotp>
export const TotpBody = z.strictObject({ code: TotpCode })

/** What the browser needs for a passkey, as `PublicKeyCredential.parse…OptionsFromJSON` takes it. */
export const PasskeyOptions = z.record(z.string(), z.unknown())
export const NewPasskeyBody = z.strictObject({ name: PasskeyName, answer: NewPasskeyAnswer })

/** Codes are shown once: null, if there are some already. */
export const Enrolled = z.object({ recoveryCodes: z.array(z.string()).nullable() })
export type Enrolled = z.infer<typeof Enrolled>

export const NewPasswordBody = z.strictObject({ current: Password, next: z.string().max(1024) })
