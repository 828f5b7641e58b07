import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { expect, it, onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { Program } from '#test/support/program.ts'
import { System } from '#test/support/system.ts'

// Somebody has copied the disk of a hub, key and all, and lets the copy run beside it (SECURITY.md, S3).

const pump = { id: 'SIM-0001', protocol: 'ip1', wire: 'tcp', settings: 'rateMlPerHour=120' } as const

it('a copy of a hub that sends beside it is told, the hub’s own pump stays heard, and one revocation ends both', async () => {
  const system = await System.start({ pumps: [pump] })
  onTestFinished(() => system[Symbol.asyncDispose]())
  const nurse = await system.signIn('nurse')
  const [hub] = await nurse.hubs()
  await system.gateway.kill('SIGTERM')
  const original = join(system.dir, 'hub')
  const copied = join(system.dir, 'copy')
  cpSync(original, copied, { recursive: true })
  system.startGateway()
  await eventually(async () => (await nurse.hubs())[0]?.state === 'live', { within: 60_000, what: 'the hub again' })

  const mqttPort = await freePort()
  const config = {
    ...(parse(readFileSync(join(original, 'gateway.yaml'), 'utf8')) as object),
    dataDir: copied,
    ports: [],
  }
  const file = join(copied, 'gateway.yaml')
  const own = { statusPort: await freePort(), mqtt: { host: '127.0.0.1', port: mqttPort } }
  writeFileSync(file, stringify({ ...config, ...own }))
  const copy = new Program({ name: 'copy', args: ['gateway/main.ts', 'run', '--config', file] })
  onTestFinished(() => copy[Symbol.asyncDispose]())
  const from = performance.now()
  await copy.says(/gateway runs/)
  const forged = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, {
    clientId: 'FORGED',
    username: 'FORGED',
    password: 'x',
  })
  onTestFinished(() => void forged.end(true))
  const alarm = { code: 'air-in-line', phase: 'start', priority: 'high' }
  await forged.publishAsync('pumps/FORGED/status', '{"online":true,"intervalMs":1000,"measurementStatus":["demo"]}', {
    qos: 1,
  })
  await forged.publishAsync('pumps/FORGED/alarm', JSON.stringify(alarm), { qos: 1 })

  const told = await eventually(async () => (await nurse.openAlarms()).find(({ code }) => code === 'hub-cloned'), {
    within: 120_000,
    what: 'the alarm that a hub has a copy',
  })
  console.info(`a copy was told ${Math.round(performance.now() - from)} ms after its start`)
  expect(told).toMatchObject({ hubId: hub?.hubId, pumpId: null, priority: 'medium' })
  await eventually(async () => (await nurse.pumps()).find(({ pumpId, link }) => pumpId === pump.id && link === 'up'), {
    within: 60_000,
    what: 'the pump of the hub',
  })
  expect(await nurse.alarm(told.episodeId)).toMatchObject({ alarm: { code: 'hub-cloned' } })

  const revoke = new Program({
    name: 'server',
    args: ['server/main.ts', 'hub', 'revoke', '--hub', String(hub?.hubId)],
    env: { DATA_DIR: join(system.dir, 'server') },
  })
  expect(await revoke.ended(60_000)).toBe(0)
  const revokedAt = performance.now()
  await Promise.all([system.gateway.says(/locked out: the key/), copy.says(/locked out: the key/)])
  console.info(
    `both knew ${Math.round(performance.now() - revokedAt)} ms after the revocation that they are locked out`,
  )
})
