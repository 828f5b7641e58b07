import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '#gateway/config.ts'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import { ServerEnvironment } from '#server/config.ts'

const root = join(import.meta.dirname, '../../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

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

it('the example configuration of the gateway is one that it takes', () => {
  const config = parseConfig(read('deploy/systemd/gateway.yaml.example'), {}, profiles)
  expect(config.ports.length).toBeGreaterThan(0)
  expect(config.mqtt?.pumps.length).toBeGreaterThan(0)
})
