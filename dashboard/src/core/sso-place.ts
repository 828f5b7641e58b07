import type { SsoRefusal } from '#domain/people/single-sign-on.ts'

const refusals: readonly SsoRefusal[] = [
  'unavailable',
  'refused',
  'over',
  'no-second-factor',
  'no-account',
  'disabled',
  'name-taken',
  'somebody-else',
  'not-anew',
]

/** Where the server sends somebody whom the provider has vouched for: she has signed in just now. */
export const ssoDone = '#/sso/done'

/** Why somebody who comes back from the provider is not let in; null: the address is another one. */
export const ssoRefusalIn = (hash: string): SsoRefusal | null =>
  refusals.find((refusal) => hash === `#/sso/${refusal}`) ?? null
