import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AlarmCode, Priority } from '#domain/alarm/codes.ts'
import { PumpId } from '#domain/ids.ts'
import type { AlarmHistoryEntry, AlarmView } from '#domain/live/views.ts'
import { MqttTwin } from '#simulators/core/mqtt-json/twin.ts'
import { NurseClient } from '#simulators/adapters/nurse-client.ts'
import { usualTolerance } from '#simulators/core/oracle/finding.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import type { Fact } from '#simulators/core/statement.ts'
import { storyNamed } from '#simulators/scenario-library.ts'
import { TruthReader } from '#simulators/adapters/truth-reader.ts'
import { alarmOf } from '#test/support/live-fixtures.ts'
import { Verification } from '#simulators/verification.ts'

// A server that was told the truth by two simulated pumps, and what becomes of it when something is wrong with that server. It answers
// with the real interface's shapes over real HTTP; the truth is what the pumps wrote.

const startedAt = 1_767_225_600_000
const minutes = 4

interface Point {
  readonly at: number
  readonly infusedTotalMl: number
  readonly linePressureMmHg: number
  readonly rateMlPerHour: number
}

interface World {
  points: Map<string, Point[]>
  alarms: AlarmView[]
  stories: Map<string, AlarmHistoryEntry[]>
}

const alarmView = (pumpId: string, code: string, at: number, priority: string): AlarmView =>
  alarmOf(`e-${pumpId}-${code}-${at}`, {
    pumpId: PumpId.parse(pumpId),
    code: AlarmCode.parse(code),
    priority: Priority.parse(priority),
    startedAt: at,
    observedAt: at + 80,
    uncertaintyMs: 10,
    simulated: true,
  })

/** The truth log of two pumps, and a server on which all of it is right. */
const told = (): { readonly truth: string; readonly world: World } => {
  const lines: object[] = []
  const world: World = { points: new Map(), alarms: [], stories: new Map() }
  for (const [index, id] of ['P-1', 'P-2'].entries()) {
    const scenario = storyNamed('occlusion-downstream')
    if (scenario === null) throw new Error('no such scenario')
    const settings = { ...pumpProfiles['generic-ambulatory'], rateMlPerHour: 125 + index }
    const twin = new MqttTwin({ pumpId: id, serial: id, intervalMs: 1000 })
    const pump = new SimulatedPump({ id, seed: index + 1, settings, scenario, twin })
    lines.push({ kind: 'story', pumpId: id, scenario: 'occlusion-downstream', wallAt: startedAt })
    const points: Point[] = []
    const take = (fact: Fact, at: number): void => {
      lines.push({ ...fact, wallAt: at })
      if (fact.kind !== 'sample' && fact.kind !== 'alarm') return
      lines.push({ kind: 'acknowledged', of: fact.kind, pumpId: id, ids: fact.ids, wallAt: at + 20 })
      if (fact.kind === 'sample')
        points.push({
          at: at + 5,
          infusedTotalMl: fact.infusedTotalMl,
          linePressureMmHg: fact.linePressureMmHg ?? 0,
          rateMlPerHour: fact.rateMlPerHour ?? 0,
        })
      else if (fact.raised) world.alarms.push(alarmView(id, fact.code, at + 5, fact.priority ?? 'low'))
      else
        world.alarms = world.alarms.map((alarm) =>
          alarm.pumpId === id && alarm.code === fact.code ? { ...alarm, condition: 'latched', endedAt: at + 5 } : alarm,
        )
    }
    for (const { atMs, fact } of pump.advance(minutes * 60_000)) if (fact !== null) take(fact, startedAt + atMs)
    world.points.set(id, points)
  }
  lines.sort((a, b) => (a as { wallAt: number }).wallAt - (b as { wallAt: number }).wallAt)
  return { truth: lines.map((line) => `${JSON.stringify(line)}\n`).join(''), world }
}

const bucket = ({ at, ...values }: Point) => ({
  from: at,
  to: at,
  samples: 1,
  late: 0,
  state: 'infusing',
  values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value, value, value, value]])),
})

const history = (world: World, pumpId: string, query: URLSearchParams) => {
  const [from, to, most] = ['from', 'to', 'maxPoints'].map((name) => Number(query.get(name)))
  const all = (world.points.get(pumpId) ?? []).filter(({ at }) => at >= (from ?? 0) && at < (to ?? 0))
  const isThinned = all.length > (most ?? 0)
  return {
    pumpId,
    from,
    to,
    resolutionMs: isThinned ? 1000 : 0,
    buckets: isThinned ? all.slice(0, 1).map(bucket) : all.map(bucket),
    alarms: [],
    lastSampleAt: null,
  }
}

const serve = async (world: World): Promise<string> => {
  const answer = (path: string, query: URLSearchParams): unknown => {
    if (path === '/api/v1/session') return {}
    if (path === '/api/v1/pumps')
      return {
        pumps: [...world.points.keys()].map((pumpId) => ({ pumpId })),
        serverTime: startedAt,
      }
    if (path === '/api/v1/alarms')
      return { alarms: query.get('state') === 'open' ? world.alarms : [], serverTime: startedAt }
    const pumpId = /^\/api\/v1\/pumps\/([^/]+)\/history$/.exec(path)?.[1]
    if (pumpId !== undefined) return history(world, pumpId, query)
    const alarm = world.alarms.find(({ episodeId }) => path === `/api/v1/alarms/${episodeId}`)
    return { alarm, history: world.stories.get(alarm?.episodeId ?? '') ?? [], serverTime: startedAt }
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    response.setHeader('set-cookie', '__Host-sid=x; Path=/')
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer(url.pathname, url.searchParams)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

const verdictOn = async (plant: (world: World) => void) => {
  const { truth, world } = told()
  plant(world)
  const folder = mkdtempSync(join(tmpdir(), 'verify-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'truth.jsonl')
  writeFileSync(file, truth)
  const nurse = await NurseClient.signIn(await serve(world), 'Kim', 'secret')
  const log = new TruthReader(file)
  return await new Verification({
    truth: () => log.lines(),
    nurse,
    settledAt: startedAt + minutes * 60_000,
    tolerance: usualTolerance,
  }).look()
}

const change = (world: World, by: (alarm: AlarmView) => Partial<AlarmView>): void => {
  world.alarms = world.alarms.map((alarm, index) => (index === 0 ? { ...alarm, ...by(alarm) } : alarm))
}

const points = (world: World, pumpId = 'P-1'): Point[] => world.points.get(pumpId) ?? []

describe('the oracle', () => {
  it('finds nothing on a server that has everything', async () => {
    const verdict = await verdictOn(() => {})
    expect(verdict.findings).toEqual([])
    expect(verdict).toMatchObject({ pumps: 2, alarms: 2 })
    expect(verdict.samples).toBeGreaterThan(2 * minutes * 60)
  })

  it.each<readonly [string, (world: World) => void, readonly string[], string]>([
    ['a dropped sample', (world) => points(world).splice(30, 1), ['missing'], 'P-1'],
    ['a doubled sample', (world) => points(world).splice(30, 0, ...points(world).slice(30, 31)), ['doubled'], 'P-1'],
    [
      'swapped pumps',
      (world) => {
        const [a, b] = [points(world), points(world, 'P-2')]
        world.points.set('P-1', [...a.slice(0, 60), ...b.slice(60)])
        world.points.set('P-2', [...b.slice(0, 60), ...a.slice(60)])
      },
      ['swapped'],
      'P-1',
    ],
    ['a late alarm', (world) => change(world, ({ startedAt: at }) => ({ observedAt: at + 30_000 })), ['late'], 'P-1'],
    [
      'a missing end',
      (world) => change(world, () => ({ condition: 'active', endedAt: null })),
      ['not-ended', 'unexpected'],
      'P-1',
    ],
    [
      'an invented alarm',
      (world) => world.alarms.push(alarmView('P-2', 'air-in-line', startedAt + 5_000, 'high')),
      ['false'],
      'P-2',
    ],
    [
      'a wrong unit',
      (world) =>
        points(world).splice(
          5,
          1,
          ...points(world)
            .slice(5, 6)
            .map((p) => ({ ...p, rateMlPerHour: p.rateMlPerHour / 60 })),
        ),
      ['wrong-value'],
      'P-1',
    ],
    ['a wrong priority', (world) => change(world, () => ({ priority: 'medium' })), ['wrong-priority'], 'P-1'],
    [
      'a wrong time',
      (world) =>
        points(world).splice(
          30,
          1,
          ...points(world)
            .slice(30, 31)
            .map((p) => ({ ...p, at: p.at + 9_000 })),
        ),
      ['wrong-time'],
      'P-1',
    ],
    [
      'a lost acceptance',
      (world) => {
        const by = { userId: 'u-1', name: 'Kim' } as AlarmHistoryEntry['by']
        const [first] = world.alarms
        if (first !== undefined)
          world.stories.set(first.episodeId, [{ at: startedAt + 60_000, what: 'accepted', by, detail: {} }])
      },
      ['lost-acceptance'],
      'P-1',
    ],
    ['a missing alarm', (world) => world.alarms.shift(), ['missing', 'unexpected'], 'P-1'],
    [
      'a pump called lost that never was',
      (world) => world.alarms.push(alarmView('P-2', 'link-lost-pump', startedAt + 50_000, 'medium')),
      ['false'],
      'P-2',
    ],
  ])('finds %s', async (_, plant, kinds, pumpId) => {
    const { findings } = await verdictOn(plant)
    expect([...new Set(findings.map(({ kind }) => kind))].toSorted()).toEqual([...kinds].toSorted())
    expect(findings[0]?.pumpId).toBe(pumpId)
  })
})
