import { describe, expect, it } from 'vitest'
import { alarisProfile } from '#domain/pump-protocols/alaris-acp/profile.ts'
import { derived, published, requests } from '#test/vectors/alaris-acp.ts'
import { Bench } from './session-support.ts'
import { bytes, crcOf } from './support.ts'

const wire = (frame: string): Uint8Array => bytes(`${frame}\r`)
const reply = (text: string): Uint8Array => wire(`!${text}|${crcOf(text)}`)
const serial = (number = '8002-00001') => reply(`INST_SERIALNO^${number}`)
const responseMax = reply('COMMS_RESPONSE_MAX^4000^ms')
const infusing = wire(derived.infusing)
const heldWithAlarm = wire(derived.heldWithAlarm)
const noAlarm = wire(published.noAlarm)

/** What a pump answers; null = nothing. */
type Answers = Partial<Record<string, Uint8Array | null>>

const healthy: Answers = {
  INST_SERIALNO: serial(),
  COMMS_PROTOCOL: wire(published.protocol),
  COMMS_RESPONSE_MAX: responseMax,
  SYRINGE_STATUS: wire(published.syringe),
  INF_RATE_MAX_SYRINGE: reply('INF_RATE_MAX_SYRINGE^1200.00^ml/h'),
  INF: infusing,
  INF_VTBI: reply('INF_VTBI^ACT^50.000^ml^STOP'),
  ALARM: noAlarm,
}

const nameOf = (frame: string): string => frame.slice(1, frame.indexOf('|'))

/** Plays the pump: answers each request 20 ms after it was sent. */
const play = (bench: Bench, answers: Answers, ms: number): string[] => {
  const asked: string[] = []
  const until = bench.nowMs + ms
  let seen = bench.sent.length
  const answer = () => {
    while (seen < bench.sent.length) {
      const name = nameOf(bench.sent[seen] ?? '')
      seen += 1
      asked.push(name)
      const bytes = answers[name]
      if (bytes) {
        bench.nowMs += 20
        bench.receive(bytes)
      }
    }
  }
  while (bench.nowMs < until) {
    bench.pass(100)
    answer()
  }
  return asked
}

const opened = () => new Bench(alarisProfile.newSession()).open()
const start = (answers: Answers = healthy, ms = 1000): Bench => {
  const bench = opened()
  const first = answers['INST_SERIALNO']
  if (first) bench.receive(first)
  bench.pass(0)
  const seen = bench.sent.length
  for (let at = 1; at < seen; at += 1) {
    const next = answers[nameOf(bench.sent[at] ?? '')]
    if (next) bench.receive(next)
  }
  play(bench, answers, ms)
  return bench
}

describe('an Alaris session: polling', () => {
  it('asks for the identity first, in order, one request at a time', () => {
    const bench = opened()
    expect(bench.sent).toEqual([requests.serial])
    bench.receive(serial())
    expect(bench.sent.at(-1)).toBe(requests.protocol)
    bench.receive(wire(published.protocol))
    expect(nameOf(bench.sent.at(-1) ?? '')).toBe('COMMS_RESPONSE_MAX')
    expect(bench.kinds).toEqual(['link'])
    bench.receive(responseMax)
    expect(bench.sent.at(-1)).toBe(requests.alarm)
    expect(bench.of('identified')).toMatchObject([
      { identity: { serial: '8002-00001', firmware: 'Asena Rev 2.1.5', measurementStatus: [] } },
    ])
  })

  it('keeps every period over a minute', () => {
    const bench = start()
    const asked = play(bench, healthy, 60_000)
    const count = (name: string) => asked.filter((one) => one === name).length
    expect(count('ALARM')).toBeGreaterThanOrEqual(48)
    expect(count('ALARM')).toBeLessThanOrEqual(60)
    expect(count('INF')).toBeGreaterThanOrEqual(26)
    expect(count('INF')).toBeLessThanOrEqual(30)
    expect(count('INF_VTBI')).toBeGreaterThanOrEqual(5)
    expect(count('SYRINGE_STATUS')).toBeLessThanOrEqual(2)
    expect(count('INST_SERIALNO')).toBe(1)
    expect(bench.session.counters).not.toHaveProperty('bad')
    expect(bench.session.counters).not.toHaveProperty('timeouts')
  })

  it('asks for the highest rate once per syringe', () => {
    const bench = start(healthy, 40_000)
    const asks = () => bench.sent.filter((frame) => nameOf(frame) === 'INF_RATE_MAX_SYRINGE').length
    expect(asks()).toBe(1)
    play(bench, { ...healthy, SYRINGE_STATUS: reply('SYRINGE_STATUS^OTHER^ 20^CONF') }, 35_000)
    expect(asks()).toBe(2)
  })

  it('repeats a request once, then counts a time-out and goes on', () => {
    const bench = start({ ...healthy, INF: null }, 100)
    bench.clear()
    const asked = play(bench, { ...healthy, INF: null }, 2000)
    expect(asked.join()).toContain('INF,INF,ALARM')
    expect(bench.session.counters['timeouts']).toBeGreaterThanOrEqual(1)
    expect(bench.of('alarms').length).toBeGreaterThanOrEqual(1)
  })

  it('does not go on without a serial number, and does not hurry', () => {
    const bench = opened().pass(3900)
    expect(bench.sent).toEqual([requests.serial, requests.serial, requests.serial, requests.serial])
    expect(bench.session.counters).toMatchObject({ timeouts: 2 })
  })

  it('goes on without a protocol version', () => {
    const bench = start({ ...healthy, COMMS_PROTOCOL: null, COMMS_RESPONSE_MAX: null }, 4000)
    expect(bench.session.identity).toMatchObject({ serial: '8002-00001', firmware: null })
    expect(bench.session.link).toBe('up')
  })

  it('takes a late reply as data of its name, and no other as an answer', () => {
    const bench = start()
    while (bench.sent.at(-1) !== requests.alarm) bench.pass(100)
    while (bench.sent.at(-1) === requests.alarm) bench.pass(100)
    const asked = [...bench.sent]
    bench.events.length = 0
    bench.receive(noAlarm)
    expect(bench.kinds).toEqual(['alarms'])
    expect(bench.sent).toEqual(asked)
    expect(bench.session.counters).not.toHaveProperty('bad')
  })

  it('ignores and counts a reply that nobody asked for', () => {
    const bench = start().clear()
    bench.receive(wire(published.remoteControl), infusing, infusing, infusing)
    expect(bench.session.counters).toMatchObject({ bad: 4 })
    expect(bench.kinds).toEqual([])
  })

  it('counts its own echo as nobody’s answer', () => {
    const bench = start().clear()
    bench.receive(wire(requests.inf))
    expect(bench.session.counters).toMatchObject({ bad: 1 })
  })
})

describe('an Alaris session: what a pump says', () => {
  it('reports status and alarms once the pump is known', () => {
    const bench = start()
    expect(bench.links).toEqual(['waiting', 'up'])
    expect(bench.of('alarms')[0]).toEqual({ kind: 'alarms', active: [] })
    expect(bench.of('sample')[0]?.sample).toMatchObject({
      pumpSerial: '8002-00001',
      measurementStatus: ['valid'],
      operatingState: 'infusing',
      rateMlPerHour: 12.5,
      infusedTotalMl: 3.217,
      linePressureMmHg: 17.9,
      timeRemainingSeconds: 13_473,
      activeAlarms: [],
      raw: { mode: 'SET', rate: '12.50 ml/h', volumeInfused: '3.217 ml', pressure: '17.90 mmHg', logEntryId: '000101' },
    })
  })

  it('shows the volume target and the syringe with later samples', () => {
    const bench = start(healthy, 5000)
    expect(bench.of('sample').at(-1)?.sample).toMatchObject({
      vtbiMl: 50,
      raw: { syringe: 'BD PLASTIPAK 50 CONF', rateMaxSyringe: '1200.00 ml/h' },
    })
  })

  it('reads an occlusion of unknown side with the pump held', () => {
    const bench = start()
    bench.clear()
    play(bench, { ...healthy, ALARM: wire(derived.occlusion), INF: heldWithAlarm }, 4000)
    const occlusion = {
      code: 'occlusion-unspecified',
      channelId: '1',
      vendorCode: 'AL_OCCLU',
      vendorText: 'OCCLUSION',
      priority: null,
    }
    expect(bench.of('alarms').at(-1)?.active).toEqual([occlusion])
    expect(bench.of('sample').at(-1)?.sample).toMatchObject({
      operatingState: 'stopped-alarm',
      notDeliveringReason: 'alarming',
      rateMlPerHour: 0,
      linePressureMmHg: 500.25,
      timeRemainingSeconds: null,
      activeAlarms: ['occlusion-unspecified'],
      raw: { timeLeft: '24+' },
    })
    expect(bench.kinds).toContain('delivery-stop')
  })

  it.each([
    ['AL_OCCLU', 'occlusion-unspecified'],
    ['AL_NEOIN', 'infusion-near-complete'],
    ['AL_EOIST', 'infusion-complete'],
    ['AL_VTBIS', 'infusion-complete'],
    ['AL_EOIKV', 'kvo-active'],
    ['AL_VTBIK', 'kvo-active'],
    ['AL_VTBIC', 'device-text'],
    ['AL_LWBAT', 'battery-low'],
    ['AL_LBTAC', 'battery-low'],
    ['AL_EMBAT', 'battery-depleted'],
    ['AL_ACDIS', 'mains-lost'],
    ['AL_DRDIS', 'set-not-seated'],
    ['AL_SYRCO', 'set-not-seated'],
    ['AL_CALLB', 'paused-too-long'],
    ['AL_FAULT', 'pump-malfunction'],
    ['AL_COMTO', 'host-timeout'],
    ['AL_PRDSC', 'device-text'],
    ['AL_RHIGH', 'device-text'],
    ['AL_LDSCN', 'device-text'],
    ['AL_TCITG', 'device-text'],
    ['AL_TITCA', 'device-text'],
    ['AL_TITNC', 'device-text'],
    ['constructor', 'device-text'],
  ])('reads %s as %s', (code, expected) => {
    const bench = start({ ...healthy, ALARM: reply(`ALARM^${code}^ ^ `) })
    expect(bench.of('alarms')[0]?.active).toMatchObject([{ code: expected, vendorCode: code, priority: null }])
  })

  it('shows an unknown code verbatim', () => {
    const bench = start({ ...healthy, ALARM: wire(derived.unknownCode) })
    expect(bench.of('alarms')[0]?.active).toMatchObject([
      { code: 'device-text', vendorCode: 'AL_ZZZZZ', vendorText: 'AL_ZZZZZ NEW TEXT' },
    ])
  })

  it('keeps an alarm when no reply comes', () => {
    const bench = start({ ...healthy, ALARM: wire(derived.batteryLow) })
    bench.clear()
    play(bench, { ...healthy, ALARM: null }, 3000)
    expect(bench.of('alarms')).toEqual([])
    expect(bench.of('sample').at(-1)?.sample.activeAlarms).toEqual(['battery-low'])
  })

  it('raises an alarm of its own when the flag stands twice without a code, and ends it with the flag', () => {
    const bench = start().clear()
    play(bench, { ...healthy, INF: heldWithAlarm }, 1500)
    expect(bench.of('alarms').at(-1)?.active ?? []).toEqual([])
    play(bench, { ...healthy, INF: heldWithAlarm }, 4000)
    expect(bench.of('alarms').at(-1)?.active).toMatchObject([
      { code: 'device-text', vendorText: 'alarm flag without code' },
    ])
    expect(bench.of('sample').at(-1)?.sample.activeAlarms).toEqual(['device-text'])
    play(bench, healthy, 4000)
    expect(bench.of('alarms').at(-1)?.active).toEqual([])
  })

  it('does not hide the flag when ALARM is never answered', () => {
    const bench = start({ ...healthy, INF: heldWithAlarm, ALARM: null }, 8000)
    expect(bench.of('alarms').at(-1)?.active).toMatchObject([{ vendorText: 'alarm flag without code' }])
    expect(bench.of('sample')).toEqual([])
  })

  it('keeps the flag of a status with a malformed number', () => {
    const broken = reply('INF^8002-00001^A^HLD^0.0.0^ml/h^^3.240^ml^500.25^mmHg^24+^EVENT^000102')
    const bench = start({ ...healthy, INF: broken })
    expect(bench.of('sample')[0]?.sample).toMatchObject({
      operatingState: 'stopped-alarm',
      rateMlPerHour: null,
      measurementStatus: ['invalid'],
      raw: { rate: '0.0.0 ml/h' },
    })
    expect(bench.session.counters).toMatchObject({ bad: 1 })
  })

  it('takes no value in a unit it does not know', () => {
    const odd = reply('INF^8002-00001^-^SET^12.50^ml/min^^3.217^ul^17.90^kPa^03:44:33^EVENT^000101')
    const bench = start({ ...healthy, INF: odd })
    expect(bench.of('sample')[0]?.sample).toMatchObject({
      operatingState: 'unknown',
      rateMlPerHour: null,
      infusedTotalMl: null,
      linePressureMmHg: null,
      measurementStatus: ['questionable'],
      raw: { rate: '12.50 ml/min', pressure: '17.90 kPa' },
    })
  })

  it('keeps a negative pressure', () => {
    const low = reply('INF^8002-00001^-^SET^12.50^ml/h^^3.217^ml^-50.00^mmHg^03:44:33^EVENT^000101')
    expect(start({ ...healthy, INF: low }).of('sample')[0]?.sample.linePressureMmHg).toBe(-50)
  })

  it.each([
    'INF^8002-00001^-^SET^12.50^ml/h^^3.217^ml^17.90^mmHg^03:44:33^EVENT',
    'INF^8002-00001^?^SET^12.50^ml/h^^3.217^ml^17.90^mmHg^03:44:33^EVENT^000101',
  ])('gives no effect to %s', (text) => {
    const bench = start({ ...healthy, INF: reply(text) })
    expect(bench.of('sample')).toEqual([])
    expect(bench.session.counters['bad']).toBeGreaterThan(0)
  })

  it.each(['ALARM^AL_OCCLU', 'ALARM^ ^ ^ '])('takes no list of alarms from %s', (text) => {
    const bench = start({ ...healthy, ALARM: reply(text) })
    expect(bench.of('alarms')).toEqual([])
    expect(bench.session.counters['bad']).toBeGreaterThan(0)
  })
})

describe('an Alaris session: identity and link', () => {
  it('reports another serial number inside INF, and verifies it before anything counts', () => {
    const bench = start().clear()
    const other = reply('INF^8002-00002^-^SET^12.50^ml/h^^3.217^ml^17.90^mmHg^03:44:33^EVENT^000101')
    play(bench, { ...healthy, INST_SERIALNO: serial('8002-00002'), INF: other }, 4000)
    const changed = bench.kinds.indexOf('identity-changed')
    expect(bench.events[changed]).toEqual({ kind: 'identity-changed', from: '8002-00001', to: '8002-00002' })
    expect(bench.kinds.slice(changed, changed + 4)).toEqual(['identity-changed', 'link', 'identified', 'link'])
    expect(bench.of('sample').at(-1)?.sample.pumpSerial).toBe('8002-00002')
  })

  it('reports another pump after a reopening', () => {
    const bench = start().close().clear().open()
    play(bench, {}, 100)
    bench.receive(serial('8002-00009'), wire(published.protocol), responseMax)
    expect(bench.kinds).toEqual(['link', 'identity-changed', 'identified'])
  })

  it('does not identify by a malformed serial number', () => {
    const bench = start({ ...healthy, INST_SERIALNO: serial('80-1') }, 5000)
    expect(bench.session.identity).toBeNull()
    expect(bench.of('sample')).toEqual([])
    expect(bench.session.counters['bad']).toBeGreaterThan(1)
  })

  it('goes stale after 6 s and is lost after 10 s of silence', () => {
    const bench = start().clear().pass(12_000)
    expect(bench.links).toEqual(['stale', 'lost'])
    play(bench, healthy, 4000)
    expect(bench.session.link).toBe('up')
  })

  it.each(['INF', 'ALARM'])('is lost when only %s stays away: half a state is none', (name) => {
    const bench = start(healthy, 4000).clear()
    play(bench, { ...healthy, [name]: null }, 15_000)
    expect(bench.links).toEqual(['stale', 'lost'])
  })

  it('says after 10 s that nothing comes', () => {
    expect(opened().pass(10_000).of('link').at(-1)).toEqual({ kind: 'link', link: 'waiting', reason: 'silent' })
  })
})
