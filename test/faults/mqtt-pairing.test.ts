import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { startMosquitto } from '#test/support/foreign-broker.ts'
import { Program, repository } from '#test/support/program.ts'
import { findService, servicesRequired } from '#test/support/services.ts'
import { startGatewayProcess } from './gateway-process.ts'
import type { HubStatus } from '#gateway/core/health.ts'
import type { GatewayProcess } from './gateway-process.ts'

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'mqtt-pairing-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const gateway = async (...args: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
  await promisify(execFile)(process.execPath, ['gateway/main.ts', ...args], { cwd: repository })

const simulate = (spec: string): void => {
  const program = new Program({ name: 'simulators', args: ['simulators/main.ts', 'run', '--pump', spec] })
  onTestFinished(() => program[Symbol.asyncDispose]())
}

const pumpOf = async (hub: GatewayProcess): Promise<HubStatus['pumps'][number]> =>
  await eventually(async () => (await hub.status()).pumps.find(({ link }) => link === 'up'), {
    within: 30_000,
    every: 100,
    what: 'the pump to be heard',
  })

it('a pump that is set up with what the two commands print is heard over TLS; without its secret it is not', async () => {
  const folder = await folderForTest()
  const printed = (await gateway('mqtt', 'add-pump', '--id', 'PUMP-5')).stdout
  const password = /password +(\w+)/.exec(printed)?.[1] ?? ''
  const secretSha256 = /secretSha256: '(\w+)'/.exec(printed)?.[1]
  expect(password).toMatch(/^[0-9a-f]{32}$/)
  const ca = join(folder, 'ca.pem')
  const { stdout: pem, stderr: words } = await gateway('mqtt', 'ca', '--data', join(folder, 'data'))
  await writeFile(ca, pem)
  expect(words).toMatch(/SHA-256 fingerprint: ([0-9A-F]{2}:){31}[0-9A-F]{2}/)

  const hub = await startGatewayProcess(folder, {
    server: { url: 'http://127.0.0.1:9' },
    mqtt: { host: '127.0.0.1', port: 0, tls: true, pumps: [{ id: 'PUMP-5', secretSha256 }] },
  })
  const said = await eventually(() => hub.log.find(({ msg }) => msg === 'MQTT broker listens'), { within: 20_000 })
  const url = `mqtts://localhost:${String(said['port'])}`
  simulate(`id=PUMP-5,protocol=mqtt-json,mqtt=${url},ca=${ca},password=wrong`)
  const refused = async (): Promise<boolean> =>
    ((await hub.status()).ports.find(({ name }) => name === 'mqtt')?.counters['wrongSecret'] ?? 0) > 0
  await eventually(refused, { within: 30_000, every: 100, what: 'a wrong secret to be counted' })
  expect((await hub.status()).pumps).toEqual([])
  simulate(`id=PUMP-5,protocol=mqtt-json,mqtt=${url},ca=${ca},password=${password}`)
  expect(await pumpOf(hub)).toMatchObject({ pumpId: 'PUMP-5', simulated: true })
  expect(hub.log.some((line) => JSON.stringify(line).includes(password))).toBe(false)
})

it.skipIf(findService('mosquitto') === null && !servicesRequired())(
  'a hub hears pumps through a mosquitto, says when that is gone, and goes on when it is back',
  async () => {
    const folder = await folderForTest()
    const first = (await startMosquitto()) ?? expect.fail('mosquitto is missing')
    const { port } = first
    const hub = await startGatewayProcess(folder, {
      server: { url: 'http://127.0.0.1:9' },
      mqtt: { broker: { url: `mqtt://127.0.0.1:${port}` }, pumps: [{ id: 'PUMP-5' }] },
    })
    simulate(`id=PUMP-5,protocol=mqtt-json,mqtt=mqtt://127.0.0.1:${port}`)
    await pumpOf(hub)
    await first[Symbol.asyncDispose]()
    await eventually(async () => (await hub.status()).pumps[0]?.link === 'lost', { within: 30_000, every: 200 })
    const gone = (await hub.status()).ports.find(({ name }) => name === 'mqtt')
    expect(gone).toMatchObject({ link: 'closed' })
    expect(gone?.reason).toMatch(/broker/)
    const second = (await startMosquitto({ port })) ?? expect.fail('mosquitto is missing')
    onTestFinished(() => second[Symbol.asyncDispose]())
    await pumpOf(hub)
    expect((await hub.status()).ports.find(({ name }) => name === 'mqtt')).toMatchObject({ link: 'up', reason: null })
  },
)
