import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import { parseConfig } from '#gateway/config.ts'
import { GatewayError } from '#gateway/core/errors.ts'

const parse = (text: string, environment = {}) => parseConfig(text, environment, profiles)
const problems = (text: string): string => {
  try {
    parse(text)
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError)
    return (error as GatewayError).message
  }
}

const config = (host: string, pumps: string): string =>
  `name: h\nserver: { url: 'http://s' }\nmqtt: { host: ${host}, pumps: ${pumps} }`

const ownBroker = (fields: string): string =>
  `name: h\nserver: { url: 'http://s' }\nmqtt: { ${fields}, pumps: [{ id: P-1, secret: 0123456789abcdef }] }`
const foreignBroker = (url: string, fields = ', pumps: [{ id: P-1 }]'): string =>
  `name: h\nserver: { url: 'http://s' }\nmqtt: { broker: { url: '${url}' }${fields} }`

const good = `
name: hub-1
server: { url: https://watch.example.org }
dataDir: /var/lib/hub
ports:
  - { name: bed-1, url: 'serial:/dev/serial/by-id/usb-0', protocol: ip1, baudRate: 19200 }
  - { name: bed-2, url: 'tcp://10.0.0.7:4001', protocol: alaris-acp, simulated: demo }
mqtt: { pumps: [{ id: PUMP-5, secret: swordfish }] }
enrol: { claimId: c-1, code: 0123-4567-89AB }
`

describe('the gateway configuration', () => {
  it('is read from YAML with its defaults', () => {
    expect(parse(good)).toMatchObject({
      name: 'hub-1',
      statusHost: '127.0.0.1',
      statusPort: 9470,
      logLevel: 'info',
      ports: [
        { url: { kind: 'serial', path: '/dev/serial/by-id/usb-0' }, baudRate: 19_200 },
        { url: { kind: 'tcp', host: '10.0.0.7', port: 4001 }, simulated: 'demo' },
      ],
      mqtt: { host: '127.0.0.1', port: 1883 },
    })
  })

  it('is read from JSON too', () => {
    const json = JSON.stringify({ name: 'h', server: { url: 'http://localhost:8080' }, mqtt: {} })
    expect(parse(json)).toMatchObject({ name: 'h', ports: [] })
  })

  it('reports every problem at once, each with its path', () => {
    expect(
      problems(`
name: ''
server: { url: watch.example.org }
colour: blue
statusPort: 70000
ports:
  - { name: bed-1, url: /dev/ttyUSB0, protocol: ip1 }
  - { name: bed-2, url: 'tcp://pump', protocol: ip9 }
`).replace([...profiles.keys()].join(', '), '<every protocol>'),
    ).toMatchInlineSnapshot(`
      "the configuration has 7 problem(s):
        name: must be 1 to 64 of A-Z a-z 0-9 . _ - and start with a letter or digit
        server.url: must be an http or https URL
        ports.0.url: must be serial:/dev/… or tcp://host:port
        ports.1.url: must be serial:/dev/… or tcp://host:port
        ports.1.protocol: unknown protocol "ip9"; known: <every protocol>
        statusPort: Too big: expected number to be <=65535
        (file): Unrecognized key: "colour""
    `)
  })

  it('judges several values together although others are wrong', () => {
    expect(problems('name: h')).toMatchInlineSnapshot(`
      "the configuration has 2 problem(s):
        server: Invalid input: expected object, received undefined
        ports: no pump can connect: give a port or mqtt"
    `)
  })

  it('refuses a port name used twice and a hub without pumps', () => {
    const port = `{ name: bed-1, url: 'tcp://h:1', protocol: ip1 }`
    expect(problems(`name: h\nserver: { url: 'http://s' }\nports: [${port}, ${port}]`)).toContain(
      'ports.1.name: "bed-1" is used twice',
    )
    expect(problems(`name: h\nserver: { url: 'http://s' }`)).toContain('no pump can connect')
  })

  it('lets pumps in without a secret on loopback only', () => {
    expect(problems(config('127.0.0.1', '[]'))).toBe('')
    expect(problems(config('0.0.0.0', '[]'))).toContain('mqtt.pumps: needed unless mqtt.host is loopback')
    expect(problems(config('0.0.0.0', '[{ id: P-1 }]'))).toContain('mqtt.pumps.0.secret')
    expect(problems(config('192.168.1.2', '[{ id: P-1, secret: swordfish }]'))).toContain('too short')
    expect(problems(config('192.168.1.2', `[{ id: P-1, secretSha256: ${'0f'.repeat(32)} }]`))).toBe('')
    expect(problems(config('127.0.0.1', `[{ id: P-1, secret: a, secretSha256: ${'0f'.repeat(32)} }]`))).toContain(
      'not both',
    )
  })

  it('speaks TLS beyond loopback, on one interface, unless it says that this is a laboratory', () => {
    expect(parse(ownBroker('host: eth0')).mqtt).toMatchObject({ tls: true, port: 8883 })
    expect(parse(ownBroker('host: 127.0.0.1')).mqtt).toMatchObject({ tls: false, port: 1883 })
    expect(parse(ownBroker('host: 127.0.0.1, tls: true')).mqtt).toMatchObject({ tls: true, port: 8883 })
    expect(problems(ownBroker('host: 10.0.0.1, tls: false'))).toContain('mqtt.tls: needed unless')
    expect(problems(ownBroker('host: 0.0.0.0'))).toContain('mqtt.host: must be one address or interface')
    expect(problems(ownBroker('host: 0.0.0.0, tls: false, lab: true'))).toBe('')
  })

  it('listens to somebody else’s broker over TLS, to pumps it names', () => {
    expect(parse(foreignBroker('mqtts://broker.example')).mqtt?.broker).toMatchObject({ topicPrefix: 'pumps' })
    expect(problems(foreignBroker('mqtt://broker.example'))).toContain(
      'mqtt.broker.url: everybody on the network could forge',
    )
    expect(problems(foreignBroker('mqtt://broker.example', ', lab: true, pumps: [{ id: P-1 }]'))).toBe('')
    expect(problems(foreignBroker('mqtt://localhost', ''))).toBe('')
    expect(problems(foreignBroker('mqtts://broker.example', ''))).toContain('mqtt.pumps: needed unless')
    expect(problems(foreignBroker('mqtts://b', ', host: eth0, pumps: [{ id: P-1 }]'))).toContain(
      'mqtt.host: belongs to',
    )
    expect(problems(foreignBroker('mqtts://b', ', pumps: [{ id: P-1, secret: s }]'))).toContain(
      'a secret is for the hub’s own',
    )
    expect(problems(foreignBroker('mqtts://hub:secret@b'))).toContain('mqtt.broker.url: give user name and password in')
    expect(problems(foreignBroker('http://b'))).toContain('mqtt.broker.url: must be mqtts://')
  })

  it('takes the claim and the folder from the environment', () => {
    const parsed = parse(good, { GATEWAY_CLAIM: 'c-2:ABCD-EFGH-JKMN', GATEWAY_DATA_DIR: '/tmp/hub' })
    expect(parsed.enrol?.claimId).toBe('c-2')
    expect(parsed.enrol?.code.reveal()).toBe('ABCD-EFGH-JKMN')
    expect(parsed.dataDir).toBe('/tmp/hub')
  })

  it('takes the password at another broker from the environment, and needs a broker for it', () => {
    expect(
      parse(foreignBroker('mqtts://b'), { GATEWAY_MQTT_PASSWORD: 'only here' }).mqtt?.broker?.password?.reveal(),
    ).toBe('only here')
    expect(parse(good, { GATEWAY_MQTT_PASSWORD: 'only here' }).mqtt?.broker).toBeUndefined()
  })

  it('never prints a secret', () => {
    const parsed = parse(good)
    const printed = JSON.stringify(parsed) + inspect(parsed, { depth: 9 }) + String(parsed.enrol?.code)
    expect(printed).not.toMatch(/swordfish|0123-4567/)
    expect(printed).toContain('[redacted]')
  })

  it('says where a file stops being YAML', () => {
    expect(problems('name: [')).toMatch(/neither YAML nor JSON: .* at line 1/s)
  })
})
