import type { Measured } from '../figure.ts'
import type { AttackName } from '../attacks/attacks.ts'
import { SinkProcess } from '../attacks/sink-process.ts'
import type { Bench, Measure } from '../measure.ts'
import { HubPeers } from '../support/hub-peers.ts'
import { moreHubs, startHostileSystem, targetOf } from '../support/hostile-system.ts'
import { underAttack } from '../support/hostile-windows.ts'
import { WatchingNurse } from '../support/watching-nurse.ts'
import { setTimeout as pause } from 'node:timers/promises'

const names = [
  'nothing',
  'slow HTTP',
  'wrong bodies',
  'forged signatures',
  'event floods',
  '200 of one session',
  '200 paused clients',
] as const satisfies readonly AttackName[]

const settleMs = 5_000
/** security.md 7; the other attacks have to stay far below. */
const pausedMayCostMb = 100

const measured = async (bench: Bench): Promise<readonly Measured[]> => {
  await using system = await startHostileSystem([])
  const hubs = await moreHubs(system, 3)
  using peers = new HubPeers(system.url)
  await using owned = new AsyncDisposableStack()
  owned.use(await WatchingNurse.open(system.url, system.password('nurse'), peers.saw))
  peers.start(hubs)
  using sink = await SinkProcess.start()
  await pause(settleMs)
  const target = await targetOf(system, hubs[0]?.keyId ?? '', [])
  const timings = { 'hub’s batch → answer': peers.acknowledged, 'hub’s alarm → open wall': peers.shown }
  const attacked = { program: system.server, growsAtMostMb: pausedMayCostMb, peers: timings }
  const figures: Measured[] = []
  for (const name of names) {
    bench.say(`  ${name}`)
    const isOfRequests = name === 'wrong bodies' || name === 'forged signatures'
    const plan = { name, target, windowMs: bench.seconds * 100 }
    figures.push(...(await underAttack(attacked, isOfRequests ? { ...plan, sink } : plan)))
  }
  return [
    ...figures,
    {
      name: 'alarms of hubs that were turned away',
      value: peers.turnedAway.alarm,
      unit: 'batches',
      target: { on: 'value', atMost: 0 },
    },
    { name: 'samples of hubs that were turned away', value: peers.turnedAway.telemetry, unit: 'batches' },
  ]
}

export const measure: Measure = {
  what: 'seven kinds of malice at a real server, nine tenths of --seconds each, in turns with peace: how long three hubs wait for their answers and their alarms for a wall, and its memory; limit: the same between the attacks',
  run: (bench) => bench.once('hostile server', () => measured(bench)),
}
