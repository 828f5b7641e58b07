import { describe, expect, it } from 'vitest'
import { terumoProfile } from '#domain/pump-protocols/terumo-xml-tcp/profile.ts'
import { derivedId, published, r1Data, r2Data, replies, requests } from '#test/vectors/terumo-xml-tcp.ts'
import { Bench } from './session-support.ts'
import { bytes, configuredProfile, xmodemOf } from './support.ts'

const wire = (packet: string): Uint8Array => bytes(`\u0002${packet}\u0003`)
const packet = (xml: string): Uint8Array => wire(xml + xmodemOf(xml))
const identity = (id = derivedId): Uint8Array => packet(`<?xml version="1.0"?><REP><DEVID>${id}</DEVID></REP>`)

/** Sequence number of a status request, or null for an identity request. */
const sequenceOf = (sent: string): number | null => {
  const base64 = /<CMD>(.*)<\/CMD>/.exec(sent)?.[1]
  return base64 === undefined ? null : (Buffer.from(base64, 'base64')[0] ?? null)
}

/** A reply to the request with this sequence: result, then data. */
const reply = (sequence: number, result: string, data: string, id = derivedId): Uint8Array => {
  const all = `${sequence.toString(16).padStart(2, '0')} 01 00 00 ${result} ${data}`.replaceAll(' ', '')
  const base64 = Buffer.from(all, 'hex').toString('base64')
  return packet(`<?xml version="1.0"?><REP><DEVID>${id}</DEVID><CMD>${base64}</CMD></REP>`)
}

interface Pump {
  readonly id: string | null
  /** Result and data of a status reply; null: none. */
  readonly status: readonly [string, string] | null
}
const healthy: Pump = { id: derivedId, status: ['00', r1Data] }

/** Plays the pump: answers each request 20 ms after it was sent. Returns what was asked: `identity` or a sequence number. */
const play = (bench: Bench, { id, status }: Pump, ms: number): (string | number)[] => {
  const asked: (string | number)[] = []
  const until = bench.nowMs + ms
  let seen = bench.sent.length
  while (bench.nowMs < until) {
    bench.pass(100)
    for (; seen < bench.sent.length; seen += 1) {
      const sequence = sequenceOf(bench.sent[seen] ?? '')
      asked.push(sequence ?? 'identity')
      bench.nowMs += 20
      if (sequence === null && id !== null) bench.receive(identity(id))
      if (sequence !== null && status !== null) bench.receive(reply(sequence, status[0], status[1], id ?? ''))
    }
  }
  return asked
}

const opened = (model: 'ss' | 'lf' = 'ss') =>
  new Bench(configuredProfile('terumo-xml-tcp', { model }).newSession()).open()

const started = (pump: Pump = healthy, model: 'ss' | 'lf' = 'ss'): Bench => {
  const bench = opened(model)
  bench.receive(identity(pump.id ?? derivedId))
  if (pump.status !== null) bench.receive(reply(0, ...pump.status, pump.id ?? derivedId))
  return bench
}

const withBits = (bits: string, state = '00'): readonly [string, string] => {
  const data = r1Data.split(' ')
  data[2] = state
  data.splice(5, 3, ...bits.split(' '))
  return ['00', data.join(' ')]
}

describe('a Terumo session: asking', () => {
  it('asks who is there, then for the status, with the id it was told', () => {
    const bench = opened()
    expect(bench.sent).toEqual([wireText(published.askIdentity)])
    bench.receive(identity())
    expect(bench.sent.at(-1)).toBe(wireText(requests.status00))
    expect(bench.of('identified')).toMatchObject([{ identity: { serial: derivedId, firmware: null } }])
    bench.receive(reply(0, '00', r1Data)).pass(2000)
    expect(bench.sent.at(-1)).toBe(wireText(requests.status01))
  })

  it('asks every 2 s, and every 60 s again who is there', () => {
    const asked = play(started(), healthy, 125_000)
    expect(asked.filter((one) => one === 'identity')).toHaveLength(2)
    expect(asked.filter((one) => one !== 'identity').length).toBeGreaterThanOrEqual(55)
    expect(asked.filter((one) => one !== 'identity').length).toBeLessThanOrEqual(63)
  })

  it('wraps the sequence from 7E to 00', () => {
    const asked = play(started(), healthy, 280_000).filter((one) => one !== 'identity')
    expect(asked.slice(asked.indexOf(0x7d), asked.indexOf(0x7d) + 3)).toEqual([0x7d, 0x7e, 0])
    expect(Math.max(...asked.map(Number))).toBe(0x7e)
  })

  it('repeats the question for the name every 2 s, five times, and then gives the connection up', () => {
    const bench = opened().pass(9900)
    expect(bench.sent).toHaveLength(5)
    expect(bench.reopens).toEqual([])
    bench.pass(100)
    expect(bench.reopens).toEqual(['no answer from the pump'])
    expect(bench.session.counters).toMatchObject({ timeouts: 5 })
    bench.close('no answer from the pump').open()
    expect(bench.sent).toHaveLength(6)
  })

  it('repeats an unanswered status request once, with a sequence of its own', () => {
    const bench = started()
    const asked = play(bench, { ...healthy, status: null }, 4200)
    expect(asked.slice(0, 3)).toEqual([1, 2, 3])
    expect(bench.session.counters).toMatchObject({ timeouts: 1 })
  })

  it('takes no reply for another sequence, and waits on', () => {
    const bench = started().pass(2000).pass(1000).clear()
    bench.receive(reply(1, '00', r1Data))
    expect(bench.of('sample')).toEqual([])
    expect(bench.session.counters).toMatchObject({ bad: 1 })
    bench.receive(reply(2, '00', r1Data))
    expect(bench.of('sample')).toHaveLength(1)
  })

  it.each([
    ['nobody asked for', [reply(0, '00', r1Data)]],
    ['of another pump', [reply(1, '00', r1Data, 'OTHER')]],
    ['that names a pump unasked', [identity()]],
    ['that is our own echo', [wire(requests.status01)]],
    ['with a blank before <CMD>', [packet(replies.r1.slice(0, -4).replace('<CMD>', ' <CMD>'))]],
    ['of 28 bytes', [reply(1, '00', r1Data.slice(0, -3))]],
    ['to another command', [packet('<?xml version="1.0"?><REP><DEVID>1</DEVID><CMD>AQIAAAA=</CMD></REP>')]],
  ])('counts a packet %s and gives it no effect', (_name, wires) => {
    const bench = started()
    bench.pass(2000).clear()
    if (_name === 'nobody asked for') bench.receive(reply(1, '00', r1Data)).clear()
    bench.receive(...wires)
    expect(bench.events).toEqual([])
    expect(bench.session.counters).toMatchObject({ bad: 1 })
  })
})

const wireText = (told: string): string => Buffer.from(wire(told)).toString('latin1').trimEnd()

describe('a Terumo session: what a pump says', () => {
  it('reads R1: running, no alarm', () => {
    const bench = opened().receive(identity())
    bench.receive(reply(0, '00', r1Data))
    expect(bench.links).toEqual(['waiting', 'up'])
    expect(bench.of('alarms')).toEqual([{ kind: 'alarms', active: [] }])
    expect(bench.of('sample')[0]?.sample).toMatchObject({
      pumpSerial: derivedId,
      measurementStatus: ['valid'],
      operatingState: 'infusing',
      rateMlPerHour: 12.5,
      programmedRateMlPerHour: 12.5,
      infusedTotalMl: 3.22,
      vtbiMl: 46.7,
      doseRate: { value: 2.5, unit: 'mg/kg/h' },
      powerSource: 'onMains',
      batteryPercent: null,
      linePressureMmHg: null,
      activeAlarms: [],
      raw: { batteryBars: '5', syringe: '50/60 mL', weight: '70 kg', dilution: '10', occlusionMeter: '0 %' },
    })
    expect(bench.session.identity?.firmware).toBe('0403')
  })

  it('reads R2 of a syringe pump: stopped by an occlusion of unknown side, on battery', () => {
    const bench = started({ ...healthy, status: ['00', r2Data] })
    expect(bench.of('alarms')[0]?.active).toEqual([
      { code: 'occlusion-unspecified', channelId: '1', vendorCode: 'bit 3', vendorText: 'occlusion', priority: null },
      { code: 'mains-lost', channelId: '1', vendorCode: 'bit 15', vendorText: 'AC power detector', priority: null },
    ])
    expect(bench.of('sample')[0]?.sample).toMatchObject({
      operatingState: 'stopped-alarm',
      notDeliveringReason: 'alarming',
      rateMlPerHour: 0,
      vtbiMl: null,
      powerSource: 'onBattery',
      activeAlarms: ['occlusion-unspecified', 'mains-lost'],
      raw: { occlusionMeter: '75 %', alarmSound: 'on', target: 'no limit', weight: 'not set', alarmBits: '008008' },
    })
  })

  it('names no alarm of a volumetric pump by the syringe pumps’ table', () => {
    const bench = new Bench(terumoProfile.newSession()).open().receive(identity(), reply(0, '00', r2Data))
    expect(bench.of('alarms')[0]?.active).toMatchObject([
      {
        code: 'device-text',
        vendorCode: 'bit 3',
        vendorText: 'LF alarm bit 3',
        priority: null,
        profilePriority: 'high',
      },
      { code: 'device-text', vendorCode: 'bit 15', vendorText: 'LF alarm bit 15', profilePriority: 'high' },
    ])
    expect(bench.of('sample')[0]?.sample.operatingState).toBe('stopped')
  })

  it.each([
    [0, 'device-text', 'high'],
    [1, 'device-text', undefined],
    [2, 'infusion-complete', undefined],
    [3, 'occlusion-unspecified', undefined],
    [4, 'set-not-seated', undefined],
    [5, 'set-not-seated', undefined],
    [6, 'set-not-seated', undefined],
    [7, 'set-not-seated', undefined],
    [8, 'reservoir-low', undefined],
    [13, 'device-text', 'high'],
    [15, 'mains-lost', undefined],
    [16, 'device-text', undefined],
    [17, 'device-text', undefined],
    [18, 'device-text', undefined],
    [19, 'battery-low', undefined],
    [20, 'paused-too-long', undefined],
    [21, 'device-text', undefined],
    [22, 'maintenance-due', undefined],
    [23, 'battery-fault', undefined],
  ])('reads bit %i of a syringe pump as %s', (bit, code, priority) => {
    const bits = (1 << bit)
      .toString(16)
      .padStart(6, '0')
      .replace(/(..)(..)(..)/, '$1 $2 $3')
    const [alarm] = started({ ...healthy, status: withBits(bits) }).of('alarms')[0]?.active ?? []
    expect(alarm).toMatchObject({ code, vendorCode: `bit ${bit}`, priority: null })
    expect(alarm?.profilePriority).toBe(priority)
  })

  it('keeps reserved bits raw and raises nothing for them', () => {
    const bench = started({ ...healthy, status: withBits('00 5E 00') })
    expect(bench.of('alarms')[0]?.active).toEqual([])
    expect(bench.of('sample')[0]?.sample.raw['alarmBits']).toBe('005E00')
  })

  it('keeps several bits of one meaning apart, and ends each when its bit is 0', () => {
    const bench = started({ ...healthy, status: withBits('00 00 30') })
    expect(bench.of('alarms')[0]?.active.map(({ vendorCode }) => vendorCode)).toEqual(['bit 4', 'bit 5'])
    bench.clear()
    play(bench, { ...healthy, status: withBits('00 00 20') }, 2100)
    expect(
      bench
        .of('alarms')
        .at(-1)
        ?.active.map(({ vendorCode }) => vendorCode),
    ).toEqual(['bit 5'])
  })

  it.each([
    ['00', 'stopped', 0],
    ['10', 'infusing', 12.5],
    ['20', 'standby', 0],
    ['30', 'priming', null],
    ['40', 'bolus', null],
    ['50', 'bolus', null],
    ['60', 'unknown', null],
    ['F0', 'unknown', null],
  ])('reads state %s as %s with flow %s', (state, operatingState, rateMlPerHour) => {
    const bench = started({ ...healthy, status: withBits('00 00 00', state) })
    expect(bench.of('sample')[0]?.sample).toMatchObject({
      operatingState,
      rateMlPerHour,
      measurementStatus: ['valid'],
      programmedRateMlPerHour: 12.5,
    })
  })

  it('takes no dose rate in a unit it does not know', () => {
    const data = r1Data.split(' ').with(23, '07').join(' ')
    expect(started({ ...healthy, status: ['00', data] }).of('sample')[0]?.sample).toMatchObject({
      doseRate: null,
      measurementStatus: ['questionable'],
      raw: { dose: '2.5 raw 7' },
    })
  })

  it.each(['11', '12', '14', '15'])(
    'shows result %s as a refusal: no sample, no alarm, the link as it was',
    (result) => {
      const bench = started().clear()
      play(bench, { ...healthy, status: [result, '01 00 00'] }, 4000)
      expect(bench.session).toMatchObject({ link: 'up', reason: `pump refused: ${result}` })
      expect(bench.of('sample')).toEqual([])
      expect(bench.of('alarms')).toEqual([])
      expect(bench.session.counters).not.toHaveProperty('bad')
      play(bench, healthy, 2100)
      expect(bench.session).toMatchObject({ link: 'up', reason: null })
    },
  )

  it('is lost when a pump only refuses, and says why: no state is no all-clear', () => {
    const bench = started().clear()
    play(bench, { ...healthy, status: ['12', '01 00 00'] }, 12_000)
    expect(bench.links).toContain('lost')
    expect(bench.session.reason).toBe('pump refused: 12')
  })
})

describe('a Terumo session: identity and link', () => {
  it('reports another pump found by the question every 60 s, before its first status', () => {
    const bench = started().clear()
    play(bench, { id: 'OTHER01', status: null }, 61_000)
    expect(bench.of('identity-changed')).toEqual([{ kind: 'identity-changed', from: derivedId, to: 'OTHER01' }])
    play(bench, { id: 'OTHER01', status: ['00', r1Data] }, 4000)
    expect(bench.session.identity?.serial).toBe('OTHER01')
    expect(bench.of('sample').at(-1)?.sample.pumpSerial).toBe('OTHER01')
    const changed = bench.kinds.indexOf('identity-changed')
    expect(bench.kinds.indexOf('sample')).toBeGreaterThan(changed)
  })

  it('reports another pump while the first still answers for itself', () => {
    const bench = started().clear()
    play(bench, healthy, 59_000)
    bench.clear()
    play(bench, { id: 'OTHER01', status: ['00', r1Data] }, 8000)
    const changed = bench.kinds.indexOf('identity-changed')
    expect(bench.kinds.slice(changed, changed + 3)).toEqual(['identity-changed', 'link', 'identified'])
    expect(bench.of('sample').at(-1)?.sample.pumpSerial).toBe('OTHER01')
  })

  it('reports another pump after a reopening', () => {
    const bench = started().close().clear().open().receive(identity('OTHER01'))
    expect(bench.kinds).toEqual(['link', 'identity-changed', 'identified'])
  })

  it('asks for the name again after a reopening, and nothing else before', () => {
    const bench = started().close().clear().open()
    expect(bench.sent).toEqual([wireText(published.askIdentity)])
    bench.receive(reply(1, '00', r1Data))
    expect(bench.of('sample')).toEqual([])
  })

  it('goes stale after 6 s and is lost after 10 s, asks for the name, and gives the connection up', () => {
    const bench = started().clear().pass(10_000)
    expect(bench.links).toEqual(['stale', 'lost'])
    bench.pass(11_000)
    expect(bench.sent.slice(-5).map(sequenceOf)).toEqual([null, null, null, null, null])
    expect(bench.reopens).toEqual(['no answer from the pump'])
  })

  it('waits for the time-out after a damaged reply, then repeats', () => {
    const bench = started().pass(2000).clear()
    bench.receive(wire(replies.r1.replace('10EB', '10EC'))).pass(900)
    expect(bench.sent).toEqual([])
    bench.pass(200)
    expect(bench.sent.map(sequenceOf)).toEqual([2])
    expect(bench.session.counters).toMatchObject({ crc: 1 })
  })

  it('says after 10 s that nothing comes', () => {
    expect(opened().pass(10_000).of('link').at(-1)).toMatchObject({ link: 'waiting', reason: 'silent' })
  })
})
