import { describe, expect, it } from 'vitest'
import { toBytes, toText } from '#simulators/core/crc.ts'
import { EventRing, ringEntries } from '#simulators/core/zyno-miva/event-ring.ts'
import { clockText, entryOf, frame } from '#simulators/core/zyno-miva/frames.ts'
import { MivaTwin } from '#simulators/core/zyno-miva/twin.ts'
import { pumpClock } from '#simulators/core/pump-clock.ts'
import type { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import { asked, benchPump, textsOf } from '#test/support/twin-bench.ts'
import { controlFrames } from '#test/vectors/control-frames.ts'
import { derived, requestHex } from '#test/vectors/zyno-miva.ts'

const time = pumpClock(0)

describe('MIVA frames', () => {
  it.each([
    [frame('RNSN800009'), derived.serial],
    [frame('RI0000000000000010'), derived.ring],
    [frame('R701A9'), derived.volts],
    [frame(`RE0000000F${entryOf({ type: 9, subtype: 2, time })}`), derived.entry15],
    [frame(`RE00000010${entryOf({ type: 9, subtype: 4, time })}`), derived.entry16],
    [frame(`RE00000011${entryOf({ type: 13, subtype: 2, time, values: [3.61, 12.5] })}`), derived.entry17],
  ])('are as in the page: %#', (bytes, text) => {
    expect(toText(bytes)).toBe(`\u0002${text}\u0003`)
  })

  it('tell the clock in twelve digits', () => {
    expect(clockText(time)).toBe('040B160B0A24')
  })
})

describe('the ring of a MIVA', () => {
  it('wraps, and writes over its oldest entry when it is full', () => {
    const ring = new EventRing()
    const indices = Array.from({ length: ringEntries + 5 }, (_, at) => ring.write(String(at)))
    expect([indices[63], indices[64]]).toEqual([ringEntries - 1, 0])
    expect(ring.head).toBe(indices.at(-1))
    expect(ring.tail).toBe((ring.head + 1) % ringEntries)
    expect(ring.read(ring.tail)).toBe('5')
  })
})

const newPump = () =>
  benchPump({
    id: 'SN800009',
    twin: new MivaTwin('SN800009'),
    profile: 'generic-ambulatory',
    settings: { rateMlPerHour: 120 },
  })
const ask = (pump: SimulatedPump, text: string): string => asked(pump, frame(text)).slice(1, -3)
/** Types and subtypes of the whole log. */
const logOf = (pump: SimulatedPump): readonly string[] => {
  const ring = ask(pump, 'RI')
  const [tail, head] = [Number.parseInt(ring.slice(2, 10), 16), Number.parseInt(ring.slice(10), 16)]
  const count = ((head - tail + ringEntries) % ringEntries) + 1
  return Array.from({ length: count }, (_, at) => {
    const index = ((tail + at) % ringEntries).toString(16).toUpperCase().padStart(8, '0')
    const entry = ask(pump, `RE${index}`).slice(10)
    return `${Number.parseInt(entry.slice(0, 2), 16)}/${Number.parseInt(entry.slice(10, 14), 16)}`
  })
}

describe('a MIVA', () => {
  it('never speaks unasked', () => {
    expect(textsOf(newPump().advance(60_000))).toEqual([])
  })

  it('answers the published requests', () => {
    const pump = newPump()
    pump.advance(3_600_000)
    const bytes = requestHex.RN.split(' ').map((pair) => Number.parseInt(pair, 16))
    expect(pump.received(Uint8Array.from(bytes))).toMatchObject([{ kind: 'bytes' }])
    expect(ask(pump, 'RN')).toBe('RNSN800009')
    expect(ask(pump, 'Q5')).toBe('Q52EE0')
    expect(ask(pump, 'QD')).toBe('QDC350')
    expect(ask(pump, 'RL')).toHaveLength(22)
    expect(ask(pump, 'RC')).toHaveLength(14)
  })

  it('gives no answer to what acts or lies outside the ring, does not change and keeps a note', () => {
    const pump = newPump()
    pump.advance(1000)
    const before = pump.state
    const sums = (controlFrames['zyno-miva'] ?? []).slice(0, (controlFrames['zyno-miva'] ?? []).length / 2)
    for (const control of sums) {
      const [output, ...more] = pump.received(control)
      expect(output, toText(control)).toMatchObject({ kind: 'note', fact: { kind: 'refused' } })
      expect(more).toEqual([])
    }
    expect(pump.received(toBytes('\u0002RN1C\u0003'))).toEqual([])
    expect(pump.state).toBe(before)
  })

  it('logs an occlusion, its end and the run after it', () => {
    const pump = newPump()
    pump.advance(1000)
    pump.act({ act: 'occlude' })
    pump.advance(120_000)
    expect(logOf(pump)).toEqual(['13/32', '1/0', '9/2'])
    pump.act({ act: 'release' })
    pump.advance(240_000)
    expect(logOf(pump)).toEqual(['13/32', '1/0', '9/2', '9/4', '1/0'])
  })

  it('logs a pause, a start, a raw block at a new rate, and goes on with the log after a restart', () => {
    const pump = newPump()
    pump.advance(1000)
    for (const act of ['pause', 'resume', 'set-rate', 'reboot'] as const) {
      pump.act({ act })
      pump.advance(pump.nowMs + 1000)
    }
    expect(logOf(pump)).toEqual(['13/32', '1/0', '2/0', '1/0', '0/256', '9/2', '9/1', '0/512', '13/32', '1/0'])
  })

  it('keeps as truth what its log tells', () => {
    const pump = newPump()
    pump.act({ act: 'cassette-off' })
    const facts = pump.advance(5000).flatMap(({ fact }) => (fact?.kind === 'alarm' ? [fact] : []))
    pump.act({ act: 'cassette-on' })
    pump.act({ act: 'resume' })
    facts.push(...pump.advance(10_000).flatMap(({ fact }) => (fact?.kind === 'alarm' ? [fact] : [])))
    expect(facts.map(({ code, raised }) => [code, raised])).toEqual([
      ['cassette-detached', true],
      ['cassette-detached', false],
    ])
  })
})
