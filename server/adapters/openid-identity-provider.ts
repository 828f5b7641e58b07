import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  discovery,
  enableNonRepudiationChecks,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { Configuration } from 'openid-client'
import { z } from 'zod'
import type { Secret } from '#domain/secret.ts'
import { instant } from '#domain/time.ts'
import type { Clock } from '#domain/time.ts'
import type { IdentityProvider, ProviderChecks, ProviderClaims, ProviderFault } from '../core/identity-provider.ts'
import type { Log } from '../core/log.ts'

export interface OpenidOptions {
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client, which PKCE alone protects. */
  readonly clientSecret: Secret | null
  readonly scopes: string
  /** Asked for; what came back is checked by the core. */
  readonly acr: readonly string[]
  readonly groupsClaim: string
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Log
}

const timeoutSeconds = 5
/** For the way back, with a second factor. */
const anewSeconds = 600
/** What the provider says of itself is asked for again after this. */
const keptMs = 30_000
/** After a failed attempt nobody waits for it again so soon. */
const restMs = 5_000

const texts = z.array(z.string()).catch([])
const Claims = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  acr: z.string().nullish().catch(null),
  amr: texts,
  auth_time: z.number().nonnegative().nullish().catch(null),
  preferred_username: z.string().nullish().catch(null),
  name: z.string().nullish().catch(null),
  email: z.string().nullish().catch(null),
})

/** `openid-client` in front of one provider. Nothing is asked before somebody signs in, and nothing of it is needed by anybody else. */
export const openidIdentityProvider = (options: OpenidOptions): IdentityProvider => {
  const { issuer, clientId, clientSecret, scopes, acr, groupsClaim, clock, log } = options
  let known: { readonly configuration: Configuration; readonly atMs: number } | null = null
  let failedMs = -Infinity

  const configured = async (): Promise<Configuration | null> => {
    const now = clock.monotonic()
    if (known !== null && now - known.atMs < keptMs) return known.configuration
    if (now - failedMs < restMs) return null
    try {
      const secret = clientSecret?.reveal()
      const configuration = await discovery(
        new URL(issuer),
        clientId,
        secret === undefined ? {} : { client_secret: secret },
        secret === undefined ? None() : ClientSecretBasic(secret),
        {
          timeout: timeoutSeconds,
          // Signatures of ID tokens are checked although they come by TLS. Without TLS only on this machine (server/config.ts).
          execute: [enableNonRepudiationChecks, ...(issuer.startsWith('http://') ? [allowInsecureRequests] : [])],
        },
      )
      known = { configuration, atMs: now }
      return configuration
    } catch (error) {
      failedMs = clock.monotonic()
      known = null
      log.warn({ code: codeOf(error) }, 'the identity provider could not be asked what it is')
      return null
    }
  }

  return {
    async begin(redirectUri, anew) {
      const configuration = await configured()
      if (configuration === null) return 'unavailable'
      const checks: ProviderChecks = {
        state: randomState(),
        nonce: randomNonce(),
        codeVerifier: randomPKCECodeVerifier(),
        anew,
      }
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: scopes,
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await calculatePKCECodeChallenge(checks.codeVerifier),
        code_challenge_method: 'S256',
        ...(acr.length === 0 ? {} : { acr_values: acr.join(' ') }),
        // A browser can strip `prompt`; `max_age` makes the provider say when she proved it, which is checked.
        ...(anew ? { prompt: 'login', max_age: '0' } : {}),
      })
      return { url: url.href, checks }
    },

    async finish(callback, { state, nonce, codeVerifier, anew }): Promise<ProviderFault | ProviderClaims> {
      const configuration = await configured()
      if (configuration === null) return 'unavailable'
      try {
        const tokens = await authorizationCodeGrant(configuration, new URL(callback), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          // `auth_time` has to be there; how new it is for this question, the core says.
          ...(anew ? { maxAge: anewSeconds } : {}),
        })
        const all = tokens.claims()
        const claims = Claims.parse(all)
        return {
          issuer: claims.iss,
          subject: claims.sub,
          name: claims.preferred_username ?? claims.name ?? claims.email ?? null,
          groups: texts.parse(all?.[groupsClaim]),
          acr: claims.acr ?? null,
          amr: claims.amr,
          authenticatedAt: claims.auth_time == null ? null : instant(claims.auth_time * 1000),
        }
      } catch (error) {
        // Its keys may have been changed: the next sign-in asks for them anew.
        known = null
        const code = codeOf(error)
        if (isUnreachable(error)) {
          log.warn({ code }, 'the identity provider did not answer')
          return 'unavailable'
        }
        log.warn({ code }, 'an answer of the identity provider was refused')
        return 'refused'
      }
    },
  }
}

/** Never the error whole: it may quote what the provider told of somebody. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** `fetch` itself says TypeError when there is no connection. */
const isUnreachable = (error: unknown): boolean => ['TypeError', 'OAUTH_TIMEOUT', 'OAUTH_ABORT'].includes(codeOf(error))
