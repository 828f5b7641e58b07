import type { Instant } from '#domain/time.ts'

/** Who the provider says somebody is. `issuer` and `subject` together are the person; a name or an address never is. */
export interface ProviderClaims {
  readonly issuer: string
  readonly subject: string
  /** What she is called there; null: it does not say. */
  readonly name: string | null
  readonly groups: readonly string[]
  readonly acr: string | null
  readonly amr: readonly string[]
  /** When she last proved there who she is; null: it does not say. */
  readonly authenticatedAt: Instant | null
}

/** What proves that an answer of the provider belongs to this question; kept on the server. */
export interface ProviderChecks {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** She is to prove there anew who she is, although she is signed in: the answer has to say when. */
  readonly anew: boolean
}

/** `unavailable`: it does not answer in time. `refused`: its answer proves nothing, whatever it says. */
export type ProviderFault = 'unavailable' | 'refused'

/** OpenID Connect, authorization code with PKCE (decision 0035). */
export interface IdentityProvider {
  /** Where the browser goes. */
  begin(
    redirectUri: string,
    anew: boolean,
  ): Promise<ProviderFault | { readonly url: string; readonly checks: ProviderChecks }>
  /** `callback`: the whole address that the browser came back with. */
  finish(callback: string, checks: ProviderChecks): Promise<ProviderFault | ProviderClaims>
}
