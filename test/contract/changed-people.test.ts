import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { LiveClient } from '#test/support/live-bench.ts'
import { openTwoTeamServer } from '#test/support/two-team-server.ts'
import type { TwoTeamServer } from '#test/support/two-team-server.ts'

let under: TwoTeamServer

beforeAll(async () => {
  under = await openTwoTeamServer()
}, 60_000)
afterAll(() => under[Symbol.asyncDispose]())

/** The server looks every 5 s (I12); the rest is for a busy machine. */
const soon = { within: 20_000 }

const follow = async (cookie: string): Promise<LiveClient> => {
  const client = new LiveClient(under.server.url, { origin: under.server.url, cookie })
  await eventually(() => client.socket.connected)
  client.hello(null)
  await eventually(() => client.snapshots.length > 0)
  return client
}

const pumpsOf = (client: LiveClient) => client.snapshots.at(-1)?.pumps.map(({ pumpId }) => pumpId)

it('a page that is open follows its person out of one team and into another', async () => {
  const engineer = await follow(await under.session('engineer'))
  expect(pumpsOf(engineer)).toEqual(['PUMP-NORTH', 'PUMP-SOUTH'])
  await under.people.setRole('engineer', 'nurse')
  await eventually(() => engineer.sessionEnded, soon)
  await under.people.join('engineer', 'south')
  const nurse = await follow(await under.session('engineer'))
  await eventually(() => pumpsOf(nurse)?.join() === 'PUMP-SOUTH', soon)
  await under.people.join('engineer', 'north')
  await eventually(() => pumpsOf(nurse)?.join() === 'PUMP-NORTH', soon)
  expect(nurse.sessionEnded).toBe(false)
}, 90_000)

it('a role that a command lowers is lowered on an open page, and a session does not outlive its account', async () => {
  const lead = await follow(await under.session('lead'))
  const cookie = await under.session('nurse')
  const nurse = await follow(cookie)
  await under.people.setRole('lead', 'engineer')
  await eventually(() => lead.sessionEnded && lead.disconnected !== null, soon)
  expect(nurse.sessionEnded).toBe(false)
  await under.people.disable('nurse')
  expect((await under.call(cookie, 'GET', '/api/v1/me')).status).toBe(401)
  await eventually(() => nurse.sessionEnded && nurse.disconnected !== null, soon)
}, 60_000)
