import { describe, expect, it } from 'vitest'
import type { ActName } from '#simulators/core/acts.ts'
import { toBytes, toText, xmodemHex } from '#simulators/core/crc.ts'
import type { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import { identityPacket, replyPacket, statusData, type Shown } from '#simulators/core/terumo-xml-tcp/frames.ts'
import { TerumoTwin } from '#simulators/core/terumo-xml-tcp/twin.ts'
import { actedOn, alarmFacts, asked, benchPump, textsOf } from '#test/support/twin-bench.ts'
import { controlFrames } from '#test/vectors/control-frames.ts'
import { derivedId, published, r1Data, r2Data, replies, requests } from '#test/vectors/terumo-xml-tcp.ts'

const wire = (packet: string): string => `\u0002${packet}\u0003`
const hexOf = (data: readonly number[]): string => Buffer.from(data).toString('hex').toUpperCase()

const r1: Shown = {
  state: 1,
  alarmBits: [],
  batteryBars: 5,
  onMains: true,
  occlusionMeter: 0,
  syringe: 6,
  setRateMlPerHour: 12.5,
  deliveredMl: 3.22,
  targetMl: 46.7,
  weightKg: 70,
  dilution: 10,
}
const r2: Shown = {
  ...r1,
  state: 0,
  alarmBits: [3, 15],
  batteryBars: 3,
  onMains: false,
  occlusionMeter: 3,
  deliveredMl: 3.25,
  targetMl: null,
  weightKg: null,
  dilution: null,
}

describe('Terumo packets', () => {
  it('have the published check', () => {
    expect(xmodemHex('123456789')).toBe('31C3')
  })

  it.each([
    [identityPacket('000100700000001201000001'), published.identity],
    [replyPacket(derivedId, [1, 1, 0, 0, 0, ...statusData(r1)]), replies.r1],
    [replyPacket(derivedId, [2, 1, 0, 0, 0, ...statusData(r2)]), replies.r2],
    [replyPacket(derivedId, [3, 1, 0, 0, 0x12, 1, 0, 0]), replies.refused12],
    [replyPacket(derivedId, [4, 1, 0, 0, 0x13, 0, 0, 0]), replies.refused13],
  ])('are as published: %#', (bytes, literal) => {
    expect(toText(bytes)).toBe(wire(literal))
  })

  it.each([
    [r1, r1Data],
    [r2, r2Data],
  ])('carry the printed data: %#', (shown, data) => {
    expect(hexOf(statusData(shown))).toBe(data.replaceAll(' ', ''))
  })
})

const newPump = () => benchPump({ id: derivedId, twin: new TerumoTwin(derivedId), profile: 'generic-syringe' })
const ask = (pump: SimulatedPump, request: string): string => asked(pump, toBytes(wire(request)))

const dataOf = (reply: string): Buffer => Buffer.from(/<CMD>(.*)<\/CMD>/.exec(reply)?.[1] ?? '', 'base64')

const alarmsAfter = (acts: readonly ActName[], seconds: number): string =>
  dataOf(ask(actedOn(newPump(), acts, seconds), requests.status00))
    .subarray(10, 13)
    .toString('hex')

describe('a Terumo pump', () => {
  it('never speaks unasked', () => {
    expect(textsOf(newPump().advance(60_000))).toEqual([])
  })

  it('says who it is and what it does', () => {
    const pump = newPump()
    pump.advance(10_000)
    expect(ask(pump, published.askIdentity)).toBe(toText(identityPacket(derivedId)))
    const data = dataOf(ask(pump, requests.status01))
    expect(hexOf([...data.subarray(0, 5)])).toBe('0101000000')
    expect([data[7], data.readUIntBE(16, 3), data.readUIntBE(19, 3)]).toEqual([0x10, 1250, 3])
  })

  it('does not answer for another pump, nor under a wrong check', () => {
    const pump = newPump()
    pump.advance(1000)
    expect(ask(pump, requests.status00.replace('F0C0', 'F0C1'))).toBe('')
    expect(pump.received(toBytes(wire(published.identity)))).toEqual([])
  })

  it.each((controlFrames['terumo-xml-tcp'] ?? []).map((frame) => [frame]))(
    'refuses control packet %#, does not change and keeps a note',
    (frame) => {
      const pump = newPump()
      pump.advance(1000)
      const before = pump.state
      const [output] = pump.received(frame)
      expect(output).toMatchObject({ fact: { kind: 'refused' } })
      expect(pump.state).toBe(before)
    },
  )

  it('takes requests in any chunks', () => {
    const pump = newPump()
    pump.advance(1000)
    const request = wire(published.askIdentity)
    expect(pump.received(toBytes(request.slice(0, 20)))).toEqual([])
    expect(pump.received(toBytes(request.slice(20)))).toHaveLength(1)
  })

  it('sets a bit for each alarm it has', () => {
    expect(alarmsAfter([], 1)).toBe('000000')
    expect(alarmsAfter(['mains-off'], 1)).toBe('008000')
    expect(alarmsAfter(['mains-off', 'occlude'], 120)).toBe('008008')
    expect(alarmsAfter(['finish'], 60)).toBe('000004')
  })

  it('keeps as truth what its bits can say', () => {
    const pump = newPump()
    pump.act({ act: 'occlude' })
    expect(alarmFacts(pump.advance(120_000))).toMatchObject([
      { code: 'occlusion-unspecified', raised: true, priority: null },
    ])
  })
})
