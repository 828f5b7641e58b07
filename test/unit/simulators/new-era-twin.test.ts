import { describe, expect, it } from 'vitest'
import type { ActName } from '#simulators/core/acts.ts'
import { toText } from '#simulators/core/crc.ts'
import { float, packet, RequestReader } from '#simulators/core/new-era-ne1000/frames.ts'
import { NewEraTwin, type NewEraTwinOptions } from '#simulators/core/new-era-ne1000/twin.ts'
import type { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import type { Output } from '#simulators/core/statement.ts'
import { alarmFacts, benchPump, textsOf } from '#test/support/twin-bench.ts'
import { bytesOf, basicDispensed, empty, replies, requests } from '#test/vectors/new-era-ne1000.ts'
import { bytes } from '#test/unit/pump-protocols/support.ts'

describe('New Era packets', () => {
  it.each([
    [packet('safe', '00A?S'), replies.stalled],
    [packet('safe', '00S'), replies.stopped],
    [packet('safe', '00SI0.250W0.000ML'), replies.dispensed],
    [packet('safe', '00I12.88MH'), replies.rate],
    [packet('basic', '00SI0.250W0.000ML'), basicDispensed],
  ])('are as derived: %#', (built, hex) => {
    expect(built).toEqual(bytesOf(hex))
  })

  it.each([
    [0.25, '0.250'],
    [12.883, '12.88'],
    [123.45, '123.5'],
    [1234, '1234'],
  ])('have %d as a float %s', (value, text) => {
    expect(float(value)).toBe(text)
  })

  it('are found in any chunks, behind noise, and with a right check only', () => {
    const reader = new RequestReader('safe')
    const wire = [0x02, 0x41, ...bytesOf(requests.rate).with(5, 0), ...bytesOf(requests.dispensed), ...bytesOf(empty)]
    expect(wire.flatMap((byte) => reader.push(Uint8Array.of(byte)))).toEqual(['DIS', ''])
    expect(new RequestReader('basic').push(bytes('DIS\r00RAT\rST'))).toEqual(['DIS', '00RAT'])
  })
})

const safe = { mode: 'safe', safTimeoutS: 0 } as const

const newPump = (options: NewEraTwinOptions = safe) =>
  benchPump({ id: 'LAB-1', twin: new NewEraTwin(options), profile: 'generic-syringe' })

const textOf = (outputs: readonly Output[]): string[] => textsOf(outputs).map((text) => text.slice(2, -3))
const ask = (pump: SimulatedPump, text: string): string[] => textOf(pump.received(packet('safe', text)))
const after = (pump: SimulatedPump, act: ActName, seconds: number): string[] => {
  const acted = textOf(pump.act({ act }))
  return [...acted, ...textOf(pump.advance(pump.nowMs + seconds * 1000))]
}

describe('a New Era pump', () => {
  it('answers the two queries, and says nothing unasked while all is well', () => {
    const pump = newPump()
    expect(textOf(pump.advance(10_000))).toEqual([])
    expect(ask(pump, 'DIS')).toEqual(['00II0.035W0.000ML'])
    expect(ask(pump, '00RAT')).toEqual(['00I12.50MH'])
    expect(ask(pump, '01DIS')).toEqual([])
  })

  it('pushes an alarm once, and answers with it until something has been asked', () => {
    const pump = newPump()
    pump.advance(1000)
    expect(after(pump, 'occlude', 120)).toEqual(['00A?S'])
    expect(ask(pump, 'RAT')).toEqual(['00A?S'])
    expect(ask(pump, 'RAT')).toEqual(['00S12.50MH'])
  })

  it('never pushes in Basic mode', () => {
    const pump = newPump({ mode: 'basic', safTimeoutS: 0 })
    pump.advance(1000)
    expect(after(pump, 'occlude', 120)).toEqual([])
    expect(pump.received(bytes('RAT\r')).map((output) => output.kind === 'bytes' && toText(output.bytes))).toEqual([
      '\u000200A?S\u0003',
    ])
  })

  it('says after a power failure that there was one', () => {
    const pump = newPump()
    pump.advance(1000)
    expect(after(pump, 'reboot', 1)).toEqual(['00A?R'])
    expect(ask(pump, 'DIS')).toEqual(['00A?R'])
  })

  it('alarms and stops when it was asked once and nobody asks on', () => {
    const pump = newPump({ mode: 'safe', safTimeoutS: 10 })
    expect(textOf(pump.advance(60_000))).toEqual([])
    ask(pump, 'DIS')
    expect(textOf(pump.advance(69_900))).toEqual([])
    const outputs = pump.advance(80_000)
    expect(textOf(outputs)).toEqual(['00A?T'])
    expect(pump.state.activity).toBe('paused')
    expect(alarmFacts(outputs).map(({ code }) => code)).toEqual(['host-timeout'])
  })

  it('goes on while somebody asks', () => {
    const pump = newPump({ mode: 'safe', safTimeoutS: 10 })
    for (let second = 1; second < 60; second += 5) {
      pump.advance(second * 1000)
      expect(ask(pump, 'DIS')[0]).toContain('00II')
    }
  })

  it('knows for the truth when what it told is over', () => {
    const pump = newPump()
    pump.advance(1000)
    pump.act({ act: 'occlude' })
    pump.advance(121_000)
    pump.act({ act: 'release' })
    expect(alarmFacts(pump.advance(150_000))).toMatchObject([{ code: 'drive-fault', raised: false }])
  })

  it.each(['STP', 'RUN', 'RAT5.0MH', 'SAF0', ''])('does not change on %j and keeps a note', (text) => {
    const pump = newPump()
    pump.advance(1000)
    const before = pump.state
    expect(pump.received(packet('safe', text))).toMatchObject([{ fact: { kind: 'refused', request: text } }])
    expect(pump.state).toBe(before)
  })
})
