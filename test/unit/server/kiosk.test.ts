import { afterEach, beforeEach, expect, it } from 'vitest'
import { unassigned } from '#domain/assignment/assignment.ts'
import { UserId } from '#domain/ids.ts'
import { PumpList } from '#domain/live/api.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { sessionCookie } from '#server/core/session-cookie.ts'
import { byAdmin, serverAdmin } from '#test/support/acts.ts'
import { openServerBench, pump1, pump2, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const north = TeamId.parse('north')
const south = TeamId.parse('south')
const day = 86_400_000

let bench: ServerBench
const ended: string[] = []

const signIn = async (): Promise<string> => {
  const answer = await bench.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { origin: testOrigin },
    payload: { name: 'wall', password: 'pw' },
  })
  return String(answer.headers['set-cookie'])
}
const idIn = (setCookie: string): string => setCookie.slice(sessionCookie.length + 1, setCookie.indexOf(';'))
const get = (setCookie: string, url: string) =>
  bench.app.inject({ url, headers: { cookie: setCookie.slice(0, setCookie.indexOf(';')) } })

beforeEach(async () => {
  bench = await openServerBench()
  const wall = { userId: UserId.parse('u-wall'), name: 'wall', passwordHash: 'hash of pw', disabled: false }
  await bench.store.addUser({ ...wall, role: 'kiosk', wardOf: north }, byAdmin)
  for (const team of [north, south]) {
    await bench.signIn('nurse', team)
    await bench.onCall.addTeam(serverAdmin, team, team)
    await bench.onCall.setMembers(serverAdmin, team, [UserId.parse(`u-${team}`)])
  }
  await bench.book.set(serverAdmin, pump1, 0, { ...unassigned, teamId: north, label: 'Bed 1' })
  await bench.book.set(serverAdmin, pump2, 0, { ...unassigned, teamId: south, label: 'Bed 2' })
  bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
  bench.accounts.onSessionEnd((hash) => ended.push(hash))
})
afterEach(() => bench.close())

it('a wall screen shows the beds of its one team', async () => {
  const { pumps } = PumpList.parse((await get(await signIn(), '/api/v1/pumps')).json())
  expect(pumps.map(({ pumpId, label }) => [pumpId, label])).toEqual([[pump1, 'Bed 1']])
})

it('stays signed in for a week without a touch, and no longer', async () => {
  const cookie = await signIn()
  expect(cookie).toContain('Max-Age=604800')
  bench.clock.stepWall(7 * day - 1000)
  expect((await get(cookie, '/api/v1/me')).statusCode).toBe(200)
  bench.clock.stepWall(1000)
  expect((await get(cookie, '/api/v1/me')).statusCode).toBe(401)
})

it('outlives the sign-ins of people, whose older sessions are swept then', async () => {
  const cookie = await signIn()
  bench.clock.stepWall(2 * day)
  await bench.signIn('nurse', 'another')
  expect((await get(cookie, '/api/v1/me')).statusCode).toBe(200)
})

it('is one screen: signing in on another ends the first, its sockets too', async () => {
  const first = await signIn()
  const second = await signIn()
  expect((await get(first, '/api/v1/me')).statusCode).toBe(401)
  expect((await get(second, '/api/v1/me')).statusCode).toBe(200)
  expect(ended).toEqual([`sha of ${idIn(first)}`])
})

it('can be neither on call nor given an alarm, nor does it make its team a manned one', async () => {
  expect(bench.onCall.byName('wall')).toBeNull()
  await bench.onCall.setMembers(serverAdmin, north, [])
  expect(bench.onCall.isManned(north)).toBe(false)
})
