import type { AuditPage } from '#domain/audit/api.ts'
import { auditActions } from '#domain/audit/entry.ts'
import { HubId, UserId } from '#domain/ids.ts'
import type { HubKeyView, HubRegister, RegisteredHub } from '#domain/live/hub-registry.ts'
import type { SessionList } from '#domain/live/sessions.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import type { FactorsView } from '#domain/people/factors.ts'
import type { PeopleList, PersonView } from '#domain/people/people-api.ts'
import type { FakeLiveServer } from '#test/support/fake-live-server.ts'
import { lind, osei } from '#test/support/live-fixtures.ts'
import type { State } from './pictures.ts'

// What the server says to administrators, and to everybody about her own account.

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const many: Readonly<Record<State, number>> = { empty: 1, normal: 8, flood: 80, 'not-live': 8 }
const list = <T>(length: number, of: (at: number) => T): T[] => Array.from({ length }, (_, at) => of(at))
const hashAt = (at: number): string => at.toString(16).padStart(4, '0').repeat(16)

const sessionsOf = (count: number, now: number): SessionList => ({
  sessions: list(count, (at) => ({
    sessionId: `s-${at}`,
    device: ['Chrome on Android', 'Firefox on Linux', ''][at % 3] ?? '',
    origin: at % 4 === 3 ? '' : `10.0.${at}.0/24`,
    startedAt: now - (at + 1) * hourMs,
    lastSeenAt: now - at * 600_000,
    endsAt: now + 8 * hourMs,
    current: at === 0,
  })),
  serverTime: now,
})

const names = ['a.maximiliana-oyelaran-castellanos', 'j.lind', 'ward-screen-north', 'p.novak'] as const
const roles = ['nurse', 'lead', 'kiosk', 'engineer'] as const

const personAt = (at: number, now: number): PersonView => ({
  userId: at === 0 ? osei.userId : UserId.parse(`u-${at}`),
  name: at === 0 ? osei.name : `${names[at % names.length] ?? ''}${at > names.length ? at : ''}`,
  role: at === 0 ? 'admin' : (roles[at % roles.length] ?? 'nurse'),
  disabled: at % 7 === 5,
  teamIds: at % 3 === 1 ? [defaultTeam] : [],
  hasPassword: at % 5 !== 4,
  factors: {
    app: at % 2 === 0,
    passkeys: at % 3,
    recoveryLeft: at % 2 === 0 ? 7 : 0,
    reset: at % 4 === 1 ? { at: now - hourMs, by: lind.name, reason: 'telephone lost on the bus' } : null,
  },
  onCallUntil: at % 4 === 1 ? now + 3 * hourMs : null,
  invitedUntil: at % 5 === 4 || at % 6 === 1 ? now + dayMs : null,
  sessions: at % 3,
  lastSeenAt: at % 3 === 0 ? null : now - at * 60_000,
})

const peopleOf = (count: number, now: number): PeopleList => ({
  people: list(count, (at) => personAt(at, now)),
  teams: [{ teamId: defaultTeam, name: 'North' }],
  serverTime: now,
})

const keyAt = (at: number, now: number): HubKeyView => ({
  keyId: `k-${at}`,
  words: at === 3 ? null : 'amber canyon ladder violin',
  active: at % 4 !== 1,
  createdAt: now - (at + 1) * dayMs,
  validUntil: at % 4 === 1 ? now - hourMs : at % 4 === 2 ? now + hourMs : null,
})

const hubAt = (at: number, now: number): RegisteredHub => {
  const state = (['active', 'active', 'waiting', 'revoked'] as const)[at % 4] ?? 'active'
  return {
    hubId: HubId.parse(`hub-${at}`),
    name: at === 1 ? 'Maple Court 7, second floor, beside the window' : `H-${String(at).padStart(3, '0')}`,
    state,
    enrolledAt: state === 'waiting' ? null : now - 40 * dayMs,
    lastHeardAt: state === 'waiting' ? null : now - at * 45_000,
    gatewayVersion: at % 5 === 3 ? null : '0.1.0',
    nodeVersion: '24.21.0',
    pumps: at % 7,
    keys: state === 'waiting' ? [] : list(1 + (at % 3), (key) => keyAt(key, now)),
  }
}

const hubsOf = (count: number, now: number): HubRegister => ({
  hubs: list(count, (at) => hubAt(at, now)),
  serverTime: now,
})

const trailOf = (state: State, now: number): AuditPage => {
  const count = state === 'empty' ? 0 : state === 'flood' ? 100 : 40
  const actors = [osei.userId, lind.userId, 'server', 'hub:hub-3', 'unknown', 'u-gone']
  const objects = [
    'pump:P-0001',
    `user:${lind.userId}`,
    'list:people',
    'alarm:7f3b2c1a-0d4e-4a6b-9c8d-1e2f3a4b5c6d',
    'hub:hub-3',
  ]
  return {
    rows: list(count, (at) => ({
      seq: 12_345 - at,
      ts: now - at * 913_000,
      actor: actors[at % actors.length] ?? 'server',
      action: auditActions[(at * 5) % auditActions.length] ?? 'server.start',
      outcome: at % 6 === 4 ? 'refused' : 'done',
      object: objects[at % objects.length] ?? 'list:people',
      beforeHash: null,
      afterHash: null,
      hash: hashAt(at),
    })),
    more: state === 'flood',
    chain: {
      rows: 12_345,
      verifiedTo: state === 'empty' ? 0 : 12_345,
      verifiedAt: state === 'empty' ? null : now - 60_000,
      fault: state === 'flood' ? { seq: 9_001, problem: 'hash' } : null,
      head: state === 'empty' ? null : { at: now - 300_000, seq: 12_300 },
      away: state === 'normal',
      failing: state === 'flood' ? 1 : 0,
      lost: state === 'flood' ? 3 : 0,
    },
    people: [osei, lind],
    serverTime: now,
  }
}

const factorsOf = (none: boolean, now: number): FactorsView => ({
  password: true,
  totpSince: none ? null : now - 30 * dayMs,
  passkeys: none
    ? []
    : [
        { credentialId: 'p-1', name: 'Telephone', addedAt: now - 30 * dayMs, usedAt: now - hourMs },
        { credentialId: 'p-2', name: 'Key ring, blue, in the second drawer', addedAt: now - dayMs, usedAt: null },
      ],
  recoveryLeft: none ? 0 : 7,
  reset: none ? { at: now - dayMs, by: lind.name } : null,
  required: !none,
  serverTime: now,
})

export const answerAdmin = (server: FakeLiveServer, state: State): void => {
  const count = many[state]
  const now = (): number => server.now()
  const link = () => ({
    userId: 'u-new',
    link: `https://watch.example/#/invited/${'c'.repeat(43)}`,
    expiresAt: now() + 2 * dayMs,
  })
  const codes = { recoveryCodes: list(10, (at) => `4F7K-${at}QXM-82VA-P3N${at}`) }
  /** A hub that is let in again comes with another key at once. */
  let again = false
  const claim = (hubId: string) => ({ hubId, claimId: 'c-4711', code: '7KQ2-MX9P-4R', expiresAt: now() + hourMs })
  const answers: Readonly<Record<string, () => unknown>> = {
    'GET /people': () => peopleOf(count, now()),
    'POST /people': link,
    'GET /hub-registry': () => {
      const told = hubsOf(state === 'empty' ? 0 : count, now())
      return again
        ? {
            ...told,
            hubs: told.hubs.map((hub) => ({ ...hub, keys: [{ ...keyAt(0, now()), keyId: 'k-new' }, ...hub.keys] })),
          }
        : told
    },
    'POST /hub-registry': () => claim('hub-new'),
    'GET /audit': () => trailOf(state, now()),
    'GET /sessions': () => sessionsOf(state === 'empty' ? 1 : state === 'flood' ? 12 : 3, now()),
    'GET /sign-in-ways': () => ({ sso: state === 'empty' ? null : { label: 'St. Elsewhere account' } }),
    'POST /invitations/look': () =>
      state === 'empty' ? 404 : { name: 'n.adeyemi', role: 'nurse', site: 'North', expiresAt: now() + dayMs },
    'GET /factors': () => factorsOf(state === 'empty', now()),
    'POST /factors/totp': () => ({
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      uri: 'otpauth://totp/North:m.osei?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=North',
    }),
    'POST /factors/recovery-codes': () => codes,
  }
  for (const [path, answer] of Object.entries(answers)) server.answers.set(path, answer)
  for (const at of list(count, (one) => one)) {
    const { userId } = personAt(at, 0)
    server.answers.set(`GET /people/${userId}/sessions`, () => sessionsOf(at % 3 === 0 ? 0 : 2, now()))
    server.answers.set(`POST /hub-registry/hub-${at}/claim`, () => {
      again = true
      return claim(`hub-${at}`)
    })
  }
}
