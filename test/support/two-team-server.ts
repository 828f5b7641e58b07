import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { unassigned } from '#domain/assignment/assignment.ts'
import { PumpId, UserId } from '#domain/ids.ts'
import type { EpisodeId, HubId } from '#domain/ids.ts'
import { AlarmList } from '#domain/live/api.ts'
import type { Role } from '#domain/live/views.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { instant } from '#domain/time.ts'
import { accountSecrets } from '#server/adapters/account-secrets.ts'
import { startServer } from '#server/compose.ts'
import { openParts } from '#server/compose/office.ts'
import { loadConfig } from '#server/config.ts'
import { AssignmentBook } from '#server/core/assignment-book.ts'
import { OnCallBook } from '#server/core/on-call-book.ts'
import { sessionCookie } from '#server/core/session-cookie.ts'
import { nodeClock } from '#server/adapters/node-clock.ts'
import { byAdmin, serverAdmin } from './acts.ts'
import { enrolHub } from './enrolled-hub.ts'
import { eventually } from './eventually.ts'
import type { SigningHub } from './signing-hub.ts'
import { batch, condition } from './uplink-records.ts'

export type Side = 'own' | 'foreign'

/** Words of a patient's team that must not leave it. */
export const secretsOf = { label: 'Bed-Seven', phone: '+49 30 7654321', reason: 'daughter-has-the-key' } as const

interface Things {
  readonly pumpId: PumpId
  readonly hubId: HubId
  readonly teamId: TeamId
  episodeId: EpisodeId | null
  /** Of its hub: `alarm` and a batch. */
  readonly send: (path: string, body: unknown) => Promise<void>
}

const userOf = (role: Role, team: string): UserId => UserId.parse(`u-${role}-${team}`)

/**
 * The whole server in this process with two teams, each with a hub, a pump and an open alarm, and people of every role in the first:
 * what is `own` to them and what is `foreign`.
 */
export const openTwoTeamServer = async (env: Readonly<Record<string, string>> = {}) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'two-teams-'))
  const loaded = loadConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    DEMO: '1',
    SIMULATOR_CONTROL_URL: 'http://127.0.0.1:9',
    LOG_LEVEL: 'error',
    ...env,
  })
  if (!loaded.ok) throw new Error(loaded.problems.join())
  const parts = await openParts(loaded.config)
  const { accounts, enrolment, journal } = parts
  const onCall = new OnCallBook({ store: journal.onCall, users: () => accounts.users(), clock: nodeClock })
  const assignments = new AssignmentBook(journal.assignments, nodeClock)

  const addUser = async (role: Role, team: string): Promise<void> => {
    const user = { userId: userOf(role, team), name: `${role} of ${team}`, role, passwordHash: '-', disabled: false }
    await accounts.addUser(role === 'kiosk' ? { ...user, wardOf: TeamId.parse(team) } : user, byAdmin)
  }
  for (const role of ['nurse', 'lead', 'engineer', 'admin', 'kiosk'] as const) await addUser(role, 'north')
  await addUser('nurse', 'south')
  await onCall.refresh()
  for (const team of ['north', 'south']) {
    await onCall.addTeam(serverAdmin, TeamId.parse(team), `Ward ${team}`)
    const members = team === 'north' ? [userOf('nurse', team), userOf('lead', team)] : [userOf('nurse', team)]
    await onCall.setMembers(serverAdmin, TeamId.parse(team), members)
  }
  const pumps: Record<Side, PumpId> = { own: PumpId.parse('PUMP-NORTH'), foreign: PumpId.parse('PUMP-SOUTH') }
  const { label, phone } = secretsOf
  for (const [side, team] of [
    ['own', 'north'],
    ['foreign', 'south'],
  ] as const) {
    const details = { ...unassigned, teamId: TeamId.parse(team), label: `${label} ${team}`, phone }
    await assignments.set(serverAdmin, pumps[side], 0, details)
  }

  const server = await startServer(loaded.config, '0.0.0', pino({ level: 'silent' }))
  const authority = new URL(server.url).host

  const post = async (request: ReturnType<SigningHub['request']>): Promise<void> => {
    const answer = await fetch(`${server.url}${request.url}`, {
      method: 'POST',
      headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'host')),
      body: request.payload,
    })
    if (!answer.ok) throw new Error(`a hub was answered ${answer.status}: ${await answer.text()}`)
  }
  const things = async (side: Side): Promise<Things> => {
    const pumpId = pumps[side]
    const teamId = TeamId.parse(side === 'own' ? 'north' : 'south')
    const claim = await enrolment.createClaim({ name: `Hub ${teamId}` }, serverAdmin)
    const hub = await enrolHub(server.url, claim.claimId, claim.code)
    const send = (path: string, body: unknown) => post(hub.request(`/hub/v1/${path}`, body, Date.now(), { authority }))
    await send('heartbeat', heartbeatOf(pumpId))
    const body = condition(1)
    await send('alarm', batch([{ ...body, pumpId, body: { ...body.body, episodeId: `ep-${teamId}` } }]))
    return { pumpId, hubId: claim.hubId, teamId, episodeId: null, send }
  }
  const sides: Record<Side, Things> = { own: await things('own'), foreign: await things('foreign') }

  /** A session that began `agoMs` ago: the `Cookie` header. */
  const session = async (role: Role, agoMs = 0): Promise<string> => {
    const id = accountSecrets.newSessionId()
    const at = instant(Date.now() - agoMs)
    const idHash = accountSecrets.hashSessionId(id)
    const userId = userOf(role, 'north')
    const client = { device: 'Chrome on Windows', origin: '10.0.3.x' }
    const proof = { provenAt: at, factors: ['password'] } as const
    await accounts.addSession({ idHash, userId, client, startedAt: at, lastSeenAt: at, ...proof })
    return `${sessionCookie}=${id}`
  }
  const call = (cookie: string | null, method: string, path: string, body?: object) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: {
        origin: server.url,
        ...(cookie === null ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  const engineer = await session('engineer')
  await eventually(
    async () => {
      const { alarms } = AlarmList.parse(await (await call(engineer, 'GET', '/api/v1/alarms')).json())
      for (const side of ['own', 'foreign'] as const)
        sides[side].episodeId = alarms.find(({ pumpId }) => pumpId === pumps[side])?.episodeId ?? null
      return sides.own.episodeId !== null && sides.foreign.episodeId !== null
    },
    { within: 30_000 },
  )
  return {
    server,
    sides,
    session,
    /** Signs a session out behind the server's back. */
    revoke: (cookie: string) =>
      accounts.endSession(accountSecrets.hashSessionId(cookie.slice(sessionCookie.length + 1)), instant(Date.now())),
    call,
    /** What commands beside the running server do to those of the first team. */
    people: {
      setRole: (role: Role, to: Role) => accounts.setRole(userOf(role, 'north'), to, byAdmin),
      disable: (role: Role) => accounts.setDisabled(userOf(role, 'north'), true, byAdmin),
      /** Out of the other team, whoever was there besides. */
      async join(role: Role, team: 'north' | 'south'): Promise<void> {
        await onCall.refresh()
        const nurses = { north: userOf('nurse', 'north'), south: userOf('nurse', 'south') }
        for (const [name, nurse] of Object.entries(nurses))
          await onCall.setMembers(
            serverAdmin,
            TeamId.parse(name),
            name === team ? [nurse, userOf(role, 'north')] : [nurse],
          )
      },
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await server[Symbol.asyncDispose]()
      await journal.alarms[Symbol.asyncDispose]()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type TwoTeamServer = Awaited<ReturnType<typeof openTwoTeamServer>>

const lane = { rows: 0, oldestAgeMs: null }

const heartbeatOf = (pumpId: PumpId) => ({
  v: 1,
  bootId: 'boot-1',
  monotonicMs: 5000,
  wallAt: Date.now(),
  clockQuality: 'ntp',
  anchor: null,
  versions: { gateway: '0.1.0', node: 'v24.21.0' },
  manifest: null,
  outbox: { alarm: lane, telemetry: lane, quarantined: 0, tombstoned: 0, diskFreeBytes: null },
  ports: [],
  pumps: [
    {
      pumpId,
      port: 'tty-1',
      protocol: 'ip1',
      link: 'up',
      silentMs: 100,
      statusIntervalMs: 1000,
      maker: null,
      model: null,
      firmware: null,
      serial: pumpId,
      experimental: false,
      simulated: false,
    },
  ],
  conditions: [],
})
