import { describe, expect, it } from 'vitest'
import { toBytes, toText } from '#simulators/core/crc.ts'
import { alarmFrame, frame, infusionFrame, type Infusion } from '#simulators/core/alaris-acp/frames.ts'
import { AlarisTwin } from '#simulators/core/alaris-acp/twin.ts'
import type { ActName } from '#simulators/core/acts.ts'
import type { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import { actedOn, asked, benchPump, textsOf } from '#test/support/twin-bench.ts'

// Literal frames: alaris-acp.md 2 and 6, with the CR of the wire.
const infusing: Infusion = {
  serial: '8002-00001',
  alarm: false,
  mode: 'SET',
  rateMlPerHour: 12.5,
  infusedMl: 3.217,
  pressureMmHg: 17.9,
  secondsLeft: 13_473,
  logEntry: 101,
}

describe('Alaris frames', () => {
  it.each([
    [frame('INST_SERIALNO', '8002-51740'), '!INST_SERIALNO^8002-51740|050B\r'],
    [frame('COMMS_PROTOCOL', 'Asena Rev 2.1.5'), '!COMMS_PROTOCOL^Asena Rev 2.1.5|661A\r'],
    [frame('SYRINGE_STATUS', 'BD PLASTIPAK', ' 50', 'CONF'), '!SYRINGE_STATUS^BD PLASTIPAK^ 50^CONF|1CF8\r'],
    [alarmFrame('AL_NOALM', null), '!ALARM^AL_NOALM^ ^ |C73B\r'],
    [alarmFrame('AL_OCCLU', 'OCCLUSION'), '!ALARM^AL_OCCLU^OCCLUSION^|664D\r'],
    [alarmFrame('AL_LWBAT', null), '!ALARM^AL_LWBAT^ ^ |18D5\r'],
    [infusionFrame(infusing), '!INF^8002-00001^-^SET^12.50^ml/h^^3.217^ml^17.90^mmHg^03:44:33^EVENT^000101|7B62\r'],
    [
      infusionFrame({
        ...infusing,
        alarm: true,
        mode: 'HLD',
        rateMlPerHour: 0,
        infusedMl: 3.24,
        pressureMmHg: 500.25,
        secondsLeft: null,
        logEntry: 102,
      }),
      '!INF^8002-00001^A^HLD^0.00^ml/h^^3.240^ml^500.25^mmHg^24+^EVENT^000102|1BCA\r',
    ],
  ])('is as published: %#', (bytes, published) => {
    expect(toText(bytes)).toBe(published)
  })
})

const serial = '8002-51740'
const newPump = () => benchPump({ id: serial, twin: new AlarisTwin(serial), profile: 'generic-syringe' })
const ask = (pump: SimulatedPump, request: string): string => asked(pump, toBytes(`${request}\r`))
const alarmAfter = (acts: readonly ActName[], seconds: number): string =>
  ask(actedOn(newPump(), acts, seconds), '!ALARM|50B2')

describe('an Alaris pump', () => {
  it('never speaks unasked', () => {
    expect(textsOf(newPump().advance(60_000))).toEqual([])
  })

  it('answers the published requests', () => {
    const pump = newPump()
    pump.advance(10_000)
    expect(ask(pump, '!INST_SERIALNO|457D')).toBe('!INST_SERIALNO^8002-51740|050B\r')
    expect(ask(pump, '!COMMS_PROTOCOL|E8DA')).toBe('!COMMS_PROTOCOL^Asena Rev 2.1.5|661A\r')
    expect(ask(pump, '!SYRINGE_STATUS|4102')).toBe('!SYRINGE_STATUS^BD PLASTIPAK^ 50^CONF|1CF8\r')
    expect(ask(pump, '!ALARM|50B2')).toBe('!ALARM^AL_NOALM^ ^ |C73B\r')
    expect(ask(pump, '!INF|4961')).toMatch(
      /^!INF\^8002-51740\^-\^SET\^12\.50\^ml\/h\^\^0\.035\^ml\^2\d\.\d\d\^mmHg\^03:35:50\^EVENT\^000100\|[0-9A-F]{4}\r$/,
    )
  })

  it.each([
    ['COMMS_RESPONSE_MAX', '^4000^ms'],
    ['INF_RATE_MAX_SYRINGE', '^1200.00^ml/h'],
    ['INF_VTBI', '^ACT^45.000^ml^STOP'],
  ])('answers %s', (name, fields) => {
    const pump = newPump()
    pump.advance(1000)
    expect(ask(pump, toText(frame(name)).trimEnd())).toContain(`!${name}${fields}|`)
  })

  it.each([
    '!INF_START|38F3',
    '!INF_STOP|CD57',
    '!INF_RATE^0.1^ml/h|B775',
    '!INF_VTBI^DEACT|D8C5',
    '!INF_VI_CLEAR|A706',
    '!REMOTE_CTRL^DISABLED|EF95',
  ])('gives no answer to %s, does not change and keeps a note', (request) => {
    const pump = newPump()
    pump.advance(1000)
    const before = pump.state
    const [output, ...more] = pump.received(toBytes(`${request}\r`))
    expect(output).toMatchObject({ kind: 'note', fact: { kind: 'refused', request: request.slice(1, -5) } })
    expect(more).toEqual([])
    expect(pump.state).toBe(before)
  })

  it('takes requests in any chunks and none with a wrong check', () => {
    const pump = newPump()
    pump.advance(1000)
    expect(ask(pump, '!ALARM|50B3')).toBe('')
    expect(pump.received(toBytes('!ALA'))).toEqual([])
    expect(ask(pump, 'RM|50B2')).toBe('!ALARM^AL_NOALM^ ^ |C73B\r')
  })

  it('keeps as truth what its code can say, not what the pump knows', () => {
    const pump = newPump()
    pump.act({ act: 'occlude' })
    const facts = pump.advance(120_000).flatMap(({ fact }) => (fact?.kind === 'alarm' ? [fact] : []))
    expect(facts).toMatchObject([{ code: 'occlusion-unspecified', raised: true, priority: null }])
  })

  it('shows one alarm: the most urgent', () => {
    expect(alarmAfter(['mains-off'], 1)).toBe(toText(alarmFrame('AL_ACDIS', null)))
    expect(alarmAfter(['mains-off', 'occlude'], 120)).toBe('!ALARM^AL_OCCLU^OCCLUSION^|664D\r')
    expect(alarmAfter(['finish'], 1)).toBe(toText(alarmFrame('AL_NEOIN', null)))
    expect(alarmAfter(['finish'], 60)).toBe(toText(alarmFrame('AL_VTBIS', null)))
  })
})
