import { setTimeout as pause } from 'node:timers/promises'
import type { Program } from '#test/support/program.ts'
import type { Target } from '../attacks/attack.ts'
import { AttackerProcess } from '../attacks/attacker-process.ts'
import type { AttackName } from '../attacks/attacks.ts'
import type { SinkProcess } from '../attacks/sink-process.ts'
import type { Measured } from '../figure.ts'
import { connectionsTaken, usageOf } from './process-usage.ts'
import type { Timings, Window } from './timings.ts'

/** The others' p99 in the middle stretch under attack, as a multiple of the same between the attacks. */
const atMostTimes = 1.2
/** A disk that stands still for a moment does so every ten seconds or so: in few stretches of this length, in half of all windows. */
const stretchMs = 1_700
/** Windows of each kind. */
export const pairs = 9
const megabyte = 1024 * 1024

export interface UnderAttack {
  readonly program: Program
  /** MB that no attack may add. */
  readonly growsAtMostMb: number
  /** What is said by whoever behaves, by name. */
  readonly peers: Readonly<Record<string, Timings>>
}

export interface AttackPlan {
  readonly name: AttackName
  readonly target: Target
  /** ms of one window of each kind. */
  readonly windowMs: number
  readonly attackMs?: number
  /** The same bytes go there, too, in windows of their own: what the attacker alone takes from the others on these processors. */
  readonly sink?: SinkProcess
  /** An attack that is made of connections is none without them. */
  readonly connectionsAtLeast?: number
}

/** The most memory that a process has while `work` goes on, MB. */
const mostDuring = async (pid: number, work: () => Promise<void>): Promise<number> => {
  let most = 0
  const look = (): void => void (most = Math.max(most, usageOf(pid).residentBytes / megabyte))
  const looking = setInterval(look, 100)
  await work().finally(() => clearInterval(looking))
  look()
  return most
}

const afterWindowMs = 500

interface Watched extends Window {
  /** How long the process was at work in it, on all its threads. */
  readonly cpuMs: number
  /** Connections that this machine took, the attacker's and the few of everybody else. */
  readonly connections: number
}

const windowOf = async (ms: number, pid: number): Promise<Watched> => {
  const [from, { cpuMs }, connections] = [performance.now(), usageOf(pid), connectionsTaken()]
  await pause(ms)
  const until = performance.now()
  return { from, until, cpuMs: usageOf(pid).cpuMs - cpuMs, connections: connectionsTaken() - connections }
}

const msPerSecond = (windows: readonly Watched[]): number => {
  const seconds = windows.reduce((sum, { from, until }) => sum + (until - from) / 1_000, 0)
  return windows.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / seconds
}

/** Of one length in all windows, for the longest of more is longer; a window that is shorter is one. */
const stretchesOf = ({ from, until }: Window): readonly Window[] =>
  Array.from({ length: Math.max(1, Math.floor((until - from) / stretchMs)) }, (_, nth) => ({
    from: from + nth * stretchMs,
    until: Math.min(until, from + (nth + 1) * stretchMs),
  }))

/** p99 of each stretch, and of those the middle one: a disk that stands still for a moment is in some of them, an attack in all. */
const usualP99 = (timings: Timings, windows: readonly Window[]): number => {
  const each = windows.flatMap(stretchesOf).map((stretch) => timings.within([stretch])?.p99 ?? NaN)
  return each.toSorted((a, b) => a - b)[each.length >> 1] ?? NaN
}

/** Windows with the attack and without it by turns, so that whatever else the machine does meets both; the first of each is not counted. */
export const underAttack = async (
  { program, peers, growsAtMostMb }: UnderAttack,
  plan: AttackPlan,
): Promise<Measured[]> => {
  const { name, target, windowMs, attackMs = windowMs, sink, connectionsAtLeast } = plan
  using attacker = new AttackerProcess(name, target)
  using elsewhere =
    sink === undefined ? null : new AttackerProcess(name, { ...target, url: sink.url, mqttPort: sink.mqttPort })
  const [calm, attacked, spared]: [Watched[], Watched[], Watched[]] = [[], [], []]
  const pid = program.child.pid ?? 0
  const attack = async (ms: number, by = attacker): Promise<Watched> => {
    await by.on()
    const window = await windowOf(ms, pid)
    await by.off()
    await pause(afterWindowMs)
    return window
  }
  await attack(windowMs / 2)
  const beforeMb = usageOf(pid).residentBytes / megabyte
  const mostMb = await mostDuring(pid, async () => {
    for (let pair = 0; pair < pairs; pair += 1) {
      calm.push(await windowOf(windowMs, pid))
      attacked.push(await attack(attackMs))
      if (elsewhere !== null) spared.push(await attack(attackMs, elsewhere))
    }
  })
  if (!program.running) throw new Error(`${program.name} did not live through ${name}`)
  return [
    ...Object.entries(peers).flatMap(([peer, timings]) => {
      const [during, without] = [timings.within(attacked), timings.within(calm)]
      const figure = (part: 'p50' | 'p99') => ({
        value: during?.[part] ?? NaN,
        unit: 'ms',
        limit: without?.[part] ?? NaN,
      })
      return [
        { name: `${name}: ${peer}, p50`, ...figure('p50') },
        { name: `${name}: ${peer}, p99 of all windows`, ...figure('p99') },
        {
          name: `${name}: ${peer}, p99`,
          value: usualP99(timings, attacked),
          unit: 'ms',
          limit: usualP99(timings, calm),
          target: { on: 'ratio', atMost: atMostTimes } as const,
        },
        ...(elsewhere === null
          ? []
          : [
              {
                name: `${name}: ${peer}, p99, the same bytes elsewhere`,
                value: usualP99(timings, spared),
                unit: 'ms',
                limit: usualP99(timings, calm),
              },
              {
                // What the attacked program adds to what the attacker alone takes from everybody on these processors.
                name: `${name}: ${peer}, p99, against the same bytes elsewhere`,
                value: usualP99(timings, attacked),
                unit: 'ms',
                limit: usualP99(timings, spared),
                target: { on: 'ratio', atMost: atMostTimes } as const,
              },
            ]),
      ]
    }),
    ...(connectionsAtLeast === undefined
      ? []
      : [
          {
            name: `${name}: connections that came`,
            value: attacked.reduce((sum, { connections }) => sum + connections, 0),
            unit: 'connections',
            target: { on: 'value', atLeast: connectionsAtLeast } as const,
          },
        ]),
    {
      name: `${name}: processor of the ${program.name}`,
      value: msPerSecond(attacked),
      unit: 'ms per s',
      limit: msPerSecond(calm),
    },
    {
      name: `${name}: memory of the ${program.name}`,
      value: mostMb,
      unit: 'MB',
      limit: beforeMb,
      target: { on: 'value', atMost: Math.ceil(beforeMb + growsAtMostMb) },
    },
  ]
}
