import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AuditPage } from '#domain/audit/api.ts'
import { Me, Problem } from '#domain/live/api.ts'
import { InvitationLink, PeopleList } from '#domain/people/people-api.ts'
import { ProofWays, SignInWays, SsoBegun } from '#domain/people/single-sign-on.ts'
import { freePort } from '#test/support/free-port.ts'
import { HandMadeProvider } from '#test/support/hand-made-provider.ts'
import type { Forged } from '#test/support/hand-made-provider.ts'
import { startHouseProvider } from '#test/support/house-provider.ts'
import { enrolByApp } from '#test/support/second-factor.ts'
import { openTwoTeamServer } from '#test/support/two-team-server.ts'
import type { TwoTeamServer } from '#test/support/two-team-server.ts'

// Signing in by a provider, against a certified one and against one that signs what it is told to.

const mfa = { acr: 'mfa' }
const client = { OIDC_CLIENT_ID: 'infusion-watch', OIDC_ACR: 'mfa', OIDC_AMR: 'hwk', OIDC_LABEL: 'House account' }

interface Back {
  /** What the page is told. */
  readonly place: string
  /** The `Cookie` header of the session; null: there is none. */
  readonly session: string | null
}

const cookieOf = (answer: Response, name: string): string | null =>
  answer.headers
    .getSetCookie()
    .find((set) => set.startsWith(`${name}=`) && !set.includes('Max-Age=0'))
    ?.split(';')[0] ?? null

const browserOf = (under: TwoTeamServer) => {
  const back = async (flow: string | null, query: URLSearchParams): Promise<Back> => {
    const answer = await fetch(`${under.server.url}/api/v1/sso/callback?${query.toString()}`, {
      redirect: 'manual',
      headers: flow === null ? {} : { cookie: flow },
    })
    expect(answer.status).toBe(303)
    return { place: answer.headers.get('location') ?? '', session: cookieOf(answer, '__Host-sid') }
  }
  return {
    back,
    async begin(invitation: string | null = null): Promise<{ readonly url: string; readonly flow: string }> {
      const answer = await under.call(null, 'POST', '/api/v1/sso', { invitation })
      if (!answer.ok) throw new Error(await answer.text())
      const { url } = SsoBegun.parse(await answer.json())
      return { url, flow: cookieOf(answer, '__Host-sso') ?? '' }
    },
    async prove(session: string): Promise<{ readonly url: string; readonly flow: string }> {
      const answer = await under.call(session, 'POST', '/api/v1/session/proof/sso')
      if (!answer.ok) throw new Error(await answer.text())
      const { url } = SsoBegun.parse(await answer.json())
      return { url, flow: cookieOf(answer, '__Host-sso') ?? '' }
    },
    async me(session: string | null): Promise<Me> {
      return Me.parse(await (await under.call(session, 'GET', '/api/v1/me')).json())
    },
    async invite(userId: string): Promise<string> {
      const answer = await under.call(await under.session('admin'), 'POST', `/api/v1/people/${userId}/invitation`, {})
      return (
        InvitationLink.parse(await answer.json())
          .link.split('/')
          .at(-1) ?? ''
      )
    },
  }
}

describe('a certified provider', () => {
  it('lets somebody in by code, PKCE, state and nonce, whose account was linked by an invitation', async () => {
    const port = await freePort()
    const secrets = { clientId: 'infusion-watch', clientSecret: 'a secret of the house', subject: 'maja-at-the-house' }
    const redirectUri = `http://localhost:${port}/api/v1/sso/callback`
    await using provider = await startHouseProvider({ ...secrets, redirectUri })
    await using under = await openTwoTeamServer({
      ...client,
      PORT: String(port),
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_SECRET: secrets.clientSecret,
    })
    const browser = browserOf(under)
    const unknown = await browser.begin()
    const first = await browser.back(unknown.flow, (await provider.visit(unknown.url)).searchParams)
    expect(first).toEqual({ place: '/#/sso/no-account', session: null })

    const invited = await browser.begin(await browser.invite('u-nurse-north'))
    const linked = await browser.back(invited.flow, (await provider.visit(invited.url)).searchParams)
    expect(linked.place).toBe('/#/sso/done')
    expect((await browser.me(linked.session)).userId).toBe('u-nurse-north')

    const from = performance.now()
    const again = await browser.begin()
    const returned = await browser.back(again.flow, (await provider.visit(again.url)).searchParams)
    console.info(`single sign-on, there and back: ${Math.round(performance.now() - from)} ms`)
    expect((await browser.me(returned.session)).userId).toBe('u-nurse-north')

    const asked = await browser.prove(await under.session('nurse', 11 * 60_000))
    const proven = await browser.back(asked.flow, (await provider.visit(asked.url)).searchParams)
    expect(proven.place).toBe('/proven.html')
  }, 60_000)
})

const seconds = () => Math.floor(Date.now() / 1000)

describe('a provider that signs what it is told to', () => {
  let provider: HandMadeProvider
  let under: TwoTeamServer
  let browser: ReturnType<typeof browserOf>

  beforeAll(async () => {
    provider = await HandMadeProvider.start()
    under = await openTwoTeamServer({ ...client, OIDC_ISSUER: provider.issuer })
    browser = browserOf(under)
    const invited = await browser.begin(await browser.invite('u-nurse-north'))
    const query = provider.signIn(invited.url, { claims: { sub: 'maja', ...mfa } })
    expect(await browser.back(invited.flow, query)).toMatchObject({ place: '/#/sso/done' })
  }, 60_000)
  afterAll(async () => {
    await under?.[Symbol.asyncDispose]()
    await provider?.[Symbol.asyncDispose]()
  })

  const attempt = async (forged: Forged = {}, change: Record<string, string> = {}): Promise<Back> => {
    const { url, flow } = await browser.begin()
    const query = provider.signIn(url, { ...forged, claims: { sub: 'maja', ...mfa, ...forged.claims } })
    for (const [name, value] of Object.entries(change)) query.set(name, value)
    return await browser.back(flow, query)
  }
  const past = Math.floor(Date.now() / 1000) - 3600

  const ways = async (session: string) =>
    ProofWays.parse(await (await under.call(session, 'GET', '/api/v1/session/proof')).json())
  const setUp = async (session: string) => (await under.call(session, 'POST', '/api/v1/factors/totp')).status

  describe('asked for a fresh proof of somebody who is signed in', () => {
    it('asks her anew and takes its word: the session goes on under a new id, and the act is done', async () => {
      const stale = await under.session('nurse', 11 * 60_000)
      expect([await setUp(stale), await ways(stale)]).toEqual([
        403,
        { password: true, sso: 'House account', fresh: false },
      ])
      const { url, flow } = await browser.prove(stale)
      expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ prompt: 'login', max_age: '0' })
      const query = provider.signIn(url, { claims: { sub: 'maja', ...mfa, auth_time: seconds() } })
      const { place, session } = await browser.back(flow, query)
      expect(place).toBe('/proven.html')
      expect((await under.call(stale, 'GET', '/api/v1/me')).status).toBe(401)
      expect([await setUp(session ?? ''), (await ways(session ?? '')).fresh]).toEqual([200, true])
      expect(await browser.back(flow, query)).toEqual({ place: '/#/sso/over', session: null })
    })

    it.each<[string, { sub: string; acr?: string; auth_time?: number }]>([
      ['that does not say when', { sub: 'maja', ...mfa }],
      ['of a sign-in before the question', { sub: 'maja', ...mfa, auth_time: 3600 }],
      ['of somebody else', { sub: 'jonas', ...mfa, auth_time: 0 }],
      ['without a second factor', { sub: 'maja', auth_time: 0 }],
    ])('refuses an answer %s, and the session stays as it was', async (_what, { auth_time: ago, ...claims }) => {
      const stale = await under.session('nurse', 11 * 60_000)
      const { url, flow } = await browser.prove(stale)
      const when = ago === undefined ? {} : { auth_time: seconds() - ago }
      const back = await browser.back(flow, provider.signIn(url, { claims: { ...claims, ...when } }))
      expect(back).toEqual({ place: '/unproven.html', session: null })
      expect([await setUp(stale), (await ways(stale)).fresh]).toEqual([403, false])
    })

    it('is offered to nobody whose account it does not know', async () => {
      const lead = await under.session('lead')
      expect(await ways(lead)).toEqual({ password: true, sso: null, fresh: true })
      expect((await under.call(lead, 'POST', '/api/v1/session/proof/sso')).status).toBe(409)
    })
  })

  it('lets in whom it vouches for, by issuer and subject, and the page can ask how it is called', async () => {
    const { place, session } = await attempt()
    expect(place).toBe('/#/sso/done')
    expect(await browser.me(session)).toMatchObject({ userId: 'u-nurse-north', role: 'nurse' })
    const ways = await under.call(null, 'GET', '/api/v1/sign-in-ways')
    expect(SignInWays.parse(await ways.json())).toEqual({ sso: { label: 'House account' } })
  })

  it.each([
    ['another issuer', { claims: { iss: 'https://elsewhere.example' } }],
    ['another audience', { claims: { aud: 'somebody-else' } }],
    ['another nonce', { claims: { nonce: 'of-another-sign-in' } }],
    ['no signature', { header: { alg: 'none' } }],
    ['the signature of another key', { foreignKey: true }],
    ['an expiry in the past', { claims: { iat: past, exp: past + 300 } }],
    ['no subject', { claims: { sub: '' } }],
  ] satisfies readonly (readonly [string, Forged])[])('refuses an answer with %s', async (_what, forged) => {
    expect(await attempt(forged)).toEqual({ place: '/#/sso/refused', session: null })
  })

  it('refuses an answer to another question, of another provider, and none at all', async () => {
    expect(await attempt({}, { state: 'of-another-question' })).toEqual({ place: '/#/sso/refused', session: null })
    expect(await attempt({}, { iss: 'https://elsewhere.example' })).toEqual({ place: '/#/sso/refused', session: null })
    expect(await browser.back(null, new URLSearchParams({ code: 'x', state: 'y' }))).toMatchObject({
      place: '/#/sso/over',
    })
  })

  it('takes a code once, whether it comes again with the same question or with another', async () => {
    const { url, flow } = await browser.begin()
    const query = provider.signIn(url, { claims: { sub: 'maja', ...mfa } })
    expect((await browser.back(flow, query)).place).toBe('/#/sso/done')
    expect(await browser.back(flow, query)).toEqual({ place: '/#/sso/over', session: null })
    expect(await attempt({}, { code: query.get('code') ?? '' })).toEqual({ place: '/#/sso/refused', session: null })
  })

  it('lets nobody in without a second factor, without an account or with one that is disabled, and records that', async () => {
    expect(await attempt({ claims: { acr: 'password-only' } })).toMatchObject({ place: '/#/sso/no-second-factor' })
    expect(await attempt({ claims: { acr: null, amr: ['pwd'] } })).toMatchObject({ place: '/#/sso/no-second-factor' })
    expect(await attempt({ claims: { acr: null, amr: ['pwd', 'hwk'] } })).toMatchObject({ place: '/#/sso/done' })
    expect(await attempt({ claims: { sub: 'somebody' } })).toEqual({ place: '/#/sso/no-account', session: null })
    await under.people.disable('nurse')
    expect(await attempt()).toEqual({ place: '/#/sso/disabled', session: null })
    const trail = await under.call(await under.session('admin'), 'GET', '/api/v1/audit?outcome=refused')
    const rows = AuditPage.parse(await trail.json()).rows.filter(({ action }) => action === 'session.begin')
    expect(rows.map(({ actor }) => actor)).toContain('u-nurse-north')
    expect(rows.map(({ actor }) => actor)).toContain('unknown')
    await under.call(await under.session('admin'), 'PUT', '/api/v1/people/u-nurse-north/disabled', { disabled: false })
  })

  it('may change its keys: at the latest the second sign-in after that goes through', async () => {
    provider.rotate()
    await attempt()
    expect((await attempt()).place).toBe('/#/sso/done')
  })

  it('that stands still is given up, sessions go on, and the administrator with a password comes in and is recorded', async () => {
    const nurse = (await attempt()).session
    const late = await browser.begin()
    const answer = provider.signIn(late.url, { claims: { sub: 'maja', ...mfa } })
    provider.silent = true
    expect(await browser.back(late.flow, answer)).toEqual({ place: '/#/sso/unavailable', session: null })
    const begun = await under.call(null, 'POST', '/api/v1/sso', { invitation: null })
    expect([begun.status, Problem.parse(await begun.json()).code]).toEqual([503, 'provider_unavailable'])
    expect((await browser.me(nurse)).userId).toBe('u-nurse-north')

    const token = await browser.invite('u-admin-north')
    const password = 'behind glass, in the safe'
    await under.call(null, 'POST', '/api/v1/invitations/accept', { token, password })
    const glass = await under.call(null, 'POST', '/api/v1/session', { name: 'admin of north', password })
    expect(glass.status).toBe(200)
    // In with the second factor, which she sets up now.
    const ask = async (method: string, path: string, body: object | undefined, cookie: string) =>
      await under.call(cookie, method, `/api/v1/${path}`, body)
    expect(await enrolByApp(ask, glass)).toMatch(/^__Host-sid=/)
    const trail = await under.call(await under.session('admin'), 'GET', '/api/v1/audit?action=session.break-glass')
    expect(AuditPage.parse(await trail.json()).rows).toMatchObject([{ actor: 'u-admin-north' }])
  }, 60_000)
})

describe('groups of the provider', () => {
  it('make an account, its role and its teams, and take them away at the next sign-in', async () => {
    await using provider = await HandMadeProvider.start()
    await using under = await openTwoTeamServer({
      ...client,
      OIDC_ISSUER: provider.issuer,
      OIDC_ROLES: 'leads=lead,nurses=nurse',
      OIDC_TEAMS: 'north-ward=north',
    })
    const browser = browserOf(under)
    const signIn = async (groups: readonly string[], name = 'b.kern'): Promise<Back> => {
      const { url, flow } = await browser.begin()
      const claims = { sub: name, preferred_username: name, groups, ...mfa }
      return await browser.back(flow, provider.signIn(url, { claims }))
    }
    const kern = async () =>
      PeopleList.parse(
        await (await under.call(await under.session('admin'), 'GET', '/api/v1/people')).json(),
      ).people.find(({ name }) => name === 'b.kern')

    expect(await signIn(['visitors'])).toEqual({ place: '/#/sso/no-account', session: null })
    const lead = await signIn(['nurses', 'leads', 'north-ward'])
    expect((await browser.me(lead.session)).role).toBe('lead')
    expect(await kern()).toMatchObject({ role: 'lead', teamIds: ['north'], hasPassword: false })
    const nurse = await signIn(['nurses'])
    expect((await browser.me(nurse.session)).role).toBe('nurse')
    expect((await under.call(lead.session, 'GET', '/api/v1/me')).status).toBe(401)
    expect(await kern()).toMatchObject({ role: 'nurse', teamIds: [] })
    expect(await signIn([])).toEqual({ place: '/#/sso/no-account', session: null })
    expect(await signIn(['nurses'], 'Nurse of north')).toEqual({ place: '/#/sso/name-taken', session: null })
  }, 60_000)
})
