import { z } from 'zod'
import { TeamId } from '#domain/on-call/duty.ts'
import { personRoles } from '#domain/people/person-roles.ts'
import type { Secret } from '#domain/secret.ts'
import type { SsoPolicy } from '../core/single-sign-on.ts'
import { secret, setting, text } from './setting-types.ts'

export interface OidcConfig {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: Secret | null
  readonly label: string
  readonly scopes: string
  readonly groupsClaim: string
  readonly policy: SsoPolicy
}

const issuer = text.refine((value) => {
  const url = URL.parse(value)
  const isHere = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  return url !== null && (url.protocol === 'https:' || isHere) && url.search === '' && url.hash === ''
}, 'must be an https URL')
const words = text.transform((value) => value.split(',').map((part) => part.trim())).pipe(z.array(text).max(20))
const pairs = text
  .transform((value) => value.split(',').map((part) => part.trim().split('=')))
  .pipe(z.array(z.tuple([text, text], 'must be group=name, comma separated')).max(100))

/** Its keys of the environment. */
export const oidcEnvironment = {
  OIDC_ISSUER: setting(issuer, {
    description:
      'Identity provider (OpenID Connect) that people may sign in with, as it names itself. Not set: names and passwords alone.',
  }),
  OIDC_CLIENT_ID: setting(text, { description: 'What this server is called at the provider.' }),
  OIDC_CLIENT_SECRET: setting(secret, {
    description: 'Its secret there. Not set: a public client, which PKCE alone protects.',
    secret: true,
  }),
  OIDC_LABEL: setting(text.max(40), { description: 'What the button says.', default: 'Single sign-on' }),
  OIDC_SCOPES: setting(text, { description: 'Scopes that are asked for.', default: 'openid profile' }),
  OIDC_ACR: setting(words, {
    description:
      'Values of `acr` with which the provider says that it asked for a second factor, comma separated; they are asked for, too. This or OIDC_AMR is needed.',
  }),
  OIDC_AMR: setting(words, { description: 'Values of `amr` that say the same, such as mfa,hwk,otp.' }),
  OIDC_GROUPS_CLAIM: setting(text, { description: 'Claim with the groups of a person.', default: 'groups' }),
  OIDC_ROLES: setting(pairs, {
    description:
      'Groups that make somebody something here, first match first: ward-nurses=nurse,ward-leads=lead. Accounts are made and changed by it at each sign-in. Not set: an administrator makes them and sends a link.',
  }),
  OIDC_TEAMS: setting(pairs, {
    description: 'Groups and the teams here, such as ward-north=north. Goes with OIDC_ROLES.',
  }),
}

interface OidcEnvironment {
  readonly OIDC_ISSUER?: string | undefined
  readonly OIDC_CLIENT_ID?: string | undefined
  readonly OIDC_CLIENT_SECRET?: Secret | undefined
  readonly OIDC_LABEL?: string | undefined
  readonly OIDC_SCOPES?: string | undefined
  readonly OIDC_ACR?: readonly string[] | undefined
  readonly OIDC_AMR?: readonly string[] | undefined
  readonly OIDC_GROUPS_CLAIM?: string | undefined
  readonly OIDC_ROLES?: readonly (readonly [string, string])[] | undefined
  readonly OIDC_TEAMS?: readonly (readonly [string, string])[] | undefined
}

/** Null: none is configured. What is wrong is added to `problems`. */
export const oidcOf = (e: OidcEnvironment, problems: string[]): OidcConfig | null => {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = e
  if (issuer === undefined) {
    const stray = Object.entries(e).find(([key, value]) => key.startsWith('OIDC_') && value !== undefined)
    if (stray !== undefined) problems.push(`${stray[0]}: goes with OIDC_ISSUER only`)
    return null
  }
  if (clientId === undefined) problems.push('OIDC_CLIENT_ID: is missing although OIDC_ISSUER is given')
  if (e.OIDC_ACR === undefined && e.OIDC_AMR === undefined)
    problems.push('OIDC_ACR: this or OIDC_AMR has to say which words of the provider mean a second factor')
  if (e.OIDC_TEAMS !== undefined && e.OIDC_ROLES === undefined) problems.push('OIDC_TEAMS: goes with OIDC_ROLES only')
  const roles = (e.OIDC_ROLES ?? []).flatMap(([group, name]) => {
    const role = personRoles.find((one) => one === name)
    if (role === undefined) problems.push(`OIDC_ROLES: "${name}" is none of ${personRoles.join(', ')}`)
    return role === undefined ? [] : [[group, role] as const]
  })
  const teams = (e.OIDC_TEAMS ?? []).flatMap(([group, name]) => {
    const team = TeamId.safeParse(name)
    if (!team.success) problems.push(`OIDC_TEAMS: "${name}" cannot be a team`)
    return team.success ? [[group, team.data] as const] : []
  })
  return {
    issuer,
    clientId: clientId ?? '',
    clientSecret: e.OIDC_CLIENT_SECRET ?? null,
    label: e.OIDC_LABEL ?? 'Single sign-on',
    scopes: e.OIDC_SCOPES ?? 'openid profile',
    groupsClaim: e.OIDC_GROUPS_CLAIM ?? 'groups',
    policy: { acr: e.OIDC_ACR ?? [], amr: e.OIDC_AMR ?? [], roles, teams },
  }
}
