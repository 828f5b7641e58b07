import type { Me } from '#domain/live/api.ts'
import type { Enrolled, FactorsView, NewTotp, ProofBody, SecondBody } from '#domain/people/factors.ts'
import type { ProofWays } from '#domain/people/single-sign-on.ts'
import type { PasskeyJson } from './passkey-port.ts'

/** What the page asks about how somebody proves who she is. Decoded by code that the worker fetches with the first of them. */
export type FactorRequest =
  | { readonly what: 'prove'; readonly proof: ProofBody | PasskeyProof }
  | { readonly what: 'second'; readonly proof: SecondBody | PasskeyProof }
  | { readonly what: 'proof-ways' | 'proof-sso' }
  | { readonly what: 'passkey-options' | 'passkey-begin' }
  | { readonly what: 'passkey-sign-in'; readonly answer: PasskeyJson }
  | { readonly what: 'passkey-add'; readonly name: string; readonly answer: PasskeyJson }
  | { readonly what: 'passkey-name'; readonly credentialId: string; readonly name: string }
  | { readonly what: 'passkey-remove'; readonly credentialId: string }
  | { readonly what: 'factors' | 'totp-begin' | 'totp-remove' | 'recovery-new' }
  | { readonly what: 'totp-confirm'; readonly code: string }
  | { readonly what: 'password-change'; readonly current: string; readonly next: string }

/** What the browser gave is handed on as it is: the server judges it. */
export interface PasskeyProof {
  readonly way: 'passkey'
  readonly answer: PasskeyJson
}

export interface FactorResults {
  readonly prove: Me
  readonly 'proof-ways': ProofWays
  readonly 'proof-sso': { readonly url: string }
  readonly second: Me
  readonly 'passkey-options': PasskeyJson
  readonly 'passkey-begin': PasskeyJson
  readonly 'passkey-sign-in': Me
  readonly 'passkey-add': Enrolled
  readonly 'passkey-name': null
  readonly 'passkey-remove': null
  readonly factors: FactorsView
  readonly 'totp-begin': NewTotp
  readonly 'totp-remove': null
  readonly 'recovery-new': Enrolled
  readonly 'totp-confirm': Enrolled
  readonly 'password-change': Me
}

const factorRequests: Readonly<Record<FactorRequest['what'], true>> = {
  prove: true,
  'proof-ways': true,
  'proof-sso': true,
  second: true,
  'passkey-options': true,
  'passkey-begin': true,
  'passkey-sign-in': true,
  'passkey-add': true,
  'passkey-name': true,
  'passkey-remove': true,
  factors: true,
  'totp-begin': true,
  'totp-remove': true,
  'recovery-new': true,
  'totp-confirm': true,
  'password-change': true,
}

export const isFactorRequest = (request: { readonly what: string }): request is FactorRequest =>
  Object.hasOwn(factorRequests, request.what)
