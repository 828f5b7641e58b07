import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isBelowNodeFloor } from '#domain/node-floor.ts'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import { environmentTable, parseConfig } from '#gateway/config.ts'
import { loadConfig, ServerEnvironment } from '#server/config.ts'
import { readConfig } from '#simulators/config.ts'
import { readCompose, readDeployed as read } from '#test/support/compose-file.ts'
import type { ComposeService } from '#test/support/compose-file.ts'

const root = join(import.meta.dirname, '../../..')
const { text, file, services, networks, volumes } = readCompose()
const all = Object.entries(services)
const isFile = ([source = '']: readonly string[]): boolean => source.startsWith('.')
/** Services on that network. */
const on = (network: string): readonly string[] =>
  all.flatMap(([name, one]) => (one.networks.includes(network) ? [name] : [])).toSorted()
const service = (name: string): ComposeService => services[name] ?? expect.fail(`no service ${name}`)

// test/vectors/compose-spec.schema.json: schema/compose-spec.json of github.com/compose-spec/compose-spec (Apache-2.0), as the npm
// package dclint 3.1.0 carries it. Formats such as "duration" are Compose's own and stay unchecked.
const specification = new Ajv({
  strict: false,
  validateSchema: false,
  validateFormats: false,
  allErrors: true,
}).compile(JSON.parse(read('test/vectors/compose-spec.schema.json')) as object)
const complaints = (compose: unknown): readonly string[] => {
  specification(compose)
  return (specification.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
}

/** Of Node itself, before the program's name. */
const isFlag = (part: string): boolean => part.startsWith('--')

describe('docker-compose.yml', () => {
  it('is a file of the Compose specification', () => {
    expect(complaints(file)).toEqual([])
  })

  it.each([
    ['restart: unless-stopped', 'restarts: always'],
    ['driver: json-file', 'driver: 7'],
    ['internal: true', 'internal: [1]'],
    ['condition: service_healthy', 'condition: healthy'],
  ])('would not be one with %s as %s', (right, wrong) => {
    expect(text).toContain(right)
    expect(complaints(parse(text.replace(right, wrong), { merge: true }))).not.toEqual([])
  })

  it('runs the database, the broker, the three programs and what shows their figures', () => {
    const names = ['gateway', 'grafana', 'influxdb', 'mosquitto', 'prometheus', 'server', 'simulators']
    expect(Object.keys(services).toSorted()).toEqual(names)
    expect(service('influxdb').image).toMatch(/^influxdb:2\.7\./)
  })

  it('names every image with its exact version', () => {
    for (const [name, { image, build }] of all)
      if (build === undefined) expect(image, name).toMatch(/^[a-z-]+(\/[a-z]+)?:v?\d+\.\d+\.\d+$/)
    const bases = [...read('deploy/Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image ?? '')
    expect(bases.length).toBe(2)
    for (const base of bases) {
      const version = /^node:(24\.\d+\.\d+)-bookworm-slim$/.exec(base)?.[1] ?? expect.fail(`${base} is not pinned`)
      expect(isBelowNodeFloor(version), base).toBe(false)
    }
  })

  it.each(all)('lets %s do no more than it has to', (_name, one) => {
    expect(one.user).toMatch(/^[1-9]\d*:\d+$/)
    expect(one).toMatchObject({ read_only: true, init: true, cap_drop: ['ALL'], cap_add: [] })
    expect(one.security_opt).toEqual(['no-new-privileges:true'])
    expect(one.privileged).toBeUndefined()
    expect(one.volumes.join()).not.toContain('docker.sock')
  })

  it.each(all)('starts %s again and asks whether it is well', (_name, one) => {
    expect(one.restart).toBe('unless-stopped')
    expect(one.healthcheck?.test[0]).toBe('CMD')
  })

  it('starts programs that exist, from an image file that exists', () => {
    const ours = all.filter(([, { build }]) => build !== undefined)
    expect(ours.map(([name]) => name)).toEqual(['server', 'gateway', 'simulators'])
    for (const [name, { build, command }] of ours) {
      expect(existsSync(join(root, build?.dockerfile ?? ''))).toBe(true)
      expect(command?.find((part) => !isFlag(part))).toBe(`${name}/main.ts`)
    }
  })

  it('mounts every named volume, and files that exist for reading only', () => {
    const mounts = all.flatMap(([, one]) => one.volumes.map((mount) => mount.split(':')))
    const named = mounts.filter((mount) => !isFile(mount)).map(([source = '']) => source)
    expect(named.toSorted()).toEqual(Object.keys(volumes).toSorted())
    for (const [source = '', , mode] of mounts.filter(isFile)) {
      expect(existsSync(join(root, source)), source).toBe(true)
      expect(mode, source).toBe('ro')
    }
  })

  it('waits for services that exist, and for health only where there is a health check', () => {
    const waits = all.flatMap(([, one]) => Object.entries(one.depends_on))
    expect(waits.length).toBeGreaterThan(4)
    for (const [name, { condition }] of waits) {
      if (condition === 'service_healthy') expect(service(name).healthcheck).toBeDefined()
      else expect(services[name]).toBeDefined()
    }
  })

  it('opens ports on the loopback address alone, each once', () => {
    const ports = all.flatMap(([, one]) => one.ports)
    expect(ports.toSorted()).toEqual(['127.0.0.1:3000:3000', '127.0.0.1:8080:8080', '127.0.0.1:9090:9090'])
  })

  it('lets only those speak to each other who have to', () => {
    expect(Object.fromEntries(Object.keys(networks).map((network) => [network, on(network)]))).toEqual({
      outside: ['grafana', 'prometheus', 'server'],
      pumps: ['gateway', 'mosquitto', 'simulators'],
      uplink: ['gateway', 'server'],
      store: ['grafana', 'influxdb', 'server'],
      figures: ['gateway', 'grafana', 'prometheus', 'server'],
    })
    const open = Object.entries(networks).filter(([, network]) => network?.internal !== true)
    expect(open.map(([name]) => name)).toEqual(['outside'])
  })
})

describe('the secrets of docker-compose.yml', () => {
  const example = [...read('deploy/.env.example').matchAll(/^(\w+)=(.*)$/gm)]

  it('all come from .env, must be there, and are named by the example without a value', () => {
    const used = [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, inside = '']) => inside)
    for (const inside of used) expect(inside).toMatch(/^\w+:\?run deploy\/make-env\.sh$/)
    const names = new Set(used.map((inside) => inside.replace(/:.*/, '')))
    expect(new Set(example.map(([, name]) => name))).toEqual(names)
    expect(example.map(([, , value]) => value)).toEqual(example.map(() => ''))
  })

  it('stand nowhere in the files', () => {
    for (const [name, { environment }] of all)
      for (const [key, value] of Object.entries(environment))
        if (/PASSWORD|TOKEN|PEPPER|CLAIM|SECRET/.test(key)) expect(value, `${name} ${key}`).toMatch(/^\$\{/)
    for (const path of ['gateway.yaml', 'simulators.yaml'])
      expect(read(`deploy/compose/${path}`)).not.toMatch(/^\s*-?\s*(password|secret)/m)
  })
})

const withSecrets = (environment: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value
        .replace(/\$\{GATEWAY_CLAIM[^}]*\}/, 'c-0123456789abcdef:ABCDEFGH2345')
        .replace(/\$\{[^}]*\}/, 'one of .env'),
    ]),
  )

describe('the programs of docker-compose.yml', () => {
  const { environment } = service('server')

  it('include a server that takes its settings', () => {
    for (const name of Object.keys(environment)) expect(Object.keys(ServerEnvironment.shape)).toContain(name)
    const loaded = loadConfig(withSecrets(environment))
    expect(loaded.ok ? [] : loaded.problems).toEqual([])
    const influx = service('influxdb').environment
    expect(environment['INFLUX_ORG']).toBe(influx['DOCKER_INFLUXDB_INIT_ORG'])
    expect(environment['INFLUX_BUCKET']).toBe(influx['DOCKER_INFLUXDB_INIT_BUCKET'])
    expect(environment['INFLUX_TOKEN']).toBe(influx['DOCKER_INFLUXDB_INIT_ADMIN_TOKEN'])
  })

  const gateway = () => {
    const settings = service('gateway').environment
    const own = Object.keys(settings).filter((name) => !name.startsWith('NODE_'))
    for (const name of own) expect(Object.keys(environmentTable)).toContain(name)
    return parseConfig(read('deploy/compose/gateway.yaml'), withSecrets(settings), profiles)
  }
  const simulators = () =>
    readConfig({
      file: read('deploy/compose/simulators.yaml'),
      pumps: [],
      truth: null,
      control: null,
      speed: null,
      mqttPassword: withSecrets(service('simulators').environment)['SIMULATOR_MQTT_PASSWORD'] ?? null,
    })

  it('include a gateway that takes its file, pairs by itself and is bounded as its systemd unit', () => {
    const config = gateway()
    expect(config.server.url).toContain('server:8080')
    expect(environment['PUBLIC_ORIGINS']?.split(',')).toContain('http://server:8080')
    expect(service('gateway').environment['GATEWAY_CLAIM']).toBe(environment['FIRST_HUB_CLAIM'])
    expect(config.enrol?.claimId).toBe('c-0123456789abcdef')
    expect(config.name).toBe(environment['FIRST_HUB_NAME'])
    const unit = read('deploy/systemd/infusion-watch-gateway.service')
    const { command = [], environment: settings } = service('gateway')
    const flags = command.slice(0, command.indexOf('gateway/main.ts'))
    expect(unit).toContain(`/usr/bin/node ${flags.join(' ')} ${settings['NODE_OPTIONS']} gateway/main.ts`)
    expect(unit).toMatch(/^MemoryMax=400M$/m)
    expect(service('gateway').mem_limit).toBe('400m')
    expect(service('gateway').healthcheck?.test.join(' ')).toContain('http://127.0.0.1:9470/healthz')
  })

  it('include simulated pumps that are those the gateway expects, each over its own wire', () => {
    const { pumps } = simulators()
    const overTcp = pumps.flatMap(({ protocol, tcp }) => (tcp === undefined ? [] : [{ protocol, port: tcp.port }]))
    const expected = gateway().ports.flatMap(({ protocol, url }) =>
      url.kind === 'tcp' ? [{ protocol, port: url.port }] : [],
    )
    expect(overTcp).toEqual(expected)
    const overMqtt = pumps.filter(({ mqtt }) => mqtt !== undefined)
    expect(overMqtt.map(({ id }) => id)).toEqual(gateway().mqtt?.pumps.map(({ id }) => id))
    expect(overMqtt.length).toBeGreaterThan(0)
  })

  it('meet at the broker under the names and passwords that it knows', () => {
    const { broker } = gateway().mqtt ?? {}
    const start = read('deploy/mosquitto/start.sh')
    const [, users = ''] = /^printf '%s:%s\\n' (.*) > "\$users"$/m.exec(start) ?? []
    const known = new Map([...users.matchAll(/([\w-]+) "\$(\w+)"/g)].map(([, user, variable]) => [user, variable]))
    const pump = simulators().pumps.find(({ mqtt }) => mqtt !== undefined)
    expect([...known.keys()]).toEqual([broker?.username, pump?.id])
    const given = service('mosquitto').environment
    const password = (user: string | undefined): string | undefined => given[known.get(user) ?? '']
    expect(password(broker?.username)).toBe(service('gateway').environment['GATEWAY_MQTT_PASSWORD'])
    expect(password(pump?.id)).toBe(service('simulators').environment['SIMULATOR_MQTT_PASSWORD'])
    expect(broker?.url).toBe('mqtt://mosquitto:1883')
    expect(pump?.mqtt).toBe(broker?.url)
    expect(read('deploy/mosquitto/acl')).toContain(`user ${broker?.username}\n`)
  })
})

describe('what is mounted into the images of others', () => {
  it('is started or run by them, so it can be', () => {
    for (const path of ['deploy/influxdb/reader.sh', 'deploy/mosquitto/start.sh', 'deploy/make-env.sh'])
      expect(statSync(join(root, path)).mode & 0o111, path).toBe(0o111)
  })

  it('lets Prometheus ask the server and the hub where they answer', () => {
    const { scrape_configs: jobs, rule_files: rules } = parse(read('deploy/prometheus/prometheus.yml')) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[]
      rule_files: string[]
    }
    expect(jobs.map(({ job_name: job, static_configs: [one] }) => [job, one?.targets])).toEqual([
      ['infusion-watch-server', [`server:${service('server').environment['METRICS_PORT']}`]],
      // Its name has to be one that the status page answers to.
      ['infusion-watch-hub', [`${service('gateway').hostname}:9470`]],
    ])
    for (const rule of rules) expect(existsSync(join(root, 'deploy/prometheus', rule)), rule).toBe(true)
  })

  it('gives Grafana an account that only reads, and the folders it looks into', () => {
    const { environment } = service('grafana')
    const data = read('deploy/grafana/provisioning/datasources/infusion-watch.yaml')
    expect(data).toContain('password: $INFLUX_READER_PASSWORD')
    expect(data).not.toMatch(/INFLUX_TOKEN|ADMIN/)
    expect(environment).not.toHaveProperty('INFLUX_TOKEN')
    const reader = read('deploy/influxdb/reader.sh')
    expect(reader).toContain('--username grafana --password "$INFLUX_READER_PASSWORD"')
    expect(reader).not.toMatch(/--write|--all-access|--operator/)
    const home = environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? ''
    expect(home).toMatch(/^\/etc\/infusion-watch\/dashboards\//)
    expect(existsSync(join(root, 'deploy/grafana/dashboards', home.slice(home.lastIndexOf('/') + 1)))).toBe(true)
    const mounted = Object.fromEntries(service('grafana').volumes.map((mount) => mount.split(':').slice(0, 2)))
    expect(mounted['./deploy/grafana/dashboards']).toBe('/etc/infusion-watch/dashboards')
    expect(mounted['./deploy/grafana/provisioning']).toBe(environment['GF_PATHS_PROVISIONING'])
    expect(read('deploy/grafana/provisioning/dashboards/infusion-watch.yaml')).toContain(
      'path: /etc/infusion-watch/dashboards\n',
    )
  })

  it('sets settings of the images that exist', () => {
    // From the pages of the images: influxdb 2.7, eclipse-mosquitto 2.0, prometheus 3, grafana 12.
    const known =
      /^(DOCKER_INFLUXDB_INIT_(MODE|USERNAME|PASSWORD|ORG|BUCKET|RETENTION|ADMIN_TOKEN)|INFLUXD_REPORTING_DISABLED|GF_(SECURITY_ADMIN_PASSWORD|USERS_ALLOW_SIGN_UP|ANALYTICS_(REPORTING_ENABLED|CHECK_FOR_UPDATES|CHECK_FOR_PLUGIN_UPDATES)|LOG_MODE|PATHS_PROVISIONING|DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH))$/
    const ofOurFiles = new Set(['INFLUX_READER_PASSWORD', 'MQTT_HUB_PASSWORD', 'MQTT_PUMP_PASSWORD'])
    for (const name of ['influxdb', 'mosquitto', 'prometheus', 'grafana'])
      for (const key of Object.keys(service(name).environment))
        if (!ofOurFiles.has(key)) expect(key, name).toMatch(known)
  })
})
