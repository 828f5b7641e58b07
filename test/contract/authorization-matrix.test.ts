import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { liveRequests } from '#domain/live/messages.ts'
import type { LiveRequest } from '#domain/live/messages.ts'
import type { Role } from '#domain/live/views.ts'
import { authorizationTable, liveTable, signedByHubs, withoutEntry } from '#test/support/authorization-table.ts'
import type { Entry } from '#test/support/authorization-table.ts'
import { eventually } from '#test/support/eventually.ts'
import { LiveClient } from '#test/support/live-bench.ts'
import { openTwoTeamServer, secretsOf } from '#test/support/two-team-server.ts'
import type { Side, TwoTeamServer } from '#test/support/two-team-server.ts'

const roles = { N: 'nurse', L: 'lead', E: 'engineer', A: 'admin', K: 'kiosk' } as const satisfies Record<string, Role>
const letters = ['N', 'L', 'E', 'A', 'K'] as const
const limited = new Set<string>(['N', 'L', 'K'])
const day = 86_400_000

let under: TwoTeamServer
let counter = 0

beforeAll(async () => {
  const provider = { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'none', OIDC_ACR: 'mfa' }
  under = await openTwoTeamServer(provider)
  const nurse = await under.session('nurse')
  const act = { requestId: 'request-0', expectedVersion: 0, reason: secretsOf.reason }
  const said = await under.call(nurse, 'POST', `/api/v1/alarms/${under.sides.own.episodeId}/reject`, act)
  if (!said.ok) throw new Error(await said.text())
}, 60_000)
afterAll(() => under[Symbol.asyncDispose]())

const act = () => ({ requestId: `request-${(counter += 1)}`, expectedVersion: 99 })
const assigned = {
  label: null,
  therapy: null,
  criticality: 'standard',
  timeZone: null,
  plan: null,
  expectedVersion: 99,
}
const noted = { calledAt: null, spokeTo: null, finding: null, action: '', outcome: '', class: null }
const own = (side: Side) => `u-nurse-${side === 'own' ? 'north' : 'south'}`

/** Bodies that are well formed and, where something would change, name a version that never was. */
const bodies: Readonly<Record<string, (side: Side) => object>> = {
  'POST /api/v1/roster': () => ({}),
  'POST /api/v1/hubs/:hubId/log': () => ({ requestId: `request-${(counter += 1)}`, kind: 'note', text: 'seen' }),
  'PUT /api/v1/assignments/:pumpId': (side) => ({ ...assigned, teamId: under.sides[side].teamId }),
  'POST /api/v1/assignments/team': (side) => ({
    teamId: 'north',
    pumps: [{ pumpId: under.sides[side].pumpId, expectedVersion: 99 }],
  }),
  'POST /api/v1/alarms/:episodeId/reject': () => ({ ...act(), reason: 'busy' }),
  'POST /api/v1/alarms/:episodeId/take-from': () => ({ ...act(), reason: 'busy' }),
  'POST /api/v1/alarms/:episodeId/decline-hand-over': () => ({ ...act(), reason: 'busy' }),
  'POST /api/v1/alarms/:episodeId/hand-over': () => ({ ...act(), to: 'u-lead-north' }),
  'POST /api/v1/alarms/:episodeId/escalate': () => ({ ...act(), to: null }),
  'POST /api/v1/alarms/:episodeId/shelve': () => ({ ...act(), reason: 'busy', minutes: 5 }),
  'POST /api/v1/alarms/:episodeId/resolve': () => ({ ...act(), class: 'false', finding: 'none', note: '' }),
  'PUT /api/v1/alarms/:episodeId/triage': () => ({ ...act(), ...noted }),
  'POST /api/v1/hand-over/offer': () => ({ requestId: 'request-1', to: 'u-lead-north' }),
  'POST /api/v1/hand-over/take': () => ({ requestId: 'request-1' }),
  'POST /api/v1/hand-over/decline': () => ({ requestId: 'request-1', reason: 'busy' }),
  'POST /api/v1/hand-over/withdraw': () => ({ requestId: 'request-1' }),
  'PUT /api/v1/watched/:pumpId': () => ({ note: 'an eye on it' }),
  'PUT /api/v1/teams/:teamId': (side) => ({ name: side === 'own' ? 'Ward north' : 'Ward south' }),
  'PUT /api/v1/teams/:teamId/members': (side) => ({
    userIds: side === 'own' ? ['u-nurse-north', 'u-lead-north'] : [own(side)],
  }),
  'PUT /api/v1/teams/:teamId/rota': () => ({
    expectedVersion: 99,
    rota: { timeZone: 'UTC', entries: [], overrides: [] },
  }),
  'POST /api/v1/hub-registry': () => ({ name: 'Home 1' }),
  'PUT /api/v1/hub-registry/:hubId/name': () => ({ name: 'Home 1' }),
  'POST /api/v1/people': () => ({ name: 'nurse of north', role: 'nurse', teamIds: [] }),
  'PUT /api/v1/people/:userId/role': () => ({ role: 'lead' }),
  'PUT /api/v1/people/:userId/disabled': () => ({ disabled: true }),
  'PUT /api/v1/people/:userId/teams': () => ({ teamIds: [] }),
  'POST /api/v1/shift-check': () => ({ heard: true }),
  'PUT /api/v1/readiness': () => ({ duty: 'on-call', failing: [] }),
}

const queries: Readonly<Record<string, (side: Side) => string>> = {
  'GET /api/v1/pumps/:pumpId/history': () => `?from=${Date.now() - day}&to=${Date.now()}`,
  'GET /api/v1/pumps/:pumpId/export': () => `?from=${Date.now() - day}&to=${Date.now()}`,
  'GET /api/v1/replay': () => `?at=${Date.now() - 1}`,
  'GET /api/v1/analytics': () => `?from=${Date.now() - day}&to=${Date.now() + day}&by=pump`,
  'GET /api/v1/hand-over': (side) => `?teamId=${under.sides[side].teamId}`,
  'DELETE /api/v1/assignments/:pumpId': () => '?expectedVersion=99',
}

/** What is there for nobody: a person who does not exist, a device or session of one's own that does not. */
const absent = new Set([
  'DELETE /api/v1/people/:userId/invitation',
  'POST /api/v1/people/:userId/invitation',
  'PUT /api/v1/people/:userId/role',
  'PUT /api/v1/people/:userId/disabled',
  'PUT /api/v1/people/:userId/teams',
  'GET /api/v1/people/:userId/sessions',
  'DELETE /api/v1/people/:userId/sessions',
  'DELETE /api/v1/people/:userId/sessions/:sessionId',
  'DELETE /api/v1/push/devices/:deviceId',
  'POST /api/v1/push/devices/:deviceId/test',
  'DELETE /api/v1/sessions/:sessionId',
  'DELETE /api/v1/factors/passkeys/:credentialId',
])

const ask = async (route: string, side: Side, cookie: string | null): Promise<{ status: number; text: string }> => {
  const [method = '', path = ''] = route.split(' ')
  const { pumpId, hubId, teamId, episodeId } = under.sides[side]
  const names: Record<string, string> = {
    pumpId,
    hubId,
    teamId,
    episodeId: episodeId ?? '',
    deviceId: 'none',
    sessionId: 'none',
    userId: 'u-none',
    credentialId: 'none',
  }
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => names[name] ?? '')
  const isAct = method === 'POST' && path.startsWith('/api/v1/alarms/')
  const body = method === 'GET' || method === 'DELETE' ? undefined : (bodies[route]?.(side) ?? (isAct ? act() : {}))
  const answer = await under.call(cookie, method, `${filled}${queries[route]?.(side) ?? ''}`, body)
  return { status: answer.status, text: await answer.text() }
}

const text = async (role: Role, route: string): Promise<string> =>
  (await ask(route, 'own', await under.session(role))).text

/** Let through: what then becomes of it is another test's affair. */
const through = (route: string, status: number): boolean =>
  status < 500 && status !== 401 && status !== 403 && (status !== 404 || absent.has(route))

const expected = ([who, what]: Entry, letter: string, side: Side): 'through' | 403 | 404 => {
  if (!who.includes(letter)) return 403
  return what === 'object' && side === 'foreign' && limited.has(letter) ? 404 : 'through'
}

describe('every route', () => {
  it('has a row in the table, and one without is found', () => {
    expect(under.server.routes.length).toBeGreaterThan(80)
    expect(withoutEntry(under.server.routes)).toEqual([])
    expect(withoutEntry([...under.server.routes, 'GET /api/v1/patients'])).toEqual(['GET /api/v1/patients'])
  })

  it('of the table is there', () => {
    for (const route of Object.keys(authorizationTable)) expect(under.server.routes).toContain(route)
  })

  it('answers nobody without a good session', async () => {
    const expired = await under.session('lead', 13 * 3_600_000)
    const revoked = await under.session('lead')
    await under.revoke(revoked)
    for (const route of Object.keys(authorizationTable))
      for (const cookie of [null, expired, revoked])
        expect([route, (await ask(route, 'own', cookie)).status]).toEqual([route, 401])
  }, 120_000)

  it.each(letters)(
    '%s: of one’s own team and of another one',
    async (letter) => {
      const shared = await under.session(roles[letter])
      for (const [route, entry] of Object.entries(authorizationTable))
        for (const side of ['own', 'foreign'] as const) {
          const cookie = route === 'DELETE /api/v1/session' ? await under.session(roles[letter]) : shared
          const { status, text: said } = await ask(route, side, cookie)
          const wanted = expected(entry, letter, side)
          const got = wanted === 'through' && through(route, status) ? 'through' : status
          expect([route, side, got], said).toEqual([route, side, wanted])
          for (const word of mustNotSee(letter)) expect([route, said.includes(word)]).toEqual([route, false])
        }
    },
    120_000,
  )

  it('of hubs takes nothing that is not signed', async () => {
    for (const route of signedByHubs) {
      const answer = await under.call(null, 'POST', route.split(' ')[1] ?? '', { v: 1 })
      expect([route, answer.status >= 400 && answer.status < 500]).toEqual([route, true])
    }
  })

  it('shows each what is theirs, so that the words above were looked for where they could be', async () => {
    const detail = 'GET /api/v1/alarms/:episodeId'
    expect(await text('engineer', 'GET /api/v1/pumps')).toContain('PUMP-SOUTH')
    expect(await text('nurse', 'GET /api/v1/pumps')).toContain(`${secretsOf.label} north`)
    expect(await text('kiosk', 'GET /api/v1/pumps')).toContain(`${secretsOf.label} north`)
    expect(await text('nurse', detail)).toContain(secretsOf.reason)
    expect(await text('engineer', detail)).toContain('ep-north')
    expect(await text('nurse', 'GET /api/v1/assignments/:pumpId/phone')).toContain(secretsOf.phone)
  })
})

/** Words that no answer to this role has in it. */
const mustNotSee = (letter: (typeof letters)[number]): readonly string[] => {
  const { label, phone, reason } = secretsOf
  const { pumpId, hubId, episodeId } = under.sides.foreign
  const foreign = [hubId, episodeId ?? '', `${label} south`, 'u-nurse-south', 'Ward south']
  switch (letter) {
    case 'N':
    case 'L':
      return [pumpId, ...foreign]
    case 'K':
      return [pumpId, ...foreign, phone, reason]
    case 'E':
      return [label, phone, reason]
    case 'A':
      return [label, phone, reason]
  }
}

const connect = (cookie: string | null) =>
  new LiveClient(under.server.url, { origin: under.server.url, ...(cookie === null ? {} : { cookie }) })

const accept = (side: Side) => ({ ...act(), kind: 'accept', episodeId: under.sides[side].episodeId })

describe('every event of the live feed', () => {
  it('has a row in the table', () => {
    expect(Object.keys(liveTable).toSorted()).toEqual([...liveRequests].toSorted())
  })

  it('is heard of nobody without a good session, nor of an admin', async () => {
    const revoked = await under.session('nurse')
    await under.revoke(revoked)
    for (const cookie of [null, await under.session('nurse', 13 * 3_600_000), revoked, await under.session('admin')]) {
      const client = connect(cookie)
      await eventually(() => client.refused !== null)
      expect(client.socket.connected).toBe(false)
    }
  })

  const says: Readonly<Record<Exclude<LiveRequest, 'hello' | 'station'>, (side: Side) => object>> = {
    command: accept,
    receipt: (side) => ({ kind: 'viewed', about: { episodeIds: [under.sides[side].episodeId] }, station: 's-1' }),
    'canary-heard': () => ({ canaryId: 'none', audioMs: 1 }),
  }

  it.each(['N', 'L', 'E', 'K'] as const)('%s: says only what its role may, of its own team', async (letter) => {
    const client = connect(await under.session(roles[letter]))
    await eventually(() => client.socket.connected)
    client.hello(null)
    await eventually(() => client.snapshots.length === 1)
    const shown = JSON.stringify(client.snapshots)
    for (const word of mustNotSee(letter)) expect([word, shown.includes(word)]).toEqual([word, false])
    expect(shown).toContain('PUMP-NORTH')
    const say = (event: keyof typeof says, side: Side): Promise<unknown> =>
      client.socket.timeout(10_000).emitWithAck(event, says[event](side))
    const isAllowed = liveTable.command.includes(letter)
    const outcome = isAllowed ? 'conflict' : 'refused'
    expect(await say('command', 'own')).toMatchObject({ outcome })
    expect(await say('command', 'foreign')).toMatchObject({
      outcome: 'refused',
      message: isAllowed ? 'There is no such alarm.' : 'Your role cannot do this.',
    })
    for (const side of ['own', 'foreign'] as const) expect(await say('receipt', side)).toBeNull()
    expect(await say('canary-heard', 'own')).toBeNull()
    client.socket.disconnect()
  })
})
