import { describe, expect, it } from 'vitest'
import { readConfig, settingsOf, type GivenConfig } from '#simulators/config.ts'

const given = (more: Partial<GivenConfig>): GivenConfig => ({
  file: null,
  pumps: [],
  truth: null,
  control: null,
  speed: null,
  ...more,
})

const problems = (more: Partial<GivenConfig>): string => {
  try {
    readConfig(given(more))
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  throw new Error('was accepted')
}

describe('the simulators’ configuration', () => {
  it('is read from arguments', () => {
    const config = readConfig(
      given({
        pumps: [
          'id=P-0001,protocol=ip1,serial=/tmp/p1,scenario=unplug,seed=7,rateMlPerHour=125',
          'id=8002-51740,protocol=alaris-acp,tcp=127.0.0.1:5001',
        ],
        control: '0',
        speed: '2.5',
      }),
    )
    expect(config).toMatchObject({ control: 0, speed: 2.5 })
    expect(config.pumps[0]).toMatchObject({ id: 'P-0001', scenario: 'unplug', seed: 7, serial: '/tmp/p1' })
    expect(config.pumps.map((pump) => settingsOf(pump).rateMlPerHour)).toEqual([125, 12.5])
    expect(config.pumps[1]?.tcp).toEqual({ host: '127.0.0.1', port: 5001 })
  })

  it('is read from a file, with arguments added', () => {
    const file = `
pumps:
  - { id: P-1, protocol: mqtt-json, mqtt: "mqtt://127.0.0.1:1883", settings: { airLimitMl: null } }
`
    const config = readConfig(given({ file, pumps: ['id=P-2,protocol=ip1,tcp=127.0.0.1:0'], truth: 't.jsonl' }))
    expect(config.pumps.map(({ id, scenario, seed }) => [id, scenario, seed])).toEqual([
      ['P-1', 'normal', 1],
      ['P-2', 'normal', 1],
    ])
    expect(config.pumps.map((pump) => settingsOf(pump).airLimitMl)).toEqual([null, 0.1])
    expect(config.truth).toBe('t.jsonl')
  })

  it('gives MQTT pumps without a password the one of the environment', () => {
    const mqtt = 'protocol=mqtt-json,mqtt=mqtt://127.0.0.1:1883'
    const pumps = [`id=P-1,${mqtt}`, `id=P-2,${mqtt},password=own`, 'id=P-3,protocol=ip1,tcp=127.0.0.1:0']
    const passwords = (mqttPassword: string | null) =>
      readConfig({ ...given({ pumps }), mqttPassword }).pumps.map(({ password }) => password)
    expect(passwords('shared')).toEqual(['shared', 'own', undefined])
    expect(passwords(null)).toEqual([undefined, 'own', undefined])
  })

  it('is refused with every problem named', () => {
    expect(
      problems({
        pumps: [
          'id=P-1,protocol=ip1,scenario=storm',
          'id=P-1,protocol=mqtt-json,tcp=127.0.0.1:1',
          'id=P-3,protocol=alaris-acp,serial=/tmp/x',
          'id=P-4,protocol=ip1,serial=/tmp/x,vtbiMl=-1',
          'id=P-5,protocol=ip1,serial=/tmp/x,colour=red',
          'id=p-6,protocol=terumo-xml-tcp,serial=/tmp/x',
          'id=P-7,protocol=ip1,serial=/tmp/x,mode=basic',
        ],
      }).replace(/known: .*, or the path of a file/, 'known: …'),
    ).toMatchInlineSnapshot(`
      "The configuration cannot be used:
        pumps.0.scenario: unknown scenario "storm"; known: …
        pumps.0.serial: give exactly one of serial, tcp, mqtt
        pumps.1.protocol: mqtt-json goes with mqtt, the others with serial or tcp
        pumps.2.id: an Alaris serial number looks like 8002-51740
        pumps.3.settings.vtbiMl: Too small: expected number to be >0
        pumps.4: Unrecognized key: "colour"
        pumps.5.id: a Terumo id has digits and capital letters only
        pumps.5.tcp: a Terumo pump is a TCP server: give tcp
        pumps.6.mode: mode and safTimeoutS belong to new-era-ne1000
        pumps.1.id: P-1 is used twice"
    `)
    expect(problems({ pumps: ['id=P-1,protocol=mqtt-json,mqtt=mqtt://h:1883,ca=/ca.pem'] })).toContain(
      'goes with mqtts://',
    )
    expect(problems({})).toContain('no pump: give --pump or pumps')
    expect(problems({ file: '{' })).toContain('neither YAML nor JSON')
  })
})
