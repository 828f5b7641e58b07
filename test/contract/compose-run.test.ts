import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeEnv, readEnv, runCompose, startComposeMosquitto } from '#test/support/compose-run.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { startInfluxd } from '#test/support/influxd.ts'
import { repository } from '#test/support/program.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-parts-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('deploy/make-env.sh', () => {
  it('makes every secret, different each time, in a file for its owner alone', async () => {
    const [one, two] = [join(newFolder(), '.env'), join(newFolder(), '.env')]
    expect(await makeEnv(one)).toMatchObject({ code: 0, said: expect.stringContaining('Keep it secret') as string })
    await makeEnv(two)
    expect(statSync(one).mode & 0o777).toBe(0o600)
    const [first, second] = [readEnv(one), readEnv(two)]
    const example = [...readFileSync(join(repository, 'deploy/.env.example'), 'utf8').matchAll(/^(\w+)=$/gm)]
    expect(Object.keys(first)).toEqual(example.map(([, name]) => name))
    const { GATEWAY_CLAIM: claim, ...others } = first
    expect(claim).toMatch(/^c-[0-9a-f]{16}:[0-9A-HJKMNP-TV-Z]{12}$/)
    for (const [name, value] of Object.entries(others)) expect(value, name).toMatch(/^[0-9a-f]{48}$/)
    expect(new Set([...Object.values(first), ...Object.values(second)]).size).toBe(2 * example.length)
  })

  it('overwrites nothing, and fills in what is missing when it is asked to', async () => {
    const file = join(newFolder(), '.env')
    writeFileSync(file, '# mine\nINFLUX_TOKEN=kept\nPASSWORD_PEPPER=\nMINE=', { mode: 0o640 })
    const before = readFileSync(file, 'utf8')
    expect(await makeEnv(file)).toMatchObject({ code: 1, said: expect.stringContaining('was not changed') as string })
    expect(readFileSync(file, 'utf8')).toBe(before)

    expect(await makeEnv(file, '--add-missing')).toMatchObject({ code: 0 })
    const filled = readFileSync(file, 'utf8')
    expect(filled).toMatch(/^# mine\nINFLUX_TOKEN=kept\nPASSWORD_PEPPER=[0-9a-f]{48}\nMINE=\n/)
    expect(Object.keys(readEnv(file))).toHaveLength(9)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await makeEnv(file, '--add-missing')).said).toContain('lacks nothing')
    expect(readFileSync(file, 'utf8')).toBe(filled)
  })

  it('says what it does, and what it does not know', async () => {
    const file = join(newFolder(), '.env')
    expect(await makeEnv(file, '--help')).toMatchObject({
      code: 0,
      said: expect.stringContaining('--add-missing') as string,
    })
    expect(await makeEnv(file, '--overwrite')).toMatchObject({ code: 2 })
    expect(() => statSync(file)).toThrow('ENOENT')
  })
})

/** The calls that a set-up InfluxDB would get; `known`: the account is there already. */
const calls = (known: boolean): string => {
  const folder = newFolder()
  const log = join(folder, 'calls')
  const answers = `#!/bin/sh
echo "$*" >> ${log}
case "$*" in
  "bucket list"*) printf '0123456789abcdef\\tinfusion\\t2160h0m0s\\n' ;;
  "v1 auth list"*) ${known ? "printf '0a\\tdashboards\\tgrafana\\n'" : 'exit 1'} ;;
esac
`
  writeFileSync(join(folder, 'influx'), answers, { mode: 0o755 })
  const env = {
    PATH: `${folder}:${process.env['PATH']}`,
    DOCKER_INFLUXDB_INIT_ORG: 'infusion-watch',
    DOCKER_INFLUXDB_INIT_BUCKET: 'infusion',
    INFLUX_READER_PASSWORD: 'read only',
  }
  const { status, stderr } = spawnSync('/bin/sh', [join(repository, 'deploy/influxdb/reader.sh')], {
    env,
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
  return readFileSync(log, 'utf8')
}

describe('deploy/influxdb/reader.sh', () => {
  it('makes an account that may read the one bucket', () => {
    expect(calls(false)).toContain(
      'v1 auth create --org infusion-watch --username grafana --password read only --read-bucket 0123456789abcdef --description dashboards, read only\n',
    )
  })

  it('gives an account that is there the new password', () => {
    expect(calls(true)).toContain('v1 auth set-password --username grafana --password read only\n')
    expect(calls(true)).not.toContain('auth create')
  })
})

const figures = async (port: number) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
const has = (...services: readonly ('mosquitto' | 'influxd')[]): string | null =>
  services.filter((service) => findService(service) === null).map(missingService)[0] ?? null
const skips = (missing: string | null): boolean => missing !== null && !servicesRequired()

describe.skipIf(skips(has('mosquitto')))(has('mosquitto') ?? 'the broker of docker-compose.yml', () => {
  it('lets nobody in without a password, and each pump speak under its own name alone', async () => {
    const folder = newFolder()
    const port = await freePort()
    const secrets = { MQTT_HUB_PASSWORD: 'of the hub', MQTT_PUMP_PASSWORD: 'of the pump' }
    await using broker = await startComposeMosquitto(folder, port, secrets)
    const stored = readFileSync(broker.users, 'utf8')
    expect(stored).toMatch(/^compose-hub:\$7\$.*\nsim-mqtt-1:\$7\$.*\n$/)
    expect(stored).not.toContain('of the')
    expect(statSync(broker.users).mode & 0o077).toBe(0)

    const come = async (username?: string, password?: string) => {
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
        reconnectPeriod: 0,
        connectTimeout: 5_000,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
      })
      onTestFinished(() => client.endAsync(true))
      return client
    }
    await expect(come()).rejects.toThrow(/[Nn]ot authorized/)
    await expect(come('sim-mqtt-1', 'of the hub')).rejects.toThrow(/[Nn]ot authorized/)
    const hub = await come('compose-hub', 'of the hub')
    const heard: string[] = []
    hub.on('message', (topic) => void heard.push(topic))
    await hub.subscribeAsync('pumps/+/telemetry', { qos: 1 })
    const pump = await come('sim-mqtt-1', 'of the pump')
    for (const topic of ['pumps/PUMP-0001/telemetry', 'pumps/sim-mqtt-1/telemetry'])
      await pump.publishAsync(topic, '{}', { qos: 1 })
    await eventually(() => heard.length > 0)
    expect(heard).toEqual(['pumps/sim-mqtt-1/telemetry'])
  })
})

describe.skipIf(skips(has('mosquitto', 'influxd')))(
  has('mosquitto', 'influxd') ?? 'server, gateway, simulators and broker with the settings of docker-compose.yml',
  () => {
    it('pair by themselves, are healthy, are measured, and store what all three pumps say and sound', async () => {
      await using influxd = await startInfluxd()
      await using run = await runCompose(influxd.url)
      const hub = `http://127.0.0.1:${run.ports.hub}`
      await eventuallyPasses(
        async () => {
          const text = await figures(run.ports.hub)
          expect(text).toContain('infusion_watch_hub_paired 1')
          expect(text).toMatch(/uplink_records_total\{lane="telemetry",verdict="stored"\} [1-9]/)
        },
        { within: 70_000, every: 200, what: `the hub to deliver: ${run.programs.gateway.output.slice(-2000)}` },
      )
      const values = async (tag: string, measurement: string): Promise<readonly string[]> => {
        const q = `SHOW TAG VALUES FROM "${measurement}" WITH KEY = "${tag}"`
        const asked = new URLSearchParams({ db: 'infusion', q })
        const reply = await (await fetch(`${influxd.url}/query?${asked.toString()}`)).text()
        return [...reply.matchAll(new RegExp(`\\["${tag}","([^"]+)"`, 'g'))].map(([, value = '']) => value)
      }
      const control = `http://127.0.0.1:${run.ports.control}/pumps/PUMP-0001/act`
      const body = JSON.stringify({ act: 'cassette-off' })
      expect((await fetch(control, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).ok).toBe(
        true,
      )
      await eventuallyPasses(async () => expect(await values('pump', 'alarm_event')).toEqual(['PUMP-0001']), {
        within: 70_000,
        every: 200,
      })
      const pumps = async () => values('pump', 'infusion')
      await eventuallyPasses(async () => expect(await pumps()).toEqual(['8002-51740', 'PUMP-0001', 'sim-mqtt-1']), {
        within: 70_000,
        every: 200,
      })
      expect(await figures(run.ports.serverFigures)).toContain('infusion_watch_server_info{')
      for (const name of ['server', 'gateway', 'simulators'] as const) expect(await run.checkHealth(name), name).toBe(0)
      expect((await fetch(`${hub}/healthz`)).status).toBe(200)

      const { server, gateway } = run.programs
      expect(server.output).toContain('the claim of the first hub is open')
      for (const { output } of [server, gateway])
        for (const secret of Object.values(run.secrets)) expect(output).not.toContain(secret.replace(/.*:/, ''))
    }, 240_000)
  },
)
