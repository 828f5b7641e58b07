import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '#test/support/eventually.ts'
import { System } from '#test/support/system.ts'
import { startEmptyProcess } from './empty-process.ts'
import { gatewayUnit } from './gateway-unit.ts'
import { usageOf } from './process-usage.ts'
import type { Program } from '#test/support/program.ts'
import type { FleetMember } from '#test/support/system.ts'
import type { HubStatus } from '#gateway/core/health.ts'
import type { Bench } from '../measure.ts'

/** Caches fill and the first collections of garbage are over. */
const settleSeconds = 20
/** The outbox makes room for alarms in its first minutes, once: a file of this size grows no more when it has not for this long. */
const grownAfterMs = 15_000
const growsAtMostMs = 300_000
/** Residence is read this often; the highest reading counts. */
const lookEveryMs = 1_000
const tmpfsMagic = 0x01021994

export interface LoopDelay {
  readonly p99Ms: number
  readonly maxMs: number
}

interface Work {
  readonly residentBytes: number
  readonly cpuPercent: number
  readonly loop: LoopDelay
}

export interface HubAtWork {
  readonly hub: Work
  readonly empty: Work
  readonly samples: number
  readonly seconds: number
  readonly writtenBytes: number
  /** The hub's files are in memory: what it wrote says nothing about a disk. */
  readonly inMemory: boolean
}

/** Two serial lines (pseudo-terminals), one TCP, one MQTT, each a sample a second. */
const four = (round: number): readonly FleetMember[] => [
  { id: `SIM-${round}001`, protocol: 'ip1', wire: 'serial' },
  { id: `SIM-${round}002`, protocol: 'ip1', wire: 'serial' },
  { id: `SIM-${round}003`, protocol: 'ip1', wire: 'tcp' },
  { id: `SIM-${round}004`, protocol: 'mqtt-json', wire: 'mqtt' },
]

export const pumps = (count: 4 | 10): readonly FleetMember[] => [...four(0), ...four(1), ...four(2)].slice(0, count)

const loopFlags = ['--import', join(import.meta.dirname, 'loop-delay.ts')]

const watched = async (program: Program, seconds: number): Promise<Omit<Work, 'loop'> & { writtenBytes: number }> => {
  const pid = program.child.pid ?? 0
  const [first, from] = [usageOf(pid), performance.now()]
  let residentBytes = first.residentBytes
  while (performance.now() - from < seconds * 1_000) {
    await pause(lookEveryMs)
    residentBytes = Math.max(residentBytes, usageOf(pid).residentBytes)
  }
  const last = usageOf(pid)
  return {
    residentBytes,
    cpuPercent: (100 * (last.cpuMs - first.cpuMs)) / (performance.now() - from),
    writtenBytes: last.writtenBytes - first.writtenBytes,
  }
}

/** Resolves when the alarm file of the outbox has found its size. */
const untilGrown = async (system: System): Promise<void> => {
  const file = join(system.dir, 'hub', 'outbox', 'alarm.db')
  let size = -1
  let since = performance.now()
  await eventually(
    () => {
      const now = statSync(file).size
      if (now !== size) since = performance.now()
      size = now
      return performance.now() - since >= grownAfterMs
    },
    { within: growsAtMostMs, every: 1_000, what: 'the outbox to have its reserve' },
  )
}

/** Real server, gateway and simulators; the gateway with the flags of its systemd unit, after a start that filled its compile cache. */
export const hubAtWork = async (
  bench: Bench,
  count: 4 | 10,
  { loopDelay }: { loopDelay: boolean },
): Promise<HubAtWork> => {
  const folder = mkdtempSync(join(tmpdir(), 'infusion-watch-bench-'))
  const unit = gatewayUnit()
  const loopFile = (name: string): string => join(folder, `${name}-loop.json`)
  const flags = loopDelay ? loopFlags : []
  try {
    await using system = await System.start({
      pumps: pumps(count),
      searched: false,
      gateway: {
        nodeFlags: [...unit.nodeFlags, ...flags],
        env: { ...unit.env, NODE_COMPILE_CACHE: join(folder, 'cache'), BENCH_LOOP_DELAY_FILE: loopFile('hub') },
      },
    })
    const status = async (): Promise<HubStatus> =>
      (await (await fetch(`${system.gatewayStatusUrl}/status`)).json()) as HubStatus
    await untilGrown(system)
    await system.gateway.kill('SIGTERM')
    system.startGateway()
    await eventually(async () => (await status()).pumps.filter(({ link }) => link === 'up').length === count, {
      within: 30_000,
      every: 200,
      what: 'every pump to be heard by the second start',
    })
    await using empty = await startEmptyProcess(folder, flags, { BENCH_LOOP_DELAY_FILE: loopFile('empty') })
    bench.say(`  ${count} pumps report; ${settleSeconds} s to settle, ${bench.seconds} s to look`)
    await pause(settleSeconds * 1_000)

    for (const { child } of loopDelay ? [system.gateway, empty] : []) child.kill('SIGUSR2')
    const before = (await status()).uplink.telemetry.delivered
    const [hub, idle] = await Promise.all([watched(system.gateway, bench.seconds), watched(empty, bench.seconds)])
    const samples = (await status()).uplink.telemetry.delivered - before
    await system.gateway.kill('SIGTERM')
    await empty.kill('SIGTERM')
    const loop = (name: string): LoopDelay =>
      loopDelay ? (JSON.parse(readFileSync(loopFile(name), 'utf8')) as LoopDelay) : { p99Ms: NaN, maxMs: NaN }
    return {
      hub: { ...hub, loop: loop('hub') },
      empty: { ...idle, loop: loop('empty') },
      samples,
      seconds: bench.seconds,
      writtenBytes: hub.writtenBytes,
      inMemory: (await statfs(folder)).type === tmpfsMagic,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
