import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import { EpisodeId, type UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { Reach } from '#domain/on-call/reachability.ts'
import { GoneOwners } from '#server/core/gone-owners.ts'
import { ito, lind, openPagerBench, osei, type PagerBench } from '#test/support/pager-bench.ts'
import { occlusion, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'

const lookMs = 5_000
const minute = 60_000

let bench: PagerBench
let reach: Map<UserId, Reach>
let owners: GoneOwners
let foreign: ReadonlySet<UserId>

const start = (): void => {
  owners = new GoneOwners({
    openAlarms: () => bench.service.openAlarms(),
    reachOf: ({ userId }) => reach.get(userId) ?? 'reachable',
    sees: (userId) => !foreign.has(userId),
    system: (commands) => bench.service.system(commands),
    afterMs: defaultAlarmPolicy.ownerGoneAfterMs,
    clock: bench.clock,
    log: bench.log,
  })
}

/** Looks every 5 s, as the server does. */
const pass = async (ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += lookMs) {
    await bench.pass(lookMs)
    await owners.look()
  }
}

const takes = async (by: Person, id: string): Promise<void> => {
  const version = bench.wall.openAlarms().find(({ episodeId }) => episodeId === EpisodeId.parse(id))?.version ?? 0
  await bench.act(by, 'accept', id, version)
}

const shown = (id = 'ep-1') =>
  bench.wall.openAlarms().find(({ episodeId }) => episodeId === EpisodeId.parse(id)) ?? expect.fail(id)

beforeEach(async () => {
  bench = await openPagerBench()
  reach = new Map()
  foreign = new Set()
  start()
  bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
  await bench.condition(pump1, occlusion('ep-1'))
})
afterEach(() => bench.close())

describe('an owner who cannot be reached', () => {
  it('has her alarms for 2 min, and then everybody is asked again and sees whose they were', async () => {
    await takes(osei, 'ep-1')
    reach.set(osei.userId, 'unreachable')
    await pass(2 * minute)
    expect(shown()).toMatchObject({ owner: osei })
    const before = bench.told().length
    await pass(lookMs)
    expect(shown()).toMatchObject({ response: 'new', owner: null, formerOwner: { person: osei, why: 'owner-gone' } })
    expect(bench.told().slice(before)).toEqual(['m.osei high ep-1'])
  })

  it('is passed over when her page gets nowhere: the next one is asked in the same moment', async () => {
    await takes(osei, 'ep-1')
    reach.set(osei.userId, 'unreachable')
    bench.channels.answer = ({ userId }) => (userId === osei.userId ? 'undeliverable' : 'sent')
    await pass(2 * minute + lookMs)
    await bench.pass(100)
    expect(bench.told().slice(-2)).toEqual(['m.osei high ep-1', 'k.ito high ep-1'])
  })

  it('keeps them when one word of hers comes within the time, and does not flap', async () => {
    await takes(osei, 'ep-1')
    for (let round = 0; round < 2; round += 1) {
      reach.set(osei.userId, 'unreachable')
      await pass(115_000)
      reach.set(osei.userId, 'doubtful')
      await pass(lookMs)
    }
    expect(shown()).toMatchObject({ owner: osei, version: 1 })
  })

  it('is not gone while a phone takes her pages, nor when nothing watches her', async () => {
    await takes(osei, 'ep-1')
    for (const word of ['doubtful', 'unknown'] as const) {
      reach.set(osei.userId, word)
      await pass(2 * minute)
      expect(shown()).toMatchObject({ owner: osei })
    }
  })

  it('has it no more when she comes back, until she takes it again', async () => {
    await takes(osei, 'ep-1')
    reach.set(osei.userId, 'unreachable')
    await pass(2 * minute + lookMs)
    reach.delete(osei.userId)
    await pass(minute)
    expect(shown()).toMatchObject({ owner: null })
    await takes(osei, 'ep-1')
    await pass(minute)
    expect(shown()).toMatchObject({ owner: osei, formerOwner: { person: osei } })
  })

  it('keeps what is over, marked until she is back', async () => {
    await takes(osei, 'ep-1')
    await bench.condition(pump1, occlusion('ep-1', { phase: 'end', state: 'inactive' }))
    reach.set(osei.userId, 'unreachable')
    await pass(2 * minute + lookMs)
    expect(shown()).toMatchObject({ condition: 'ended', owner: osei })
    expect(shown().ownerGoneAt).not.toBeNull()
    reach.delete(osei.userId)
    await pass(lookMs)
    expect(shown()).toMatchObject({ owner: osei, ownerGoneAt: null })
  })

  it('takes nothing of anybody else with her', async () => {
    await bench.condition(pump2, occlusion('ep-2'))
    await takes(osei, 'ep-1')
    await takes(ito, 'ep-2')
    reach.set(osei.userId, 'unreachable')
    await pass(2 * minute + lookMs)
    expect(shown('ep-2')).toMatchObject({ owner: ito })
    expect(owners.owners()).toEqual([ito])
  })

  it('is asked anew at once when the pump goes to a team in which its owner cannot find it', async () => {
    await takes(lind, 'ep-1')
    await pass(minute)
    expect(shown()).toMatchObject({ owner: lind })
    foreign = new Set([lind.userId])
    await pass(lookMs)
    expect(shown()).toMatchObject({ owner: null, response: 'new', formerOwner: { person: lind, why: 'owner-gone' } })
  })

  it('has 2 min more after a start of the server: everybody has to come back first', async () => {
    await takes(lind, 'ep-1')
    reach.set(lind.userId, 'unreachable')
    await pass(minute)
    await bench.restart()
    start()
    await pass(2 * minute)
    expect(shown()).toMatchObject({ owner: lind })
    await pass(lookMs)
    expect(shown()).toMatchObject({ owner: null, formerOwner: { person: lind } })
  })

  it('is said again when the journal did not take it', async () => {
    await takes(osei, 'ep-1')
    reach.set(osei.userId, 'unreachable')
    await pass(2 * minute)
    bench.faults.journal = 'SRV_JOURNAL_UNAVAILABLE'
    await pass(lookMs)
    expect(shown()).toMatchObject({ owner: osei })
    bench.faults.journal = null
    await pass(lookMs)
    expect(shown()).toMatchObject({ owner: null })
  })
})
