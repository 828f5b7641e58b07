/** Who the provider says somebody is. `issuer` and `subject` together are the person; a name or an address never is. */
export interface ProviderClaims {
  readonly issuer: string
  readonly subject: string
  /** What she is called there; null: it does not say. */
  readonly name: string | null
  readonly groups: readonly string[]
  readonly acr: string | null
  readonly amr: readonly string[]
}

/** What proves that an answer of the provider belongs to this question; kept on the server. */
export interface ProviderChecks {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

/** `unavailable`: it does not answer in time. `refused`: its answer proves nothing, whatever it says. */
export type ProviderFault = 'unavailable' | 'refused'

/** OpenID Connect, authorization code with PKCE (decision 0035). */
export interface IdentityProvider {
  /** Where the browser goes. */
  begin(redirectUri: string): Promise<ProviderFault | { readonly url: string; readonly checks: ProviderChecks }>
  /** `callback`: the whole address that the browser came back with. */
  finish(callback: string, checks: ProviderChecks): Promise<ProviderFault | ProviderClaims>
}
