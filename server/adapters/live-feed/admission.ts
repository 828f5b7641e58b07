import type { IncomingMessage } from 'node:http'
import type { Accounts, Identity } from '#server/core/accounts.ts'
import type { OpenScreens } from '#server/core/open-screens.ts'
import { fromOwnPage } from '#server/core/origins.ts'
import { may } from '#server/core/permissions.ts'
import { readSessionCookie } from '#server/core/session-cookie.ts'

export type Refusal = 'refused-origin' | 'refused-session' | 'refused-role' | 'refused-screens'

export type Admission = { readonly identity: Identity } | { readonly refusal: Refusal }

/** Origin allow-list and session, before the upgrade: `cors.origin` alone lets a foreign page connect by web socket. */
export const admit = async (
  request: IncomingMessage,
  accounts: Pick<Accounts, 'authenticate' | 'hashOf'>,
  origins: readonly string[],
  screens: Pick<OpenScreens, 'isShut'>,
): Promise<Admission> => {
  const site = request.headers['sec-fetch-site']
  const fetchSite = Array.isArray(site) ? 'several' : site
  if (!fromOwnPage({ origin: request.headers.origin, fetchSite }, origins)) return { refusal: 'refused-origin' }
  // A page calls again by itself, however long nobody has touched it.
  const sessionId = readSessionCookie(request.headers.cookie)
  if (sessionId !== null && screens.isShut(accounts.hashOf(sessionId))) return { refusal: 'refused-screens' }
  const identity = sessionId === null ? null : await accounts.authenticate(sessionId, Infinity)
  if (identity === null) return { refusal: 'refused-session' }
  return may(identity.role, 'live.view') ? { identity } : { refusal: 'refused-role' }
}
