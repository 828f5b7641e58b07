import { describe, expect, it } from 'vitest'
import { findProfile } from '#domain/pump-protocols/profiles.ts'
import { derived, published } from '#test/vectors/neurowave-ap4000.ts'
import { Bench } from './session-support.ts'
import { line, sumOf } from './support.ts'

const reply = (text: string): Uint8Array => line(`!${text}|${sumOf(text)}`)
const connected = line(published.connected)
const noAlarm = line(derived.noAlarm)
const occlusion = line(derived.occlusion)
const fieldsOf = (frame: string): string[] => frame.slice(1, -5).split('^')

/** The status without alarm with other fields, by index. */
const status = (changes: Readonly<Record<number, string>>, frame = derived.noAlarm): Uint8Array =>
  reply(
    fieldsOf(frame)
      .map((field, index) => changes[index] ?? field)
      .join('^'),
  )
/** Active alarms in their slots: code, device, priority. */
const alarms = (count: string, ...slots: readonly (readonly string[])[]): Uint8Array =>
  status({
    12: count,
    ...Object.fromEntries(
      slots.flatMap((slot, at) => slot.map((word, offset) => [14 + 4 * at + offset, word] as const)),
    ),
  })

const opened = (settings: unknown = {}): Bench => {
  const configured = findProfile('neurowave-ap4000')?.configured(settings)
  if (configured?.ok !== true) throw new TypeError('no such settings')
  return new Bench(configured.profile.newSession()).open()
}

/** Answers each request 20 ms after it was sent; null = nothing. */
const play = (bench: Bench, answers: { CONNREQ?: Uint8Array | null; STATREQ?: Uint8Array | null }, ms: number) => {
  const until = bench.nowMs + ms
  let seen = bench.sent.length
  while (bench.nowMs < until) {
    bench.pass(100)
    for (; seen < bench.sent.length; seen += 1) {
      const answer = bench.sent[seen]?.startsWith('!CONNREQ') === true ? answers.CONNREQ : answers.STATREQ
      if (answer) {
        bench.nowMs += 20
        bench.receive(answer)
      }
    }
  }
  return bench
}
const start = (first = noAlarm): Bench => opened().receive(connected).receive(first)

describe('an AP-4000 session: polling', () => {
  it('asks who is there, then for the status of exactly that pump', () => {
    const bench = opened()
    expect(bench.sent).toEqual([published.connectRequest])
    bench.receive(connected)
    expect(bench.sent.at(-1)).toBe(derived.statusRequest)
    expect(bench.of('identified')).toMatchObject([{ identity: { serial: '032-19-50-014', firmware: null } }])
  })

  it('asks every 2 s until somebody answers', () => {
    const bench = opened().pass(6100)
    expect(bench.sent).toEqual(Array.from({ length: 4 }, () => published.connectRequest))
    expect(bench.session.counters).toMatchObject({ timeouts: 3 })
  })

  it.each([
    [{}, 20],
    [{ pollIntervalMs: 1000 }, 60],
  ])('asks for the status at its interval: %j', (settings, expected) => {
    const bench = opened(settings).receive(connected)
    bench.clear()
    play(bench, { STATREQ: noAlarm }, 60_000)
    const asked = bench.sent.filter((frame) => frame === derived.statusRequest).length
    expect(asked).toBeGreaterThanOrEqual(expected - 6)
    expect(asked).toBeLessThanOrEqual(expected)
    expect(bench.session.counters).not.toHaveProperty('timeouts')
    expect(bench.session.counters).not.toHaveProperty('bad')
  })

  it.each([500, 4000])('knows no interval of %i ms', (pollIntervalMs) => {
    expect(findProfile('neurowave-ap4000')?.configured({ pollIntervalMs }).ok).toBe(false)
  })

  it('repeats a status request once, and after three without an answer asks who is there', () => {
    const bench = start().clear()
    play(bench, {}, 14_000)
    const names = bench.sent.map((frame) => frame.slice(1, 8))
    expect(names.slice(0, 7)).toEqual([...Array.from({ length: 6 }, () => 'STATREQ'), 'CONNREQ'])
    expect(bench.session.counters['timeouts']).toBeGreaterThanOrEqual(3)
    play(bench, { CONNREQ: connected, STATREQ: noAlarm }, 6000)
    expect(bench.session.link).toBe('up')
    expect(bench.of('identity-changed')).toEqual([])
  })

  it('sends the id that the pump told last, and no other', () => {
    const bench = start().clear()
    play(bench, {}, 14_000)
    const other = reply('CONNREQ^v0.2^077-21-03-201^4.1.0^cfg-7^2022-11-04^11:10:36.067')
    play(bench, { CONNREQ: other }, 3000)
    const asked = bench.sent.filter((frame) => frame.startsWith('!STATREQ')).at(-1)
    expect(asked).toBe(`!STATREQ^077-21-03-201|${sumOf('STATREQ^077-21-03-201')}`)
    expect(bench.of('identity-changed')).toMatchObject([{ from: '032-19-50-014', to: '077-21-03-201' }])
    expect(bench.of('identified').at(-1)).toMatchObject({
      identity: { serial: '077-21-03-201', firmware: '4.1.0' },
    })
  })

  it.each([
    'CONNREQ^0.1^032-19-50-014;X^2022-11-04^11:10:36.067',
    'CONNREQ^0.1^032-19-50-01^2022-11-04^11:10:36.067',
    'CONNREQ^v0.2^032-19-50-014^2022-11-04^11:10:36.067',
    'CONNREQ^0.1',
  ])('asks for no status after %s', (text) => {
    const bench = opened().receive(reply(text)).pass(1500)
    expect(bench.sent).toEqual([published.connectRequest])
    expect(bench.session.counters).toMatchObject({ bad: 1 })
  })

  it('does not poll another version, says so, and asks again every minute', () => {
    const bench = opened().receive(reply('CONNREQ^0.3^032-19-50-014^2022-11-04^11:10:36.067'))
    bench.pass(59_000)
    expect(bench.sent).toEqual([published.connectRequest])
    expect(bench.session.counters).toMatchObject({ unsup: 1 })
    expect(bench.of('link').at(-1)).toMatchObject({ link: 'waiting', reason: 'unsupported protocol version' })
    bench.pass(2000)
    expect(bench.sent).toHaveLength(2)
  })

  it('ignores and counts what nobody asked for', () => {
    const bench = start().clear()
    bench.receive(noAlarm, reply('CNTLREQ^1'), line(derived.statusRequest))
    expect(bench.session.counters).toMatchObject({ bad: 3 })
    expect(bench.kinds).toEqual([])
  })
})

describe('an AP-4000 session: two channels', () => {
  it('reports one sample per channel with its own figures', () => {
    const bench = start()
    expect(bench.of('alarms')).toEqual([{ kind: 'alarms', active: [] }])
    expect(bench.of('sample').map(({ sample }) => sample)).toMatchObject([
      {
        channelId: '1',
        pumpSerial: '032-19-50-014',
        operatingState: 'unknown',
        rateMlPerHour: 0,
        infusedTotalMl: 3.217,
        programRemainingMl: 46.783,
        vtbiMl: 50,
        raw: {
          channelSerial: 'SN-0001',
          drug: 'DRUG1',
          concentration: '10 mg/ml',
          pumpClock: '2022-11-04 11:12:01.250',
        },
      },
      {
        channelId: '2',
        operatingState: 'infusing',
        rateMlPerHour: 5.5,
        infusedTotalMl: 0,
        programRemainingMl: 0,
        vtbiMl: 50,
        raw: { channelSerial: 'SN-0002', drug: 'DRUG2', bolus: '0', bolusTotal: '0' },
      },
    ])
  })

  it('reads an occlusion of one channel and the mains of the whole pump', () => {
    const bench = start(occlusion)
    expect(bench.of('alarms')[0]?.active).toEqual([
      {
        code: 'occlusion-downstream',
        channelId: '1',
        vendorCode: 'PA.02',
        vendorText: 'PA.02 PUMP1',
        priority: 'high',
      },
      { code: 'mains-lost', channelId: null, vendorCode: 'BA.01', vendorText: 'BA.01 SYSTEM', priority: 'low' },
    ])
    expect(bench.of('sample').map(({ sample }) => sample)).toMatchObject([
      {
        operatingState: 'stopped-alarm',
        notDeliveringReason: 'alarming',
        rateMlPerHour: 0,
        infusedTotalMl: 3.217,
        programRemainingMl: 46.783,
        vtbiMl: 50,
        activeAlarms: ['occlusion-downstream', 'mains-lost'],
        raw: { bolus: '0', bolusTotal: '1.5' },
      },
      {
        operatingState: 'infusing',
        rateMlPerHour: 5.5,
        infusedTotalMl: 0,
        programRemainingMl: 0,
        activeAlarms: ['mains-lost'],
      },
    ])
  })

  it('ends an alarm when a good reply no longer lists it', () => {
    const bench = start(occlusion)
    play(bench, { STATREQ: status({ 61: '1.5' }) }, 4000)
    expect(bench.of('alarms').at(-1)?.active).toEqual([])
    expect(bench.of('sample').at(-2)?.sample).toMatchObject({ channelId: '1', operatingState: 'infusing' })
    expect(bench.kinds.filter((kind) => kind === 'delivery-start')).toHaveLength(1)
  })

  it('lets alarms of both channels stand beside each other', () => {
    const bench = start(alarms('2', ['PA.03', 'PUMP1', 'HIGH'], ['PA.03', 'PUMP2', 'HIGH']))
    expect(bench.of('alarms')[0]?.active).toMatchObject([
      { code: 'occlusion-upstream', channelId: '1' },
      { code: 'occlusion-upstream', channelId: '2' },
    ])
  })

  it('does not merge one code of two parts of the device', () => {
    const bench = start(alarms('2', ['PE.05', 'MAIN', 'HIGH'], ['PE.05', 'UI', 'HIGH']))
    expect(bench.of('alarms')[0]?.active.map(({ vendorCode }) => vendorCode)).toEqual(['PE.05', 'PE.05 UI'])
  })

  it('does not guess what a channel without flow and alarm does', () => {
    const bench = start(status({ 61: '0', 94: '' }))
    expect(bench.of('sample').map(({ sample }) => [sample.operatingState, sample.rateMlPerHour])).toEqual([
      ['unknown', 0],
      ['unknown', null],
    ])
  })
})

const catalogue: readonly (readonly [string, string, string])[] = [
  ['PA.01', 'air-in-line', 'high'],
  ['PA.02', 'occlusion-downstream', 'high'],
  ['PA.03', 'occlusion-upstream', 'high'],
  ['PA.04', 'drive-fault', 'high'],
  ['PA.05', 'set-not-seated', 'low'],
  ['PA.06', 'cassette-detached', 'high'],
  ['PA.07', 'reservoir-low', 'low'],
  ['PA.08', 'infusion-complete', 'high'],
  ['PA.09', 'device-text', 'low'],
  ['PA.10', 'device-text', 'low'],
  ['BA.01', 'mains-lost', 'low'],
  ['BA.02', 'battery-low', 'medium'],
  ['BA.03', 'battery-depleted', 'high'],
  ['BE.01', 'battery-fault', 'low'],
  ['BE.03', 'battery-fault', 'low'],
  ['PE.01', 'pump-malfunction', 'high'],
  ['PE.02', 'temperature', 'high'],
  ['PE.03', 'temperature', 'high'],
  ['PE.07', 'pump-malfunction', 'high'],
  ['PE.08', 'drive-fault', 'high'],
  ['SE.01C', 'pump-malfunction', 'high'],
  ['SE.99C', 'pump-malfunction', 'high'],
  ['SE.01S', 'pump-malfunction', 'medium'],
  ['SE.03', 'pump-malfunction', 'medium'],
  ['SE.41', 'pump-malfunction', 'medium'],
  ['SE.11', 'device-text', 'medium'],
  ['DAE.01', 'pump-malfunction', 'high'],
  ['DAE.06', 'pump-malfunction', 'high'],
  ['DAE.24', 'pump-malfunction', 'high'],
  ['DAE.99', 'pump-malfunction', 'high'],
  ['DAE.12', 'device-text', 'high'],
  ['PSE.04', 'pump-malfunction', 'high'],
  ['PSE.05', 'pump-malfunction', 'medium'],
  ['SN.01', 'device-text', 'info'],
  ['SN.11', 'device-text', 'info'],
]

describe('an AP-4000 session: alarms', () => {
  it.each(catalogue)('reads %s as %s, %s where the frame gives no word', (vendor, code, priority) => {
    const bench = start(alarms('1', [vendor, 'SYSTEM', '']))
    expect(bench.of('alarms')[0]?.active).toMatchObject([{ code, priority, vendorCode: vendor }])
  })

  it.each([
    ['HIGH', 'high'],
    ['MEDIUM', 'medium'],
    ['LOW', 'low'],
    ['NONE', 'info'],
  ])('keeps the word %s of the frame', (told, priority) => {
    const bench = start(alarms('1', ['PA.07', 'PUMP1', told]))
    expect(bench.of('alarms')[0]?.active).toMatchObject([{ code: 'reservoir-low', priority }])
    expect(bench.session.counters).not.toHaveProperty('bad')
  })

  it('shows an unknown code verbatim, at the word of the frame or the default', () => {
    const bench = start(alarms('2', ['ZZ.77', 'PUMP2', 'LOW'], ['constructor', 'X', '']))
    expect(bench.of('alarms')[0]?.active).toMatchObject([
      { code: 'device-text', channelId: '2', vendorCode: 'ZZ.77', vendorText: 'ZZ.77 PUMP2', priority: 'low' },
      { code: 'device-text', channelId: null, vendorCode: 'constructor', priority: null },
    ])
  })

  it('keeps an alarm whose priority cannot be read, at the priority of the catalogue', () => {
    const bench = start(alarms('1', ['PA.01', 'PUMP1', 'HIHG']))
    expect(bench.of('alarms')[0]?.active).toMatchObject([
      { code: 'air-in-line', priority: 'high', vendorText: 'PA.01 PUMP1 priority HIHG' },
    ])
    expect(bench.session.counters).toMatchObject({ bad: 1 })
  })

  it('says so when there are more alarms than slots', () => {
    const bench = start(alarms('5', ...['PA.01', 'PA.02', 'PA.03', 'PA.04'].map((code) => [code, 'PUMP1', 'HIGH'])))
    const active = bench.of('alarms')[0]?.active ?? []
    expect(active).toHaveLength(5)
    expect(active.at(-1)).toMatchObject({ code: 'device-text', channelId: null })
    expect(active.at(-1)?.vendorText).toContain('more alarms than slots')
  })

  it('reads no slot beyond the number of alarms: fields 12 and 13 swapped give one alarm', () => {
    const bench = start(line(derived.occlusion.replace('^2^1^PA.02', '^1^2^PA.02')))
    expect(bench.of('alarms')[0]?.active).toMatchObject([{ code: 'occlusion-downstream' }])
  })

  it.each([
    ['no number of alarms', status({ 12: 'x' })],
    ['an impossible number of alarms', status({ 12: '-2' })],
    ['an empty number of alarms', status({ 12: '' })],
    ['an active slot without a code', alarms('2', ['PA.01', 'PUMP1', 'HIGH'], ['', 'PUMP1', 'HIGH'])],
    ['96 fields', reply(fieldsOf(derived.noAlarm).slice(0, -1).join('^'))],
  ])('keeps alarms as they were after a frame with %s', (_what, broken) => {
    const bench = start(occlusion).clear()
    play(bench, { STATREQ: broken }, 4000)
    expect(bench.session.counters).toMatchObject({ bad: 1 })
    expect(bench.kinds).toEqual([])
    play(bench, { STATREQ: occlusion }, 4000)
    expect(bench.of('alarms').at(-1)?.active).toHaveLength(2)
  })

  it('takes a frame with 98 fields', () => {
    const bench = start(reply(`${fieldsOf(derived.noAlarm).join('^')}^more`))
    expect(bench.of('sample')).toHaveLength(2)
  })

  it('keeps the alarms of a frame with a malformed number', () => {
    const bench = start(status({ 56: '3,217', 94: '+5' }, derived.occlusion))
    expect(bench.session.counters).toMatchObject({ bad: 1 })
    expect(bench.of('alarms')[0]?.active).toHaveLength(2)
    expect(bench.of('sample').map(({ sample }) => sample)).toMatchObject([
      { infusedTotalMl: null, measurementStatus: ['invalid'], raw: { infused: '3,217' } },
      { rateMlPerHour: null, operatingState: 'unknown', measurementStatus: ['invalid'], raw: { rate: '+5' } },
    ])
  })

  it('keeps a value out of range, as questionable', () => {
    const bench = start(status({ 61: '1500.25' }))
    expect(bench.of('sample')[0]?.sample).toMatchObject({ rateMlPerHour: 1500.25, measurementStatus: ['questionable'] })
  })

  it('hands on nothing about the patient or who operates the pump', () => {
    const bench = start(status({ 5: 'NURSE.JOY', 6: 'CASE-77', 7: '71.5', 8: '175.3', 9: '4444' }))
    const told = JSON.stringify(bench.events)
    for (const secret of ['NURSE.JOY', 'CASE-77', '71.5', '175.3', '4444']) expect(told).not.toContain(secret)
  })
})

const reasons = (bench: Bench) => bench.of('link').map(({ reason }) => reason)

describe('an AP-4000 session: identity and link', () => {
  it('lets nothing count when the channels have other serial numbers, until the pump has named itself again', () => {
    const bench = start().clear()
    play(bench, { STATREQ: status({ 34: 'SN-0009' }) }, 3000)
    expect(bench.of('sample')).toEqual([])
    expect(bench.of('link').at(-1)).toMatchObject({ link: 'waiting' })
    expect(bench.sent.at(-1)).toBe(published.connectRequest)
    play(bench, { CONNREQ: connected, STATREQ: status({ 34: 'SN-0009' }) }, 5000)
    expect(bench.session.link).toBe('up')
    expect(bench.of('sample')[0]?.sample).toMatchObject({ raw: { channelSerial: 'SN-0009' } })
  })

  it('goes stale after 9 s and is lost after 15 s of silence, with alarms unknown and not ended', () => {
    const bench = start(occlusion).clear()
    play(bench, {}, 16_000)
    expect(bench.links).toEqual(['stale', 'lost'])
    expect(bench.of('alarms')).toEqual([])
    play(bench, { CONNREQ: connected, STATREQ: occlusion }, 6000)
    expect(bench.session.link).toBe('up')
    expect(bench.of('alarms')[0]?.active).toHaveLength(2)
  })

  it('verifies the identity after a reopening before anything counts', () => {
    const bench = start().close().clear().open()
    bench.receive(noAlarm)
    expect(bench.of('sample')).toEqual([])
    bench.receive(connected, noAlarm)
    expect(bench.of('sample')).toHaveLength(2)
    expect(bench.session.counters).toMatchObject({ reconnects: 1, bad: 1 })
  })

  it('reports another pump after a reopening', () => {
    const bench = start().close().clear().open()
    bench.receive(reply('CONNREQ^0.1^032-19-50-099^2022-11-04^11:10:36.067'))
    expect(bench.kinds).toEqual(['link', 'identity-changed', 'identified'])
  })

  it('says that the check rule may differ after five wrong sums running', () => {
    const wrong = line(derived.noAlarm.replace('44CB', '44CC'))
    const four = start().receive(wrong, wrong, wrong, wrong).pass(16_000)
    expect(reasons(four).at(-1)).toBe('no status from the pump')
    const five = start().receive(wrong, wrong, wrong, wrong, wrong).pass(16_000)
    expect(reasons(five).at(-1)).toBe('check rule mismatch')
    expect(five.session.counters).toMatchObject({ crc: 5 })
    const atStart = opened().receive(wrong, wrong, wrong, wrong, wrong).pass(10_000)
    expect(reasons(atStart).at(-1)).toBe('check rule mismatch')
  })
})
