import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { seededRandom } from '#simulators/core/random.ts'
import { eventually } from '#test/support/eventually.ts'
import { effectKeys, startHubServer } from '#test/support/hub-server.ts'
import { Obligations, tokenOf } from '#test/support/power-cut/acknowledgements.ts'
import { DriverProcess } from './driver-process.ts'
import type { Failpoint } from '#gateway/adapters/sqlite-outbox/failpoint.ts'
import type { Random } from '#simulators/core/random.ts'
import type { HubServer } from '#test/support/hub-server.ts'
import type { DriverTask } from '#test/support/power-cut/acknowledgements.ts'

// A program that stores with the gateway's outbox and delivers with its uplink is killed 200 times, at any moment and at named
// places. Its own log says what was acknowledged: each such record must have had its effect on the server, once.

const seed = Number(process.env['KILL_SEED'] ?? 20_260_108)
const kills = Number(process.env['KILLS'] ?? 200)
const killsWithFault = 12
const hubs = 2

/** Places that every life passes. */
const places = [
  'start-locked',
  'start-ready',
  'append-alarm',
  'append-telemetry',
  'committed-alarm',
  'committed-telemetry',
  'settle-told',
] as const satisfies readonly Failpoint[]

const passed = async (ms: number): Promise<void> => {
  const until = performance.now() + ms
  await eventually(() => performance.now() >= until, { within: ms + 1_000, every: 1 })
}

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-kills-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Kills it at one of the places, while it starts, or in the middle of its work. */
const killOnce = async (task: DriverTask, random: Random, at: Failpoint | null): Promise<void> => {
  if (at !== null) {
    const times = at.startsWith('start') ? 1 : random.whole(1, 12)
    const driver = new DriverProcess(task, { env: { GATEWAY_FAILPOINT: `${at}:${times}` } })
    expect(await driver.ended).toBe('SIGKILL')
    expect(driver.stderr).toContain(at)
    return
  }
  const driver = new DriverProcess(task)
  if (random.whole(0, 9) > 0) await driver.hasTold(random.whole(1, 12_000))
  await passed(random.whole(0, 40))
  expect(driver.running, driver.stderr).toBe(true)
  await driver.kill()
}

interface Family {
  readonly kills: number
  readonly acknowledged: Obligations
}

/** One hub's lives, one after the other, and a last one that delivers everything. */
const lives = async (
  server: HubServer,
  folder: string,
  count: number,
  random: Random,
  lie: DriverTask['lie'] = null,
): Promise<Family> => {
  mkdirSync(folder)
  await server.pair(join(folder, 'identity'))
  const task: DriverTask = {
    folder: join(folder, 'outbox'),
    acknowledged: join(folder, 'acknowledged'),
    seed: 0,
    records: null,
    keep: 0,
    end: 'kill',
    uplink: { server: server.url.href, identity: join(folder, 'identity') },
    lie,
  }
  for (let life = 0; life < count; life += 1) {
    const place = life % 3 === 0 && lie === null ? (places[(life / 3) % places.length] ?? null) : null
    await killOnce({ ...task, seed: random.whole(0, 1e9) }, random, place)
  }
  const last = new DriverProcess({ ...task, records: 0, end: 'drained' })
  expect(await last.ended, last.stderr).toBe(0)
  const acknowledged = new Obligations()
  acknowledged.read(readFileSync(task.acknowledged, 'utf8'))
  return { kills: count, acknowledged }
}

/** What is owed and not on the server, and what had more than one effect there. */
const judge = (server: HubServer, families: readonly Family[]) => {
  const tokens = [
    ...server.alarms.map(({ record }) => tokenOf(record) ?? ''),
    ...server.samples.map(({ sample }) => String(sample.rateMlPerHour)),
  ]
  const there = new Set(tokens)
  const keys = effectKeys(server)
  const owed = families.flatMap(({ acknowledged }) => [...acknowledged.owed.keys()])
  return {
    owed: owed.length,
    effects: keys.length,
    lost: owed.filter((token) => !there.has(token)),
    doubled: keys.length - new Set(keys).size + tokens.length - there.size,
  }
}

describe(`SIGKILL, seed ${seed}`, () => {
  it('takes no acknowledged record, and no record has two effects on the server', async () => {
    const folder = newFolder()
    await using server = await startHubServer(folder)
    const started = performance.now()
    const families = await Promise.all(
      Array.from({ length: hubs }, (_, hub) =>
        lives(server, join(folder, `hub-${hub}`), kills / hubs, seededRandom(seed + hub)),
      ),
    )
    const { owed, effects, lost, doubled } = judge(server, families)
    console.log(
      `${kills} kills of ${hubs} hubs, seed ${seed}: ${owed} records acknowledged, ${effects} effects on the server, ` +
        `${lost.length} lost, ${doubled} doubled, ${((performance.now() - started) / 1000).toFixed(0)} s`,
    )
    expect(lost).toEqual([])
    expect(doubled).toBe(0)
    expect(server.refused).toEqual([])
    expect(owed).toBeGreaterThan(kills * 10)
  }, 600_000)

  it('is seen to take records of an outbox that acknowledges before it commits', async () => {
    const folder = newFolder()
    await using server = await startHubServer(folder)
    const family = await lives(server, join(folder, 'hub'), killsWithFault, seededRandom(seed), 'acknowledges-early')
    const { lost } = judge(server, [family])
    console.log(`acknowledged before the commit: ${killsWithFault} kills lost ${lost.length} records`)
    expect(lost.length).toBeGreaterThan(0)
  })
})
