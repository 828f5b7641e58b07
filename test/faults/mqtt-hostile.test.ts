import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { eventually } from '#test/support/eventually.ts'
import { startBareBroker } from '#test/support/foreign-broker.ts'
import { sayOnce, speech } from '#test/support/hostile-mqtt.ts'
import { publishAs, pumpClient, status, telemetry } from '#test/support/mqtt-hub.ts'
import { startGatewayProcess } from './gateway-process.ts'
import type { OutboxRecord } from '#gateway/core/ports.ts'
import type { GatewayProcess } from './gateway-process.ts'

/** As deploy/systemd/infusion-watch-gateway.service bounds it. */
const heapOfTheUnit = '--max-semi-space-size=1 --max-old-space-size=160'
const megabyte = 1024 * 1024
const seed = 17

const secretOf = (id: string): string => `secret-of-${id}-0123456789`

/** Resident memory, MB. */
const memoryOf = async (pid: number): Promise<number> => {
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]) / 1024
}

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'mqtt-hostile-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const startHub = async (
  folder: string,
  pumps: readonly object[],
): Promise<{ readonly hub: GatewayProcess; readonly port: number }> => {
  const config = { server: { url: 'http://127.0.0.1:9' }, mqtt: { port: 0, pumps } }
  const hub = await startGatewayProcess(folder, config, { NODE_OPTIONS: heapOfTheUnit })
  await hub.status()
  const said = await eventually(() => hub.log.find(({ msg }) => msg === 'MQTT broker listens'))
  return { hub, port: Number(said['port']) }
}

/** Announces and sends a CONNECT of 200 MB; resolves when all is sent or the connection has ended. */
const sendHugeConnect = async (port: number): Promise<number> => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(Buffer.from([0x10, 0x80, 0x84, 0xaf, 0x5f, 0, 4, ...Buffer.from('MQTT'), 4, 0xc2, 0, 60]))
  const block = Buffer.alloc(megabyte)
  let sent = 0
  while (!socket.destroyed && sent < 199) {
    sent += 1
    if (!socket.write(block)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
  }
  // Time to be gathered by whoever gathers it.
  await Promise.race([pause(500), closed])
  socket.destroy()
  return sent
}

/** By how much the most memory that a process ever had grew while `attack` ran, MB. */
const growth = async (pid: number, attack: () => Promise<unknown>): Promise<number> => {
  const before = await memoryOf(pid)
  let most = before
  const over = new AbortController()
  const watch = (async () => {
    while (!over.signal.aborted) {
      most = Math.max(most, await memoryOf(pid))
      await pause(5)
    }
  })()
  await attack()
  over.abort()
  await watch
  return most - before
}

const wait = async (what: () => Promise<boolean>): Promise<void> => {
  await eventually(what, { within: 20_000, every: 50 })
}

describe('a hostile MQTT client', () => {
  it('cannot fill the hub’s memory with one CONNECT of 200 MB, as it can a bare broker', async () => {
    const { hub, port } = await startHub(await folderForTest(), [{ id: 'PUMP-5' }])
    const pump = await pumpClient({ port }, 'PUMP-5')
    for (let n = 0; n < 20; n += 1) await publishAs(pump, 'telemetry', telemetry)
    // What the process itself still takes and gives back while it starts is not the attack's.
    await wait(async () => {
      const first = await memoryOf(hub.pid)
      await pause(500)
      return Math.abs((await memoryOf(hub.pid)) - first) < 1
    })
    const guarded = await growth(hub.pid, () => sendHugeConnect(port))
    const bare = await startBareBroker()
    onTestFinished(() => bare[Symbol.asyncDispose]())
    const unguarded = await growth(bare.pid, () => sendHugeConnect(bare.port))
    console.log(
      `one unauthenticated CONNECT of 200 MB: the hub +${guarded.toFixed(1)} MB, a bare broker +${unguarded.toFixed(0)} MB`,
    )
    expect(guarded).toBeLessThan(5)
    expect(unguarded).toBeGreaterThan(100)
    await publishAs(pump, 'telemetry', telemetry)
  })

  it('in great numbers and with broken packets of every kind harms no pump', async () => {
    const folder = await folderForTest()
    const mallories = Array.from({ length: 20 }, (_, n) => `MALLORY-${n}`)
    const pumps = ['VICTIM', ...mallories].map((id) => ({ id, secret: secretOf(id) }))
    const { hub, port } = await startHub(folder, pumps)
    const victim = await pumpClient({ port }, 'VICTIM', { password: secretOf('VICTIM') })
    let thrownOut = 0
    victim.on('close', () => (thrownOut += 1))
    await publishAs(victim, 'status', { ...status, serial: 'VICTIM', intervalMs: 500 })
    const told: number[] = []
    const tell = async (): Promise<void> => {
      const infusedTotalMl = told.length / 8
      await publishAs(victim, 'telemetry', { ...telemetry, infusedTotalMl })
      told.push(infusedTotalMl)
    }
    await tell()
    const before = await memoryOf(hub.pid)

    const random = seededRandom(seed)
    const connections = 3_000
    let next = 0
    let bytes = 0
    const attack = async (): Promise<void> => {
      while (next < connections) {
        next += 1
        const mine = next
        const id = mallories[mine % mallories.length] ?? ''
        // An address of its own for each stranger, or the limit for one address would keep all of them out.
        const localAddress = `127.${1 + (mine >> 14)}.${(mine >> 7) & 127}.${1 + (mine & 127)}`
        bytes += await sayOnce({ port, localAddress }, speech(random, { id, password: secretOf(id) }))
      }
    }
    const over = new AbortController()
    const watch = (async () => {
      while (!over.signal.aborted) {
        await tell()
        await pause(250)
      }
    })()
    const start = performance.now()
    await Promise.all(Array.from({ length: 16 }, attack))
    const seconds = (performance.now() - start) / 1000
    over.abort()
    await watch
    const grown = (await memoryOf(hub.pid)) - before

    await tell()
    expect(thrownOut).toBe(0)
    const { ports } = await hub.status()
    const counters = ports.find(({ name }) => name === 'mqtt')?.counters ?? {}
    await victim.endAsync()
    expect(await hub.kill('SIGTERM')).toBe(0)
    const records = await storedIn(folder)
    const ofVictim = records.filter(({ pumpId }) => pumpId === 'VICTIM')
    console.log(
      `seed ${seed}: ${connections} hostile connections, ${(bytes / megabyte).toFixed(1)} MB in ${seconds.toFixed(1)} s; the hub ${grown >= 0 ? '+' : ''}${grown.toFixed(1)} MB, ` +
        `${told.length} samples of the victim stored, refused: ${JSON.stringify(counters)}`,
    )
    expect(grown).toBeLessThan(50)
    // Every sample of the victim, in order, and nothing that anybody else said in its name.
    expect(ofVictim.flatMap((record) => (record.kind === 'telemetry' ? [record.body.infusedTotalMl] : []))).toEqual(
      told,
    )
    expect(ofVictim.filter(({ kind }) => kind === 'condition')).toEqual([])
    expect(new Set(records.map(({ pumpId }) => pumpId).filter((id) => !mallories.includes(String(id))))).toEqual(
      new Set([null, 'VICTIM']),
    )
    // The attack reached what it was meant to reach.
    for (const reason of [
      'foreignTopic',
      'wrongSecret',
      'noConnect',
      'over',
      'protocol',
      'foreignSubscription',
      'version',
    ])
      expect(counters[reason], reason).toBeGreaterThan(0)
  })
})

const storedIn = async (folder: string): Promise<readonly OutboxRecord[]> => {
  await using outbox = await openSqliteOutbox({
    folder: join(folder, 'data', 'outbox'),
    bootId: BootId.parse('reader'),
    quarantined: () => {},
    salvaged: () => {},
    died: () => {},
  })
  return [...(await outbox.peek('alarm', 100_000)), ...(await outbox.peek('telemetry', 100_000))]
}
