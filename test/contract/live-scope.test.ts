import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EpisodeId, HubId, UserId } from '#domain/ids.ts'
import { openDigest } from '#domain/live/messages.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { unassigned } from '#domain/assignment/assignment.ts'
import type { PumpId } from '#domain/ids.ts'
import { eventually } from '#test/support/eventually.ts'
import { openLiveBench } from '#test/support/live-bench.ts'
import type { LiveBench, LiveClient } from '#test/support/live-bench.ts'
import { occlusion, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'

const north = TeamId.parse('north')
const south = TeamId.parse('south')
const admin = { userId: UserId.parse('u-admin'), name: 'admin' }

let bench: LiveBench
let nurses: Record<'north' | 'south', string>

const assign = (pumpId: PumpId, teamId: TeamId) =>
  bench.book.set(admin, pumpId, bench.book.stretch(pumpId)?.version ?? 0, {
    ...unassigned,
    teamId,
    label: `Bed of ${pumpId}`,
  })

const shown = (client: LiveClient) => {
  const last = client.snapshots.at(-1)
  return {
    pumps: last?.pumps.map(({ pumpId }) => pumpId),
    alarms: last?.alarms.map(({ episodeId }) => episodeId),
  }
}

const changes = (client: LiveClient) =>
  client.updates.flatMap((update) =>
    update.changes.map((change) => {
      switch (change.kind) {
        case 'alarm':
          return `alarm ${change.alarm.episodeId}`
        case 'alarm-closed':
        case 'alarm-gone':
        case 'not-paged':
          return `${change.kind} ${change.episodeId}`
        case 'pump':
          return `pump ${change.pump.pumpId}`
        case 'pump-gone':
          return `pump-gone ${change.pumpId}`
        case 'hub':
          return `hub ${change.hub.hubId} ${change.hub.pumpIds.join()}`
        case 'hub-gone':
          return `hub-gone ${change.hubId}`
        case 'paged':
          return `paged ${change.note.episodeId}`
      }
    }),
  )

/** Of its updates, counted from its first picture. */
const numbers = (client: LiveClient) =>
  client.updates.map(({ at }) => at.seq - (client.snapshots[0]?.at.seq ?? Number.NaN))

const heardOf = (client: LiveClient) =>
  new Set(client.telemetry.flatMap(({ samples }) => samples.map(({ pumpId }) => pumpId)))

const accept = (episodeId: string) => ({
  kind: 'accept' as const,
  requestId: 'request-1',
  episodeId: EpisodeId.parse(episodeId),
  expectedVersion: 0,
})

describe('the live feed of two teams', () => {
  beforeEach(async () => {
    bench = await openLiveBench()
    bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
    nurses = { north: await bench.signIn('nurse', 'north'), south: await bench.signIn('nurse', 'south') }
    for (const team of [north, south]) {
      await bench.onCall.addTeam(admin, team, team)
      await bench.onCall.setMembers(admin, team, [UserId.parse(`u-${team}`)])
    }
    await assign(pump1, north)
    await assign(pump2, south)
  })
  afterEach(() => bench.close())

  it('shows each its own pumps and alarms, numbers them without a gap and proves them alone', async () => {
    await bench.condition(pump1, occlusion('ep-north'))
    const one = await bench.follow(nurses.north)
    const other = await bench.follow(nurses.south)
    expect(shown(one)).toEqual({ pumps: ['P-1'], alarms: ['ep-north'] })
    expect(shown(other)).toEqual({ pumps: ['P-2'], alarms: [] })
    await bench.condition(pump2, occlusion('ep-south'))
    await bench.condition(pump1, occlusion('ep-north-2', { code: 'air-in-line' }))
    await bench.condition(pump2, occlusion('ep-south-2', { code: 'air-in-line' }))
    await eventually(() => one.updates.length === 1 && other.updates.length === 2)
    expect([numbers(one), numbers(other)]).toEqual([[1], [1, 2]])
    expect(changes(one)).toEqual(['alarm ep-north-2'])
    bench.clock.advance(1000)
    await eventually(() => one.heartbeats.length === 1 && other.heartbeats.length === 1)
    const own = bench.picture.openAlarms().filter(({ pumpId }) => pumpId === pump1)
    expect(one.heartbeats[0]).toMatchObject({
      at: one.updates[0]?.at,
      openAlarms: 2,
      openDigest: openDigest(own),
    })
    expect(other.heartbeats[0]?.openAlarms).toBe(2)
  })

  it('sends no reading of a foreign pump', async () => {
    const one = await bench.follow(nurses.north)
    const engineer = await bench.follow(await bench.signIn('engineer'))
    bench.sample(pump1, 1)
    bench.sample(pump2, 2)
    bench.clock.advance(250)
    bench.sample(pump1, 3)
    bench.sample(pump2, 4)
    bench.clock.advance(250)
    await eventually(() => engineer.telemetry.length > 0 && one.telemetry.length > 0)
    expect([...heardOf(one)]).toEqual(['P-1'])
    expect([...heardOf(engineer)].toSorted()).toEqual(['P-1', 'P-2'])
  })

  it('an alarm whose pump goes to another team leaves one wall and comes to the other, and is never on neither', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const one = await bench.follow(nurses.north)
    const other = await bench.follow(nurses.south)
    await assign(pump1, south)
    await eventually(() => changes(one).includes('alarm-gone ep-1') && changes(other).includes('alarm ep-1'))
    expect(changes(one).toSorted()).toEqual(['alarm-gone ep-1', 'hub-gone hub-1', 'pump-gone P-1'])
    expect(changes(other)).toContain('pump P-1')
    expect(changes(one).some((change) => change.startsWith('alarm-closed'))).toBe(false)
    expect(await one.command(accept('ep-1'))).toEqual({ outcome: 'refused', message: 'There is no such alarm.' })
    expect((await other.command(accept('ep-1'))).outcome).toBe('ok')
  })

  it('a pump without a team, a hub of several teams and the site reach everybody', async () => {
    const one = await bench.follow(nurses.north)
    const other = await bench.follow(nurses.south)
    await bench.book.set(admin, pump1, 1, null)
    await eventually(() => changes(other).includes('pump P-1'))
    await bench.condition(pump1, occlusion('ep-1'))
    await eventually(() => [one, other].every((client) => changes(client).includes('alarm ep-1')))
  })

  it('a pump of a team in which there is nobody reaches everybody', async () => {
    const one = await bench.follow(nurses.north)
    await bench.condition(pump2, occlusion('ep-south'))
    expect(shown(one).alarms).toEqual([])
    await bench.onCall.setMembers(admin, south, [])
    await eventually(() => changes(one).includes('alarm ep-south'))
    expect(changes(one)).toContain('pump P-2')
  })

  it('a hub that two teams share tells each of its own pumps, and one of a single team is that team’s', async () => {
    const one = await bench.follow(nurses.north)
    expect(one.snapshots[0]?.hubs.map(({ hubId, pumpIds }) => [hubId, pumpIds])).toEqual([['hub-1', ['P-1']]])
    await assign(pump1, south)
    await eventually(() => changes(one).includes('hub-gone hub-1'))
    const other = await bench.follow(nurses.south)
    expect(other.snapshots[0]?.hubs.map(({ pumpIds }) => pumpIds)).toEqual([['P-1', 'P-2']])
    expect(HubId.parse('hub-1')).toBe(other.snapshots[0]?.hubs[0]?.hubId)
  })

  it('whoever is put out of a team sees its alarms go at once although the socket stays open', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const one = await bench.follow(nurses.north)
    expect(shown(one).alarms).toEqual(['ep-1'])
    await bench.onCall.setMembers(admin, north, [])
    await bench.onCall.setMembers(admin, south, [UserId.parse('u-north'), UserId.parse('u-south')])
    await eventually(() => shown(one).pumps?.includes(pump2) === true)
    // Nobody is left in north: its pump is everybody's until somebody is.
    expect(shown(one).pumps).toEqual(['P-1', 'P-2'])
    await bench.signIn('nurse', 'another')
    await bench.onCall.setMembers(admin, north, [UserId.parse('u-another')])
    await eventually(() => changes(one).includes('alarm-gone ep-1') && changes(one).includes('pump-gone P-1'))
    expect((await one.command(accept('ep-1'))).outcome).toBe('refused')
  })

  it('a lead who is made an engineer is signed out of her open page at once, and sees no bed when she comes back', async () => {
    const cookie = await bench.signIn('lead', 'j.lind')
    const client = await bench.follow(cookie)
    await bench.store.setRole(UserId.parse('u-j.lind'), 'engineer', { by: admin, at: bench.clock.now() })
    await bench.onCall.refresh()
    await eventually(() => client.sessionEnded && client.disconnected !== null)
    const old = bench.connect(cookie)
    await eventually(() => old.refused !== null)
    const again = await bench.follow(await bench.signIn('engineer', 'j.lind'))
    expect(again.snapshots[0]?.pumps.map(({ label }) => label)).toEqual([null, null])
    expect((await again.command(accept('ep-1'))).outcome).toBe('refused')
  })

  it('whoever comes back with the number of another view gets a snapshot', async () => {
    const one = await bench.follow(nurses.north)
    const other = await bench.follow(nurses.south, one.snapshots[0]?.at ?? null)
    expect(shown(other).pumps).toEqual(['P-2'])
  })

  it('what a station says of foreign alarms is not kept', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.condition(pump2, occlusion('ep-2'))
    const one = await bench.follow(nurses.north)
    const episodeIds = ['ep-1', 'ep-2']
    await one.socket.timeout(5000).emitWithAck('receipt', { kind: 'viewed', about: { episodeIds }, station: 's-1' })
    expect(bench.notices).toMatchObject([['u-north', { about: { episodeIds: ['ep-1'] } }]])
  })
})
