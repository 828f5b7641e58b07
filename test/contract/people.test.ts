import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AuditPage } from '#domain/audit/api.ts'
import { Problem } from '#domain/live/api.ts'
import { Weekday } from '#domain/on-call/local-time.ts'
import { InvitationLink, InvitationView, PeopleList } from '#domain/people/people-api.ts'
import { eventually } from '#test/support/eventually.ts'
import { LiveClient } from '#test/support/live-bench.ts'
import { enrolByApp } from '#test/support/second-factor.ts'
import { openTwoTeamServer } from '#test/support/two-team-server.ts'
import type { TwoTeamServer } from '#test/support/two-team-server.ts'

// What an administrator does to people, over HTTP and on real sockets: it holds when it is answered.

let under: TwoTeamServer
let admin: string

beforeAll(async () => {
  under = await openTwoTeamServer()
  admin = await under.session('admin')
}, 60_000)
afterAll(() => under[Symbol.asyncDispose]())

const atOnce = { within: 5000 }

const call = (method: string, path: string, body?: object, cookie: string | null = admin) =>
  under.call(cookie, method, `/api/v1/${path}`, body)
const codeOf = async (answer: Response): Promise<string> => Problem.parse(await answer.json()).code
const people = async () => PeopleList.parse(await (await call('GET', 'people')).json()).people
const named = async (name: string) => {
  const found = (await people()).find((person) => person.name === name)
  if (found === undefined) throw new Error(`nobody is named ${name}`)
  return found
}
const tokenOf = ({ link }: InvitationLink): string => link.split('/').at(-1) ?? ''
const invite = async (name: string): Promise<InvitationLink> => {
  const answer = await call('POST', 'people', { name, role: 'nurse', teamIds: ['north'] })
  if (!answer.ok) throw new Error(await answer.text())
  return InvitationLink.parse(await answer.json())
}
const accept = (token: string, password = 'a long sentence nobody else says') =>
  call('POST', 'invitations/accept', { token, password }, null)
const signIn = (name: string, password = 'a long sentence nobody else says') =>
  call('POST', 'session', { name, password }, null)
/** Signed in for the first time, with an app set up: the cookie. */
const enter = async (name: string): Promise<string> =>
  await enrolByApp(async (method, path, body, cookie) => await call(method, path, body, cookie), await signIn(name))
const follow = async (cookie: string): Promise<LiveClient> => {
  const client = new LiveClient(under.server.url, { origin: under.server.url, cookie })
  await eventually(() => client.socket.connected)
  client.hello(null)
  await eventually(() => client.snapshots.length > 0)
  return client
}
const accountOf = async (name: string) => {
  const invited = await invite(name)
  await accept(tokenOf(invited))
  return { userId: invited.userId, cookie: await enter(name) }
}
const isGone = (client: LiveClient) => eventually(() => client.sessionEnded && client.disconnected !== null, atOnce)

describe('an invitation', () => {
  it('makes an account that only whoever has the link can begin to use, once', async () => {
    const invited = await invite('t.haas')
    expect(invited.link).toMatch(/^http:\/\/localhost:\d+\/#\/invited\/[\w-]{43}$/)
    expect(await named('t.haas')).toMatchObject({ role: 'nurse', hasPassword: false, teamIds: ['north'], sessions: 0 })
    expect((await signIn('t.haas', '!')).status).toBe(401)

    const token = tokenOf(invited)
    const look = await call('POST', 'invitations/look', { token }, null)
    expect(InvitationView.parse(await look.json())).toMatchObject({ name: 't.haas', role: 'nurse' })
    expect((await accept(token)).status).toBe(204)
    await enter('t.haas')
    expect(await named('t.haas')).toMatchObject({ hasPassword: true, invitedUntil: null, sessions: 1 })

    const again = await accept(token, 'somebody else’s password')
    expect([again.status, await codeOf(again)]).toEqual([410, 'invitation_over'])
    expect((await signIn('t.haas')).status).toBe(200)
  })

  it('that is asked for again makes the old link worthless, and so does withdrawing it or disabling the account', async () => {
    const first = await invite('k.blum')
    const second = InvitationLink.parse(await (await call('POST', `people/${first.userId}/invitation`)).json())
    expect((await accept(tokenOf(first))).status).toBe(410)
    expect((await call('DELETE', `people/${first.userId}/invitation`)).status).toBe(204)
    expect((await accept(tokenOf(second))).status).toBe(410)
    const third = InvitationLink.parse(await (await call('POST', `people/${first.userId}/invitation`)).json())
    expect((await call('PUT', `people/${first.userId}/disabled`, { disabled: true })).status).toBe(204)
    expect((await accept(tokenOf(third))).status).toBe(410)
    expect((await call('POST', 'invitations/look', { token: tokenOf(third) }, null)).status).toBe(410)
  })

  it('for somebody who has a password ends her sessions when the new one is chosen', async () => {
    const { userId, ...first } = await invite('r.voss')
    await accept(tokenOf({ userId, ...first }))
    const cookie = await enter('r.voss')
    const client = await follow(cookie)
    const reset = InvitationLink.parse(await (await call('POST', `people/${userId}/invitation`)).json())
    expect((await call('GET', 'me', undefined, cookie)).status).toBe(200)
    await accept(tokenOf(reset), 'quite another long sentence')
    await isGone(client)
    expect((await call('GET', 'me', undefined, cookie)).status).toBe(401)
    expect((await signIn('r.voss')).status).toBe(401)
  })

  it('is not for a name that is taken, nor for a wall screen', async () => {
    const taken = await call('POST', 'people', { name: 'NURSE of north', role: 'nurse', teamIds: [] })
    expect([taken.status, await codeOf(taken)]).toEqual([409, 'name_taken'])
    const kiosk = await call('POST', 'people/u-kiosk-north/invitation')
    expect([kiosk.status, await codeOf(kiosk)]).toEqual([409, 'not_for_kiosks'])
  })

  it('leaves rows in the trail, and neither its token nor a password', async () => {
    const invited = await invite('s.arndt')
    await accept(tokenOf(invited))
    const trail = await (await call('GET', `audit?object=${invited.userId}`)).text()
    const rows = AuditPage.parse(JSON.parse(trail)).rows.map(({ actor, action }) => `${actor} ${action}`)
    expect(rows.toReversed()).toEqual([
      'u-admin-north user.add',
      'u-admin-north invitation.make',
      `${invited.userId} invitation.use`,
    ])
    expect(trail).not.toContain(tokenOf(invited))
  })
})

describe('what an administrator does to somebody', () => {
  it('disabling ends her sessions at once, sockets included, and enabling lets her in again', async () => {
    const cookie = await under.session('engineer')
    const client = await follow(cookie)
    const from = performance.now()
    expect((await call('PUT', 'people/u-engineer-north/disabled', { disabled: true })).status).toBe(204)
    await isGone(client)
    console.info(`disabled person: socket gone ${Math.round(performance.now() - from)} ms after the press`)
    expect((await call('GET', 'me', undefined, cookie)).status).toBe(401)
    expect((await call('PUT', 'people/u-engineer-north/disabled', { disabled: false })).status).toBe(204)
    expect((await call('GET', 'me', undefined, cookie)).status).toBe(401)
    expect((await call('GET', 'me', undefined, await under.session('engineer'))).status).toBe(200)
  })

  it('another role ends her sessions at once, sockets included', async () => {
    const cookie = await under.session('lead')
    const client = await follow(cookie)
    expect((await call('PUT', 'people/u-lead-north/role', { role: 'engineer' })).status).toBe(204)
    await isGone(client)
    expect((await call('GET', 'me', undefined, cookie)).status).toBe(401)
    expect((await call('PUT', 'people/u-lead-north/role', { role: 'lead' })).status).toBe(204)
  })

  it('another team is another picture on the page that is open', async () => {
    const nurse = await follow(await under.session('nurse'))
    const pumps = () => nurse.snapshots.at(-1)?.pumps.map(({ pumpId }) => pumpId)
    expect(pumps()).toEqual(['PUMP-NORTH'])
    expect((await call('PUT', 'people/u-nurse-north/teams', { teamIds: ['south'] })).status).toBe(204)
    await eventually(() => pumps()?.join() === 'PUMP-SOUTH', atOnce)
    expect((await call('PUT', 'people/u-nurse-north/teams', { teamIds: ['north'] })).status).toBe(204)
    expect((await call('PUT', 'people/u-nurse-north/teams', { teamIds: ['west'] })).status).toBe(400)
  })

  it('ends one session of hers or all of them, and the trail says that it was the administrator', async () => {
    const [one, two] = [await under.session('nurse'), await under.session('nurse')]
    const clients = [await follow(one), await follow(two)]
    expect((await call('DELETE', 'people/u-nurse-north/sessions')).status).toBe(204)
    await Promise.all(clients.map(isGone))
    for (const cookie of [one, two]) expect((await call('GET', 'me', undefined, cookie)).status).toBe(401)
    const trail = AuditPage.parse(await (await call('GET', 'audit?action=session.revoke')).json()).rows
    expect(trail[0]).toMatchObject({ actor: 'u-admin-north', object: 'user:u-nurse-north' })
  })

  it('takes away the second factor of somebody on call: her sessions end, her password leads to another one, and the trail has it', async () => {
    const { userId, cookie } = await accountOf('l.brandt')
    const client = await follow(cookie)
    expect(await named('l.brandt')).toMatchObject({
      factors: { app: true, passkeys: 0, recoveryLeft: 10, reset: null },
      onCallUntil: null,
    })
    const always = { weekdays: Weekday.options, from: '00:00', to: '00:00', place: 'primary', userId }
    const rota = { timeZone: 'UTC', entries: [always], overrides: [] }
    expect((await call('PUT', 'teams/north/rota', { expectedVersion: 0, rota })).status).toBe(200)
    expect((await named('l.brandt')).onCallUntil).toBeGreaterThan(Date.now())

    const reset = (body: object, as?: string) => call('POST', `people/${userId}/reset-factors`, body, as ?? admin)
    const stale = await reset({ reason: 'telephone lost' }, await under.session('admin', 11 * 60_000))
    expect([stale.status, await codeOf(stale)]).toEqual([403, 'step_up_needed'])
    expect((await reset({ reason: ' ' })).status).toBe(400)
    expect((await call('GET', 'me', undefined, cookie)).status).toBe(200)
    expect((await reset({ reason: 'telephone lost' })).status).toBe(204)
    await isGone(client)
    expect((await call('GET', 'me', undefined, cookie)).status).toBe(401)
    const open = { at: expect.any(Number), by: 'admin of north', reason: 'telephone lost' }
    expect((await named('l.brandt')).factors).toEqual({ app: false, passkeys: 0, recoveryLeft: 0, reset: open })

    const { reason: _, ...told } = open
    expect(await (await signIn('l.brandt')).json()).toEqual({ needs: 'enrol', ways: [], reset: told })
    const again = await enter('l.brandt')
    expect((await call('GET', 'me', undefined, again)).status).toBe(200)
    expect((await named('l.brandt')).factors).toMatchObject({ app: true, recoveryLeft: 10, reset: null })
    const trail = AuditPage.parse(await (await call('GET', 'audit?action=factor.reset')).json()).rows
    expect(trail[0]).toMatchObject({ actor: 'u-admin-north', object: `user:${userId}` })
  })

  it('does not take away her own second factor, nor one of a wall screen', async () => {
    for (const [who, code] of [
      ['u-admin-north', 'own_account'],
      ['u-kiosk-north', 'not_for_kiosks'],
    ] as const) {
      const refused = await call('POST', `people/${who}/reset-factors`, { reason: 'telephone lost' })
      expect([refused.status, await codeOf(refused)]).toEqual([409, code])
    }
  })

  it('never leaves the site without an administrator, and is never done to oneself', async () => {
    for (const [path, body] of [
      ['role', { role: 'nurse' }],
      ['disabled', { disabled: true }],
    ] as const) {
      const own = await call('PUT', `people/u-admin-north/${path}`, body)
      expect([own.status, await codeOf(own)]).toEqual([409, 'own_account'])
    }
    // Invited, but without a password: nobody who could sign in.
    const second = InvitationLink.parse(
      await (await call('POST', 'people', { name: 'b.admin', role: 'admin', teamIds: [] })).json(),
    )
    expect(await under.people.disable('admin')).toBe(false)
    await accept(tokenOf(second))
    expect(await under.people.disable('admin')).toBe(true)
    expect((await call('GET', 'people')).status).toBe(401)
  })
})
