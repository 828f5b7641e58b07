import { describe, expect, it } from 'vitest'
import { ip1Profile } from '#domain/pump-protocols/ip1/profile.ts'
import {
  airCleared,
  airRaisedB,
  askHelloUnknownBoot,
  content,
  demoHello,
  hello,
  helloNewBoot,
  occlusionUnspecified,
  ok,
  receipt17,
  status2,
  statusA,
  statusWithAir,
} from '#test/vectors/ip1.ts'
import { Bench, ip1 } from './session-support.ts'
import { bytes, crcOf, line } from './support.ts'

const opened = (): Bench => new Bench(ip1Profile.newSession()).open()
/** Identified with its link up, nothing outstanding, everything so far forgotten. */
const running = (): Bench => opened().receive(line(hello), line(statusA)).clear()

const status = (
  seq: string,
  over: { boot?: string; state?: string; rate?: number; infused?: number; bits?: string; top?: string } = {},
) =>
  ip1(
    `ST,${seq},${over.boot ?? '7F3A'},99000,${over.state ?? 'R'},C,${over.rate ?? 12500},${over.infused ?? 3300},46700,13400,112,78,B,${over.bits ?? '00000000'},${over.top ?? '-'}`,
  )

const ask = (seq: string) => expect.stringMatching(new RegExp(`^\\$IP1,CM,${seq},0000,HI\\?\\*`))

const raised = (seq: string, bit: string, priority: string) =>
  ip1(`AL,${seq},7F3A,1,00${seq.slice(2)},${bit},${priority},1`)

const list = (bench: Bench) =>
  bench
    .of('alarms')
    .at(-1)
    ?.active.map(({ vendorCode, priority }) => [vendorCode, priority])

const counted = (frame: string) => {
  const bench = opened().receive(line(hello))
  bench.clear().receive(line(frame))
  return { bench, sample: bench.of('sample')[0]?.sample, counters: bench.session.counters }
}

describe('an IP1 session: identity', () => {
  it('asks who is there as soon as the port is open', () => {
    const bench = opened()
    expect(bench.sent).toEqual([askHelloUnknownBoot])
    expect(bench.links).toEqual(['waiting'])
  })

  it('reports nothing about a pump that has not said who it is, and gives no receipt for what it did not report', () => {
    const bench = opened().receive(line(statusA), line(airRaisedB)).pass(2000)
    expect(bench.kinds).toEqual(['link'])
    expect(bench.session.link).toBe('waiting')
    expect(bench.session.identity).toBeNull()
    expect(bench.session.counters).toMatchObject({ ok: 2, missed: 1 })
    expect(bench.sent).not.toContain(receipt17)
    bench.clear().receive(ip1('HI,0004,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG'), line(airRaisedB))
    expect(bench.of('alarm-edge')).toMatchObject([{ raised: true }])
    expect(bench.sent).toEqual([expect.stringContaining(',7F3A,ALRX,0017*')])
  })

  it('reports the pump once HI has come, and its status from then on', () => {
    const bench = opened().receive(line(hello), line(statusA))
    expect(bench.kinds).toEqual(['link', 'identified', 'link', 'alarms', 'sample'])
    expect(bench.session.link).toBe('up')
    expect(bench.session.identity).toEqual({
      serial: 'PUMP-0001',
      maker: 'Acme',
      model: 'AP100',
      firmware: '1.4.2',
      statusIntervalMs: 1000,
      measurementStatus: [],
    })
  })

  it('does not report an unchanged identity again', () => {
    const bench = running().receive(ip1('HI,0002,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG'))
    expect(bench.kinds).toEqual([])
    bench.receive(ip1('HI,0003,7F3A,PUMP-0001,Acme,AP100,1.4.3,1000,AL+AK+LG'))
    expect(bench.kinds).toEqual(['identified'])
  })

  it.each([
    ['DEMO', 'demo'],
    ['TEST', 'test'],
  ])('marks everything of a pump with capability %s', (capability, mark) => {
    const bench = opened().receive(
      capability === 'DEMO' ? line(demoHello) : ip1('HI,0000,7F3A,PUMP-0001,,,,1000,AL+AK+TEST'),
      line(statusA),
    )
    expect(bench.session.identity?.measurementStatus).toEqual([mark])
    expect(bench.of('sample')[0]?.sample.measurementStatus).toEqual(['valid', mark])
  })

  it('reports another device id on the same port as a changed identity', () => {
    const bench = running().receive(ip1('HI,0002,7F3A,PUMP-0002,Acme,AP100,1.4.2,1000,AK'))
    expect(bench.events).toMatchObject([
      { kind: 'identity-changed', from: 'PUMP-0001', to: 'PUMP-0002' },
      { kind: 'identified', identity: { serial: 'PUMP-0002' } },
    ])
  })

  it('does not identify by an unreadable device id', () => {
    const bench = opened().receive(ip1('HI,0000,7F3A,PUMP 1,Acme,AP100,1.4.2,1000,AK'), line(statusA))
    expect(bench.kinds).toEqual(['link'])
    expect(bench.session.counters).toMatchObject({ ok: 2, bad: 1 })
  })

  it('keeps an interval outside its range from switching supervision off', () => {
    const bench = opened().receive(ip1('HI,0000,7F3A,P1,,,,60000,AK'))
    expect(bench.session.identity?.statusIntervalMs).toBe(5000)
  })
})

describe('an IP1 session: a new boot id', () => {
  it('waits for HI, then reports one inferred power-on of the same pump', () => {
    const bench = running().receive(status('0001', { boot: '91C2', infused: 10 }))
    expect(bench.events).toMatchObject([{ kind: 'link', link: 'waiting' }])
    bench.receive(
      ip1('HI,0002,91C2,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG'),
      status('0003', { boot: '91C2', infused: 10 }),
    )
    expect(bench.kinds).toEqual(['link', 'identified', 'power-on', 'link', 'alarms', 'counters-cleared', 'sample'])
    expect(bench.of('event')[0]?.detail).toEqual({ inferred: true, boot: '91C2' })
    expect(bench.session.counters).not.toHaveProperty('missed')
  })

  it('asks for HI with the new boot id, at most every 2 s', () => {
    const bench = running().pass(2000).clear()
    bench.receive(status('0001', { boot: '91C2' }))
    expect(bench.sent).toHaveLength(1)
    expect(bench.sent[0]).toMatch(/^\$IP1,CM,0000,91C2,HI\?\*/)
  })

  it('keeps the link when HI itself brings the boot id', () => {
    const bench = running().receive(line(helloNewBoot))
    expect(bench.kinds).toEqual(['identified', 'power-on'])
    expect(bench.session.link).toBe('up')
  })

  it('is no power-on when it is the first that is seen', () => {
    expect(opened().receive(line(hello)).kinds).not.toContain('power-on')
  })

  it('is no power-on when another pump was plugged in', () => {
    const bench = running().receive(ip1('HI,0000,91C2,PUMP-0002,Acme,AP100,1.4.2,1000,AK'))
    expect(bench.kinds).toEqual(['identity-changed', 'identified'])
  })

  it('loses the pump if nobody says who it is', () => {
    const bench = running()
    for (let seq = 1; seq < 8; seq += 1) bench.receive(status(`000${seq}`, { boot: '91C2' })).pass(1000)
    expect(bench.links).toEqual(['waiting', 'lost'])
  })
})

describe('an IP1 session: sequence', () => {
  it('drops a frame that comes twice', () => {
    const bench = running().receive(line(statusA))
    expect(bench.kinds).toEqual([])
    expect(bench.session.counters).toMatchObject({ ok: 3, dup: 1 })
  })

  it('counts frames that are missing', () => {
    const bench = running().receive(line(statusWithAir))
    expect(bench.session.counters).toMatchObject({ missed: 2 })
    expect(bench.of('alarms')).toHaveLength(1)
  })

  it('drops a frame that steps back', () => {
    const bench = running().receive(line(status2), line(hello))
    expect(bench.session.counters).toMatchObject({ stale: 1 })
    expect(bench.of('identified')).toEqual([])
  })

  it('wraps from FFFF to 0000', () => {
    const bench = opened().receive(ip1('HI,FFFE,7F3A,P1,,,,1000,AK'), status('FFFF'), status('0000'))
    expect(bench.of('sample')).toHaveLength(2)
    expect(bench.session.counters).toEqual(
      expect.not.objectContaining({ missed: expect.anything(), stale: expect.anything() }),
    )
  })

  it.each([
    ['7FFF', 1],
    ['8000', 1],
    ['8001', 0],
  ])('accepts up to 32767 ahead: %s after 0001', (seq, samples) => {
    expect(running().receive(status(seq)).of('sample')).toHaveLength(samples)
  })

  it('is not deaf after hours of silence in which the counter went half round', () => {
    const bench = running()
      .close()
      .pass(3 * 3600 * 1000)
      .clear()
    bench.open().receive(ip1('HI,9000,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG'), status('9001'))
    expect(bench.of('sample')).toHaveLength(1)
  })

  it('does not move on with a void frame', () => {
    const bench = running().receive(ip1('ST,0050,7F3A,1,R'), status('0002'))
    expect(bench.session.counters).toMatchObject({ bad: 1 })
    expect(bench.session.counters).not.toHaveProperty('missed')
  })
})

describe('an IP1 session: commands', () => {
  it('sends a command three times with one number, counts one time-out, and asks for HI anew after 2 s', () => {
    const bench = opened()
    bench.pass(400)
    expect(bench.sent).toHaveLength(1)
    bench.pass(100)
    expect(bench.sent).toHaveLength(2)
    bench.pass(500)
    expect(bench.sent).toEqual([askHelloUnknownBoot, askHelloUnknownBoot, askHelloUnknownBoot])
    bench.pass(500)
    expect(bench.session.counters).toMatchObject({ timeouts: 1 })
    expect(bench.sent).toHaveLength(3)
    bench.pass(500)
    expect(bench.sent).toEqual([ask('0000'), ask('0000'), ask('0000'), ask('0001')])
  })

  it('stops repeating when the pump has answered', () => {
    const bench = opened().receive(ip1('AK,0000,7F3A,0000,OK')).pass(1900)
    expect(bench.sent).toEqual([askHelloUnknownBoot])
    expect(bench.session.counters).not.toHaveProperty('timeouts')
    expect(bench.session.counters).not.toHaveProperty('bad')
    bench.pass(100)
    expect(bench.sent[1]).toMatch(/^\$IP1,CM,0000,7F3A,HI\?\*/)
  })

  it('takes HI for the answer of a pump that acknowledges nothing', () => {
    const bench = opened().receive(ip1('HI,0000,7F3A,P1,,,,1000,AL')).pass(5000)
    expect(bench.sent).toEqual([askHelloUnknownBoot])
    bench.clear().receive(ip1('AL,0001,7F3A,1,0001,02,H,1'), ip1('AL,0002,7F3A,1,0002,03,H,1')).pass(3000)
    expect(bench.sent).toHaveLength(2)
    expect(bench.session.counters).not.toHaveProperty('timeouts')
  })

  it('counts an answer that nobody asked for', () => {
    expect(running().receive(line(ok)).session.counters).not.toHaveProperty('bad')
    expect(running().receive(ip1('AK,0002,7F3A,0099,OK')).session.counters).toMatchObject({ bad: 1 })
  })

  it('ignores its own echo', () => {
    const bench = running().receive(line(receipt17), line(status2))
    expect(bench.session.counters).toMatchObject({ bad: 1 })
    expect(bench.session.counters).not.toHaveProperty('stale')
    expect(bench.of('sample')).toHaveLength(1)
  })
})

describe('an IP1 session: alarms', () => {
  const air = { code: 'air-in-line', channelId: '1', vendorCode: '02', vendorText: null, priority: 'high' }

  it('reports the edge first and the receipt after it', () => {
    const steps = ip1Profile.newSession()
    steps.opened(0)
    steps.received(line(hello), 0)
    const [event, send] = steps.received(line(airRaisedB), 0)
    expect(event).toEqual({ kind: 'event', event: { kind: 'alarm-edge', alarm: air, raised: true } })
    expect(send).toEqual({ kind: 'send', bytes: line(receipt17) })
  })

  it('receipts every AL, also a repeated and an overtaken one, and reports it once', () => {
    const bench = running().receive(line(airRaisedB), line(airRaisedB), ip1('AK,0004,7F3A,0000,OK'))
    expect(bench.sent).toEqual([receipt17, expect.stringMatching(/^\$IP1,CM,0001,7F3A,ALRX,0017\*/)])
    bench.receive(ip1('AK,0005,7F3A,0001,OK'), line(airRaisedB))
    expect(bench.sent[2]).toMatch(/^\$IP1,CM,0002,7F3A,ALRX,0017\*/)
    expect(bench.of('alarm-edge')).toHaveLength(1)
    expect(bench.session.counters).toMatchObject({ dup: 1, stale: 1 })
  })

  it('reports an alarm that is over when it is heard: it starts and ends', () => {
    const bench = running().receive(status('0005'), line(airRaisedB), ip1('AL,0004,7F3A,11900,0018,02,H,0'))
    expect(bench.of('alarm-edge')).toEqual([
      { kind: 'alarm-edge', alarm: air, raised: true },
      { kind: 'alarm-edge', alarm: air, raised: false },
    ])
    expect(bench.of('alarms').at(-1)?.active).toEqual([])
    bench.clear().receive(line(airRaisedB))
    expect(bench.of('alarm-edge')).toEqual([])
  })

  it('takes from an overtaken AL only what the level confirms: the priority of an alarm that is active', () => {
    const level = ip1('ST,0005,7F3A,12250,A,C,0,3221,46779,,112,78,B,00000004,H')
    const bench = running().receive(level, line(airRaisedB), ip1('AL,0004,7F3A,11900,0018,02,H,0'))
    expect(bench.of('alarm-edge')).toEqual([{ kind: 'alarm-edge', alarm: air, raised: true }])
  })

  it('sends the receipts of several alarms one after the other', () => {
    const bench = running().receive(line(airRaisedB), line(airCleared))
    expect(bench.sent).toEqual([receipt17])
    bench.receive(ip1('AK,0007,7F3A,0000,OK'))
    expect(bench.sent[1]).toMatch(/^\$IP1,CM,0001,7F3A,ALRX,0018\*/)
  })

  it('reports the end of an alarm', () => {
    expect(running().receive(line(airCleared)).of('alarm-edge')).toEqual([
      { kind: 'alarm-edge', alarm: air, raised: false },
    ])
  })

  it('takes an unreadable raised flag for raised', () => {
    const bench = running().receive(ip1('AL,0003,7F3A,11620,0017,02,H,X'))
    expect(bench.of('alarm-edge')).toMatchObject([{ raised: true }])
    expect(bench.session.counters).toMatchObject({ bad: 1 })
  })

  it.each(['00170', '001g', ''])('gives no effect and no receipt to a malformed notification number %s', (number) => {
    const bench = running().receive(ip1(`AL,0003,7F3A,11620,${number},02,H,1`))
    expect(bench.kinds).toEqual([])
    expect(bench.sent).toEqual([])
    expect(bench.session.counters).toMatchObject({ bad: 1 })
  })

  it('reports the full list with every status, an empty one too', () => {
    const bench = running().receive(line(status2), line(statusWithAir))
    expect(bench.of('alarms')).toEqual([
      { kind: 'alarms', active: [] },
      { kind: 'alarms', active: [air] },
    ])
    expect(bench.of('sample')[1]?.sample).toMatchObject({
      operatingState: 'stopped-alarm',
      activeAlarms: ['air-in-line'],
    })
  })

  it('names every bit of the page', () => {
    const codes = running()
      .receive(status('0002', { bits: '003FFFFF', top: 'H' }))
      .of('alarms')[0]?.active
    expect(codes?.map(({ code }) => code)).toEqual([
      'occlusion-downstream',
      'occlusion-upstream',
      'air-in-line',
      'reservoir-empty',
      'reservoir-low',
      'cassette-detached',
      'battery-low',
      'battery-depleted',
      'infusion-complete',
      'kvo-active',
      'drive-fault',
      'pump-malfunction',
      'host-timeout',
      'free-flow',
      'set-not-seated',
      'dose-limit-reached',
      'paused-too-long',
      'mains-lost',
      'sensor-fault',
      'temperature',
      'maintenance-due',
      'occlusion-unspecified',
    ])
  })

  it('reads an occlusion without a side as unspecified', () => {
    expect(running().receive(line(occlusionUnspecified)).of('alarms')[0]?.active).toMatchObject([
      { code: 'occlusion-unspecified', priority: 'high' },
    ])
  })

  it('shows every reserved bit as the pump sent it', () => {
    const active = running()
      .receive(status('0002', { bits: 'C0000000', top: 'M' }))
      .of('alarms')[0]?.active
    expect(active).toMatchObject([
      { code: 'device-text', vendorCode: '1E', vendorText: 'IP1 bit 30', priority: 'medium' },
      { code: 'device-text', vendorCode: '1F', vendorText: 'IP1 bit 31', priority: 'medium' },
    ])
  })

  it('leaves the priority open when the pump gives none', () => {
    expect(
      running()
        .receive(status('0002', { bits: '00000004' }))
        .of('alarms')[0]?.active,
    ).toMatchObject([{ code: 'air-in-line', priority: null }])
  })

  it('gives the highest priority to the alarms that AL has not told about, as long as none explains it', () => {
    const bench = running().receive(raised('0002', '04', 'L'), status('0003', { bits: '00000014', top: 'H' }))
    expect(list(bench)).toEqual([
      ['02', 'high'],
      ['04', 'low'],
    ])
    bench.receive(raised('0004', '02', 'H'), status('0005', { bits: '00000054', top: 'H' }))
    expect(list(bench)).toEqual([
      ['02', 'high'],
      ['04', 'low'],
      ['06', null],
    ])
    bench.receive(status('0006', { bits: '00000010', top: 'M' }))
    expect(list(bench)).toEqual([['04', 'medium']])
  })

  it('never takes an alarm from history', () => {
    const bench = running().receive(ip1('LG,0002,7F3A,12,11620,ALR,02'), ip1('LG,0003,7F3A,13,11620,ALC,02'))
    expect(bench.kinds).toEqual([])
  })
})

describe('an IP1 session: content of a status, ip1.md 6', () => {
  const sampleA = counted(statusA).sample

  it('reads A', () => {
    expect(sampleA).toMatchObject({
      channelId: '1',
      pumpSerial: 'PUMP-0001',
      measurementStatus: ['valid'],
      operatingState: 'infusing',
      notDeliveringReason: null,
      deliveryMode: 'continuous',
      rateMlPerHour: 12.5,
      infusedTotalMl: 3.217,
      programRemainingMl: 46.783,
      timeRemainingSeconds: 13473,
      linePressureMmHg: 112,
      batteryPercent: 78,
      powerSource: 'onBattery',
      activeAlarms: [],
      raw: {},
    })
  })

  it('says why nothing more comes from another protocol version', () => {
    const bench = opened().receive(line(content.otherVersion)).pass(10_000)
    expect(bench.session.counters).toMatchObject({ ok: 1, unsup: 1 })
    expect(bench.of('link').at(-1)).toEqual({ kind: 'link', link: 'waiting', reason: 'unsupported version' })
  })

  it.each([content.unknownType, content.priorityMissing, content.shortBitmap, content.lowerCaseBoot])(
    'gives no effect to %s',
    (frame) => {
      const { bench, counters } = counted(frame)
      expect(bench.kinds).toEqual([])
      expect(counters).toMatchObject({ ok: 2, bad: 1 })
    },
  )

  it('keeps the digits of a malformed rate and everything else', () => {
    const { sample, counters } = counted(content.rateWithPoint)
    expect(counters).toMatchObject({ bad: 1 })
    expect(sample).toEqual({ ...sampleA, rateMlPerHour: null, measurementStatus: ['invalid'], raw: { rate: '12.5' } })
  })

  it('keeps a battery of 150 % as questionable and its alarm as it is', () => {
    const { bench, sample, counters } = counted(content.battery150)
    expect(counters).not.toHaveProperty('bad')
    expect(sample).toMatchObject({ batteryPercent: 150, measurementStatus: ['questionable'], raw: { battery: '150' } })
    expect(bench.of('alarms')[0]?.active).toMatchObject([{ code: 'occlusion-downstream', priority: 'high' }])
  })

  it('shows a reserved bit and keeps the priority that came with it', () => {
    const { bench, sample, counters } = counted(content.reservedBit)
    expect(counters).not.toHaveProperty('bad')
    expect(bench.of('alarms')[0]?.active).toMatchObject([
      { code: 'device-text', vendorText: 'IP1 bit 31', priority: 'medium' },
    ])
    expect(sample?.activeAlarms).toEqual(['device-text'])
  })

  it('counts a body without any field', () => {
    const bench = running().receive(line(`$${'A'.repeat(200)}*${crcOf('A'.repeat(200))}`), line(airRaisedB))
    expect(bench.session.counters).toMatchObject({ ok: 4, bad: 1 })
    expect(bench.of('alarm-edge')).toHaveLength(1)
  })

  it('ignores fields that are new', () => {
    expect(counted(content.extraField).sample).toEqual(sampleA)
  })

  it('never hides an alarm behind a malformed value', () => {
    const frame = ip1('ST,0001,7F3A,x,Q,Z,-1,,a,b,c,d,E,00000004,?')
    const bench = opened().receive(line(hello)).clear().receive(frame)
    expect(bench.of('alarms')[0]?.active).toMatchObject([{ code: 'air-in-line', priority: null }])
    expect(bench.of('sample')[0]?.sample).toMatchObject({
      operatingState: 'unknown',
      rateMlPerHour: null,
      measurementStatus: ['invalid'],
      raw: { state: 'Q', rate: '-1', infused: '', highestPriority: '?' },
    })
    expect(bench.session.counters).toMatchObject({ bad: 1 })
  })

  it.each([
    ['R', '00000000', 'infusing'],
    ['B', '00000000', 'bolus'],
    ['K', '00000000', 'kvo'],
    ['P', '00000000', 'paused'],
    ['S', '00000000', 'stopped'],
    ['S', '00000100', 'complete'],
    ['A', '00000000', 'stopped-alarm'],
    ['M', '00000000', 'priming'],
    ['F', '00000000', 'fault'],
  ])('reads state %s with alarms %s as %s', (state, bits, expected) => {
    const bench = running().receive(status('0002', { state, bits }))
    expect(bench.of('sample')[0]?.sample.operatingState).toBe(expected)
  })

  it('doubts a pump that infuses without flow or flows while paused', () => {
    const bench = running().receive(
      status('0002', { rate: 0 }),
      status('0003', { state: 'P', rate: 0 }),
      status('0004', { state: 'P' }),
    )
    expect(bench.of('sample').map(({ sample }) => sample.measurementStatus)).toEqual([
      ['questionable'],
      ['valid'],
      ['questionable'],
    ])
  })

  it('keeps an empty value apart from zero', () => {
    const frame = ip1('ST,0002,7F3A,1,P,,0,0,,,,,A,00000000,-')
    expect(running().receive(frame).of('sample')[0]?.sample).toMatchObject({
      deliveryMode: 'unknown',
      rateMlPerHour: 0,
      infusedTotalMl: 0,
      programRemainingMl: null,
      timeRemainingSeconds: null,
      linePressureMmHg: null,
      batteryPercent: null,
      measurementStatus: ['valid'],
    })
  })
})

describe('an IP1 session: the link', () => {
  it('goes stale after 3 intervals and is lost after 5 s, by the last status and nothing else', () => {
    const bench = running().pass(2900)
    bench.receive(ip1('AL,0002,7F3A,1,0001,02,H,1'))
    expect(bench.session.link).toBe('up')
    bench.pass(100)
    expect(bench.session.link).toBe('stale')
    bench.pass(2000)
    expect(bench.session.link).toBe('lost')
    expect(bench.session.lastHeardMs).toBe(0)
    bench.receive(status('0003'))
    expect(bench.links).toEqual(['stale', 'lost', 'up'])
  })

  it('follows the interval that the pump declared', () => {
    const bench = opened().receive(ip1('HI,0000,7F3A,P1,,,,4000,AK'), status('0001')).pass(11_900)
    expect(bench.session.link).toBe('up')
    bench.pass(100)
    expect(bench.session.link).toBe('lost')
  })

  it('says after 10 s what seems to be wrong', () => {
    expect(opened().pass(10_000).of('link').at(-1)?.reason).toBe('silent')
    const noisy = opened().receive(bytes('\x80\x81')).pass(10_000)
    expect(noisy.of('link').at(-1)?.reason).toBe('wrong speed, parity or profile')
    const nameless = opened().receive(line(statusA)).pass(10_000)
    expect(nameless.of('link').at(-1)?.reason).toBe('the pump has not said who it is')
  })

  it('survives a reopening: verifies the identity first, keeps the sequence, drops the old partial frame', () => {
    const bench = running().receive(line(status2).slice(0, 30)).pass(100)
    bench.close().clear().open()
    expect(bench.sent[0]).toMatch(/^\$IP1,CM,[0-9A-F]{4},7F3A,HI\?\*/)
    bench.receive(status('0003'))
    expect(bench.links).toEqual(['waiting'])
    expect(bench.of('alarms')).toEqual([])
    bench.receive(ip1('HI,0004,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG'), status('0005'))
    expect(bench.kinds).toEqual(['link', 'identified', 'link', 'alarms', 'sample'])
    expect(bench.session.counters).toMatchObject({ reconnects: 1, missed: 1 })
    expect(bench.session.counters).not.toHaveProperty('restart')
  })

  it('loses a pump whose port stays closed', () => {
    const bench = running().close('unplugged').pass(5000)
    expect(bench.of('link')).toEqual([
      { kind: 'link', link: 'closed', reason: 'unplugged' },
      { kind: 'link', link: 'lost', reason: 'unplugged' },
    ])
  })

  it('counts a partial frame that waits too long', () => {
    const bench = running().receive(line(status2).slice(0, 30)).pass(600)
    expect(bench.session.counters).toMatchObject({ gap: 1 })
  })
})
