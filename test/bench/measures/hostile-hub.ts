import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { AttackName } from '../attacks/attacks.ts'
import { randomPerSecond } from '../attacks/on-mqtt.ts'
import { SinkProcess } from '../attacks/sink-process.ts'
import type { Measured } from '../figure.ts'
import type { Bench, Measure } from '../measure.ts'
import { goodPumps, startHostileSystem, targetOf } from '../support/hostile-system.ts'
import { pairs, underAttack } from '../support/hostile-windows.ts'
import { PumpPeers } from '../support/pump-peers.ts'
import { WatchingNurse } from '../support/watching-nurse.ts'

const names = [
  'nothing',
  'giant CONNECTs',
  'random MQTT',
  'takeovers',
  'wildcards',
  'slow MQTT',
  'serial noise',
] as const satisfies readonly AttackName[]

const settleMs = 5_000
const mayCostMb = 50
/** In all windows together. */
const connectionsAtLeast = 26_000
/** What the attacker sets out to make of them: timers of a millisecond leave about three quarters. */
const randomConnections = 46_800
const randomMs = (randomConnections / pairs / randomPerSecond) * 1_000

const measured = async (bench: Bench): Promise<readonly Measured[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-hostile-'))
  try {
    const serialPaths = [1, 2, 3, 4].map((nth) => join(folder, `noisy-${nth}`))
    await using system = await startHostileSystem(serialPaths)
    await using peers = new PumpPeers()
    await using owned = new AsyncDisposableStack()
    owned.use(await WatchingNurse.open(system.url, system.password('nurse'), peers.saw))
    await peers.start(system.mqttPort, goodPumps)
    using sink = await SinkProcess.start()
    await pause(settleMs)
    const target = await targetOf(system, '', serialPaths)
    const timings = { 'pump’s alarm → PUBACK': peers.acknowledged, 'pump’s alarm → open wall': peers.shown }
    const attacked = { program: system.gateway, growsAtMostMb: mayCostMb, peers: timings }
    const figures: Measured[] = []
    for (const name of names) {
      bench.say(`  ${name}`)
      const ofRandom = name === 'random MQTT' ? { attackMs: randomMs, sink, connectionsAtLeast } : {}
      figures.push(...(await underAttack(attacked, { name, target, windowMs: bench.seconds * 100, ...ofRandom })))
    }
    return [
      ...figures,
      {
        name: 'good pumps put out by an attack',
        value: peers.thrownOut,
        unit: 'pumps',
        target: { on: 'value', atMost: 0 },
      },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export const measure: Measure = {
  what: 'seven kinds of malice at a real hub, nine tenths of --seconds each, in turns with peace, one of them up to 46,800 random MQTT connections: how long 24 pumps wait for the PUBACK of an alarm and the alarm for a wall, and its memory; limit: the same between the attacks; beside it what the random connections cost when they go elsewhere',
  run: (bench) => bench.once('hostile hub', () => measured(bench)),
}
