import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { PtyPort } from '#simulators/adapters/pty.ts'
import { frame } from '#simulators/core/ip1/frames.ts'
import { eventually } from '#test/support/eventually.ts'
import { startGatewayProcess } from './gateway-process.ts'
import type { OutboxRecord } from '#gateway/core/ports.ts'
import type { GatewayProcess } from './gateway-process.ts'

const replugs = 50

const newCable = async (folder: string, name: string): Promise<{ pty: PtyPort; asked: () => number }> => {
  const pty = await PtyPort.open(join(folder, 'by-id', name))
  onTestFinished(() => pty[Symbol.asyncDispose]())
  let asked = 0
  pty.onReceived((bytes) => {
    if (Buffer.from(bytes).toString('latin1').includes('HI?')) asked += 1
  })
  return { pty, asked: () => asked }
}

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'replug-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'by-id'))
  return folder
}

const recordsIn = async (folder: string): Promise<readonly OutboxRecord[]> => {
  await using outbox = await openSqliteOutbox({
    folder: join(folder, 'data', 'outbox'),
    bootId: BootId.parse('boot-after'),
    quarantined: () => {},
    salvaged: () => {},
    died: () => {},
  })
  return [...(await outbox.peek('alarm', 1_000)), ...(await outbox.peek('telemetry', 1_000))]
}

const descriptors = ({ pid }: GatewayProcess): number => readdirSync(`/proc/${pid}/fd`).length

describe.skipIf(!existsSync('/dev/ptmx'))('a cable that is pulled and plugged in again (needs /dev/ptmx)', () => {
  it(`is open again soon, ${replugs} times, also when the ladder is at its longest, and nothing leaks`, async () => {
    const folder = await folderForTest()
    const { pty, asked } = await newCable(folder, 'usb-pump')
    const gateway = await startGatewayProcess(folder, {
      server: { url: 'http://127.0.0.1:1' },
      ports: [{ name: 'bedside', url: `serial:${pty.address}`, protocol: 'ip1' }],
    })
    await eventually(() => asked() > 0, { within: 10_000 })

    // By now attempts are 2 s apart.
    await pty.unplug()
    await eventually(async () => (await gateway.status()).ports[0]?.reason?.includes('is not there') === true)
    await pause(5_000)
    const before = asked()
    const pluggedAt = performance.now()
    await pty.plug()
    await eventually(() => asked() > before, { within: 5_000, every: 5 })
    const firstMs = performance.now() - pluggedAt

    const opened = descriptors(gateway)
    const openAfterMs: number[] = []
    for (let n = 0; n < replugs; n += 1) {
      await pty.unplug()
      await eventually(async () => (await gateway.status()).ports[0]?.link === 'closed', { every: 20 })
      const known = asked()
      const at = performance.now()
      await pty.plug()
      await eventually(() => asked() > known, { within: 5_000, every: 5 })
      openAfterMs.push(performance.now() - at)
    }
    const sorted = openAfterMs.toSorted((a, b) => a - b)
    process.stdout.write(
      `open after ${firstMs.toFixed(0)} ms with the ladder at 2 s; ${replugs} re-plugs: median ${sorted[replugs / 2]?.toFixed(0)} ms, longest ${sorted.at(-1)?.toFixed(0)} ms; descriptors ${opened} → ${descriptors(gateway)}\n`,
    )
    await eventually(() => descriptors(gateway) <= opened, { within: 5_000, what: 'descriptors to be given back' })
  })
})

/** An IP1 pump that says who it is and how it is, each frame with its next number; `infused` tells its samples apart (ip1.md 5). */
const speaker = (serial: string, boot: string, infused: number) => {
  let number = 0
  const next = (type: string, rest: string): Uint8Array => {
    number += 1
    return frame(`IP1,${type},${number.toString(16).toUpperCase().padStart(4, '0')},${boot},${rest}`)
  }
  return {
    hello: () => next('HI', `${serial},Acme,AP100,1.4.2,1000,AL+AK+LG+DEMO`),
    status: () => next('ST', `${10_000 + number * 250},R,C,12500,${infused},46783,13473,112,78,B,00000000,-`),
  }
}

describe.skipIf(!existsSync('/dev/ptmx'))('two pumps whose cables are swapped while they run (needs /dev/ptmx)', () => {
  it('keep their own records: no reading under the other one’s name, and the change is told', async () => {
    const folder = await folderForTest()
    const cables = [await newCable(folder, 'left'), await newCable(folder, 'right')] as const
    const gateway = await startGatewayProcess(folder, {
      server: { url: 'http://127.0.0.1:1' },
      ports: cables.map(({ pty }, index) => ({ name: `port-${index}`, url: `serial:${pty.address}`, protocol: 'ip1' })),
    })
    const pumps = [speaker('PUMP-A', '0A0A', 1_111), speaker('PUMP-B', '0B0B', 2_222)] as const
    let swapped = false
    let count = 0
    const cableOf = (pump: 0 | 1) => cables[swapped ? (pump === 0 ? 1 : 0) : pump]
    const speaking = setInterval(() => {
      count += 1
      for (const pump of [0, 1] as const) {
        if (count % 4 === 1) cableOf(pump).pty.write(pumps[pump].hello())
        cableOf(pump).pty.write(pumps[pump].status())
      }
    }, 250)
    onTestFinished(() => clearInterval(speaking))
    const named = async (): Promise<Record<string, string>> =>
      Object.fromEntries((await gateway.status()).pumps.map(({ pumpId, port, link }) => [pumpId, `${port} ${link}`]))
    await eventually(
      async () => (await named())['PUMP-A'] === 'port-0 up' && (await named())['PUMP-B'] === 'port-1 up',
      {
        within: 15_000,
      },
    )

    const samplesAtLeast = (rows: number): Promise<unknown> =>
      eventually(async () => (await gateway.status()).outbox.telemetry.rows >= rows, { within: 15_000 })
    await samplesAtLeast(8)
    // Several statuses come over the other cable before a pump says who it is.
    await eventually(() => count % 4 === 1, { every: 1 })
    swapped = true
    await eventually(
      async () => (await named())['PUMP-A'] === 'port-1 up' && (await named())['PUMP-B'] === 'port-0 up',
      {
        within: 20_000,
      },
    )
    await samplesAtLeast(20)
    clearInterval(speaking)
    await gateway.kill('SIGTERM')

    const records = await recordsIn(folder)
    const samples = records.filter(({ kind }) => kind === 'telemetry')
    const infusedOf = (pumpId: string) => [
      ...new Set(
        samples.flatMap((one) => (one.pumpId === pumpId && one.kind === 'telemetry' ? [one.body.infusedTotalMl] : [])),
      ),
    ]
    expect(samples.length).toBeGreaterThan(8)
    expect(infusedOf('PUMP-A')).toHaveLength(1)
    expect(infusedOf('PUMP-B')).toHaveLength(1)
    expect(infusedOf('PUMP-A')).not.toEqual(infusedOf('PUMP-B'))
    expect(new Set(samples.map(({ pumpId }) => pumpId))).toEqual(new Set(['PUMP-A', 'PUMP-B']))
    const changes = records.flatMap((one) =>
      one.kind === 'event' && one.body.event === 'identity-changed'
        ? [`${one.body.detail['from']} → ${one.body.detail['to']}`]
        : [],
    )
    expect(new Set(changes)).toEqual(new Set(['PUMP-A → PUMP-B', 'PUMP-B → PUMP-A']))
  })
})
