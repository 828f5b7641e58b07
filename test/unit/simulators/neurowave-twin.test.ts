import { describe, expect, it } from 'vitest'
import type { ActName } from '#simulators/core/acts.ts'
import { toBytes, toText } from '#simulators/core/crc.ts'
import { frame, statusFrame, type ShownChannel } from '#simulators/core/neurowave-ap4000/frames.ts'
import { NeurowaveTwin } from '#simulators/core/neurowave-ap4000/twin.ts'
import type { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import { actedOn, asked, benchPump, textsOf } from '#test/support/twin-bench.ts'
import { controlFrames } from '#test/vectors/control-frames.ts'
import { derived, published } from '#test/vectors/neurowave-ap4000.ts'

const serial = '032-19-50-014'
const first: ShownChannel = {
  serial: 'SN-0001',
  drug: 'DRUG1',
  target: '50',
  infused: '3.217',
  remaining: '46.783',
  rate: '0',
  bolusTotal: '1.5',
}
const second: ShownChannel = {
  serial: 'SN-0002',
  drug: 'DRUG2',
  target: '50',
  infused: '0',
  remaining: '0',
  rate: '5.5',
  bolusTotal: '0',
}
const quiet = { date: '2022-11-04', time: '11:12:01.250', alarms: [], channels: [first, second] } as const

describe('AP-4000 frames', () => {
  it.each([
    [frame('CONNREQ', '0.1', serial, '2022-11-04', '11:10:36.067'), published.connected],
    [statusFrame(quiet, serial), derived.noAlarm],
    [
      statusFrame(
        {
          ...quiet,
          alarms: [
            { code: 'PA.02', device: 'PUMP1', priority: 'HIGH', sound: 'HP_PUMP' },
            { code: 'BA.01', device: 'SYSTEM', priority: 'LOW', sound: 'LP_POW' },
          ],
        },
        serial,
      ),
      derived.occlusion,
    ],
  ])('are as published: %#', (bytes, literal) => {
    expect(toText(bytes)).toBe(`${literal}\r\n`)
  })
})

const newPump = () => benchPump({ id: serial, twin: new NeurowaveTwin(serial), profile: 'generic-two-channel' })
const ask = (pump: SimulatedPump, request: string): string => asked(pump, toBytes(`${request}\r\n`))
const fieldsAfter = (acts: readonly ActName[], seconds: number): readonly string[] =>
  ask(actedOn(newPump(), acts, seconds), derived.statusRequest)
    .slice(1, -7)
    .split('^')

describe('an AP-4000', () => {
  it('never speaks unasked', () => {
    expect(textsOf(newPump().advance(60_000))).toEqual([])
  })

  it('answers the published requests', () => {
    const pump = newPump()
    pump.advance(0)
    expect(ask(pump, published.connectRequest)).toBe(`${published.connected}\r\n`)
    pump.advance(3_600_000)
    const fields = ask(pump, derived.statusRequest).slice(1, -7).split('^')
    expect(fields).toHaveLength(97)
    expect([12, 34, 56, 58, 61, 67, 89, 91, 94].map((index) => fields[index])).toEqual([
      '-1',
      'SN-0001',
      '12.500',
      '37.500',
      '12.50',
      'SN-0002',
      '1.800',
      '38.200',
      '1.80',
    ])
  })

  it('takes requests in any chunks, and none with a wrong sum or for another pump', () => {
    const pump = newPump()
    pump.advance(1000)
    expect(pump.received(toBytes('!CONN'))).toEqual([])
    expect(ask(pump, 'REQ|02B3')).toContain('!CONNREQ^0.1^')
    expect(ask(pump, '!CONNREQ|02B4')).toBe('')
    expect(ask(pump, '!STATREQ^032-19-50-015|05A0')).toBe('')
  })

  it('gives no answer to control frames, does not change and keeps a note', () => {
    const pump = newPump()
    pump.advance(1000)
    const before = pump.state
    for (const control of controlFrames['neurowave-ap4000'] ?? []) {
      const [output, ...more] = pump.received(control)
      expect(output).toMatchObject({ kind: 'note', fact: { kind: 'refused' } })
      expect(more).toEqual([])
    }
    expect(pump.state).toBe(before)
  })

  it('lists alarms of the channel and of the whole pump, most urgent first', () => {
    const fields = fieldsAfter(['mains-off', 'occlude'], 300)
    expect(fields.slice(12, 22)).toEqual([
      '2',
      '1',
      'PA.02',
      'PUMP1',
      'HIGH',
      'HP_PUMP',
      'BA.01',
      'SYSTEM',
      'LOW',
      'LP_POW',
    ])
    expect([fields[61], fields[94]]).toEqual(['0.00', '1.80'])
  })

  it('keeps as truth what each channel told', () => {
    const pump = newPump()
    pump.advance(60_000)
    const facts = pump.received(toBytes(`${derived.statusRequest}\r\n`)).map(({ fact }) => fact)
    expect(facts).toMatchObject([
      { kind: 'sample', channelId: '1', rateMlPerHour: 12.5, activeAlarms: [] },
      { kind: 'sample', channelId: '2', rateMlPerHour: 1.8, activeAlarms: [] },
    ])
  })
})
