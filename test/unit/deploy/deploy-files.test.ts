import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseConfig } from '#gateway/config.ts'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import { ServerEnvironment } from '#server/config.ts'
import { readConfig } from '#simulators/config.ts'

const root = join(import.meta.dirname, '../../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const Service = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
})
const Compose = z.object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.null()) })

const composeText = read('docker-compose.yml')
const { services, volumes } = Compose.parse(parse(composeText, { merge: true }))
const all = Object.entries(services)
const program = (name: string) => services[name] ?? expect.fail(`no service ${name}`)

describe('docker-compose.yml', () => {
  it('runs the database, the three programs and no other broker', () => {
    expect(Object.keys(services).toSorted()).toEqual(['gateway', 'influxdb', 'server', 'simulators'])
    expect(program('influxdb').image).toBe('influxdb:2.7')
  })

  it('starts programs that exist, from an image file that exists', () => {
    const ours = all.filter(([, service]) => service.build !== undefined)
    expect(ours).toHaveLength(3)
    for (const [, service] of ours) {
      expect(existsSync(join(root, service.build?.dockerfile ?? ''))).toBe(true)
      expect(service.command?.[0]).toMatch(/^(server|gateway|simulators)\/main\.ts$/)
    }
  })

  it('mounts named volumes and files that exist', () => {
    const mounts = all.flatMap(([, service]) => service.volumes.map((mount) => mount.split(':')[0] ?? ''))
    const named = mounts.filter((mount) => !mount.startsWith('.'))
    expect(named.toSorted()).toEqual(Object.keys(volumes).toSorted())
    for (const mount of mounts.filter((source) => source.startsWith('.')))
      expect(existsSync(join(root, mount)), mount).toBe(true)
  })

  it('waits for services that exist, and for health only where there is a health check', () => {
    const waits = all.flatMap(([, service]) => Object.entries(service.depends_on))
    expect(waits.length).toBeGreaterThan(2)
    for (const [name, { condition }] of waits) {
      if (condition === 'service_healthy') expect(program(name).healthcheck).toBeDefined()
      else expect(services[name]).toBeDefined()
    }
  })

  it('takes every secret from .env, and the example names them all', () => {
    const used = new Set([...composeText.matchAll(/\$\{(\w+)/g)].map((match) => match[1]))
    const example = [...read('deploy/.env.example').matchAll(/^(\w+)=(.*)$/gm)]
    expect(new Set(example.map((match) => match[1]))).toEqual(used)
    expect(used.size).toBeGreaterThan(2)
    expect(example.map((match) => match[2])).toEqual(example.map(() => ''))
  })

  it('gives the server settings that it knows', () => {
    const environment = program('server').environment ?? {}
    for (const name of Object.keys(environment)) expect(Object.keys(ServerEnvironment.shape)).toContain(name)
    expect(environment['INFLUX_ORG']).toBe(program('influxdb').environment?.['DOCKER_INFLUXDB_INIT_ORG'])
    expect(environment['INFLUX_BUCKET']).toBe(program('influxdb').environment?.['DOCKER_INFLUXDB_INIT_BUCKET'])
  })

  it('bounds the gateway as its systemd unit does, and asks whether it gets on', () => {
    const { environment, healthcheck } = program('gateway')
    const unit = read('deploy/systemd/infusion-watch-gateway.service')
    expect(unit).toContain(`/usr/bin/node ${environment?.['NODE_OPTIONS']} gateway/main.ts`)
    expect(healthcheck?.test.join(' ')).toContain('http://127.0.0.1:9470/healthz')
    expect(composeText).toMatch(/mem_limit: 400m/)
    expect(unit).toMatch(/^MemoryMax=400M$/m)
  })

  it('runs without rights: nobody’s account, no capabilities, a read-only file system', () => {
    expect(read('deploy/Dockerfile')).toMatch(/^USER node$/m)
    for (const line of ['read_only: true', 'cap_drop: [ALL]', "security_opt: ['no-new-privileges:true']"])
      expect(composeText).toContain(line)
  })

  it('opens ports on the loopback address alone', () => {
    const ports = all.flatMap(([, service]) => service.ports)
    expect(ports.length).toBeGreaterThan(0)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })
})

/** Without one of these the service may do more than it has to. */
const hardening = [
  'User=infusion-watch',
  'UMask=0077',
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'ProtectSystem=strict',
  'ProtectHome=yes',
  'ProtectProc=invisible',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectControlGroups=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'PrivateTmp=yes',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'RemoveIPC=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged',
] as const

describe.each(['server', 'gateway'])('the systemd unit of the %s', (name) => {
  const unit = read(`deploy/systemd/infusion-watch-${name}.service`)

  it('starts its program and starts it again for ever', () => {
    expect(unit).toMatch(new RegExp(`^ExecStart=/usr/bin/node (--\\S+ )*${name}/main\\.ts`, 'm'))
    expect(unit).toContain('Restart=always')
    expect(unit).toContain('StartLimitIntervalSec=0')
  })

  it('gives the program no rights it does not need', () => {
    for (const line of hardening) expect(unit).toContain(`\n${line}\n`)
    const families = /^RestrictAddressFamilies=(.*)$/m.exec(unit)?.[1]
    // Only the gateway asks for the addresses of network interfaces.
    expect(families).toBe(`AF_INET AF_INET6 AF_UNIX${name === 'gateway' ? ' AF_NETLINK' : ''}`)
  })
})

describe('the systemd unit of the gateway', () => {
  const unit = read('deploy/systemd/infusion-watch-gateway.service')
  const value = (name: string): string =>
    new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? expect.fail(`no ${name} in the unit`)

  it('restarts a hub that makes no progress, and lets the child that tells of progress speak', () => {
    expect([value('Type'), value('NotifyAccess'), value('WatchdogSec')]).toEqual(['notify', 'all', '30'])
    // As hard as a power cut, which the outbox survives; and no core on the card.
    expect([value('WatchdogSignal'), value('LimitCORE')]).toEqual(['SIGKILL', '0'])
  })

  it('bounds memory, tasks and files, the heap well below the memory', () => {
    const heapMb = Number(/--max-old-space-size=(\d+)/.exec(value('ExecStart'))?.[1])
    expect(heapMb * 2).toBeLessThanOrEqual(Number(/^(\d+)M$/.exec(value('MemoryHigh'))?.[1]))
    expect(Number(/^(\d+)M$/.exec(value('MemoryMax'))?.[1])).toBeGreaterThan(heapMb * 2)
    for (const name of ['TasksMax', 'LimitNOFILE']) expect(Number(value(name))).toBeGreaterThan(0)
    expect(unit).toContain('UV_THREADPOOL_SIZE=16')
  })

  it('may use serial lines, sound and no other device, those plugged in later included', () => {
    expect(value('DevicePolicy')).toBe('closed')
    expect(value('SupplementaryGroups')).toBe('dialout audio')
    const allowed = [...unit.matchAll(/^DeviceAllow=(.*)$/gm)].map((match) => match[1])
    expect(allowed).toEqual(['ttyUSB', 'ttyACM', 'ttyS', 'ttyAMA', 'alsa'].map((name) => `char-${name} rw`))
    for (const driver of ['usbserial', 'cdc_acm', 'snd']) expect(value('Wants')).toContain(`modprobe@${driver}.service`)
  })

  it('keeps its logs in memory, within a bound', () => {
    expect(value('LogNamespace')).toBe('infusion-watch')
    const journal = read('deploy/systemd/journald@infusion-watch.conf')
    for (const line of ['Storage=volatile', 'RuntimeMaxUse=32M', 'SystemMaxUse=64M']) expect(journal).toContain(line)
  })
})

it('the example environment of the server names settings that exist', () => {
  const names = [...read('deploy/systemd/server.env.example').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map((match) => match[1])
  expect(names.length).toBeGreaterThan(5)
  for (const name of names) expect(Object.keys(ServerEnvironment.shape)).toContain(name)
})

it.each(['deploy/compose/gateway.yaml', 'deploy/systemd/gateway.yaml.example'])(
  '%s is a configuration the gateway takes',
  (path) => {
    const config = parseConfig(read(path), {}, profiles)
    expect(config.ports.length).toBeGreaterThan(0)
    expect(config.mqtt?.pumps.length).toBeGreaterThan(0)
  },
)

it('the simulated pumps of the compose file are those the gateway expects', () => {
  const file = read('deploy/compose/simulators.yaml')
  const { pumps } = readConfig({ file, pumps: [], truth: null, control: null, speed: null })
  const gateway = parseConfig(read('deploy/compose/gateway.yaml'), {}, profiles)
  const overTcp = pumps.flatMap(({ protocol, tcp }) => (tcp === undefined ? [] : [{ protocol, port: tcp.port }]))
  const expected = gateway.ports.flatMap(({ protocol, url }) =>
    url.kind === 'tcp' ? [{ protocol, port: url.port }] : [],
  )
  expect(overTcp).toEqual(expected)
  const overMqtt = pumps.filter(({ mqtt }) => mqtt !== undefined)
  expect(overMqtt.map(({ id }) => id)).toEqual(gateway.mqtt?.pumps.map(({ id }) => id))
  expect(overMqtt.map(({ password }) => password)).toEqual(gateway.mqtt?.pumps.map(({ secret }) => secret?.reveal()))
})
