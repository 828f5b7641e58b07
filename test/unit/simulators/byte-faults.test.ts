import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAtOtherSpeed } from '#simulators/core/faults/byte-stages.ts'
import { describeFault, faultNames, readFault, type FaultName } from '#simulators/core/faults/catalog.ts'
import { FaultyBroker } from '#simulators/core/faults/faulty-broker.ts'
import { FaultyWire, isDamaged } from '#simulators/core/faults/faulty-wire.ts'

const on = (fault: FaultName, amount = describeFault(fault).amount?.usual ?? 0) =>
  ({ fault, on: true, amount, way: 'both' }) as const
const off = (fault: FaultName) => ({ fault, on: false, amount: 0, way: 'both' }) as const

const wireWith = (seed: number, ...faults: readonly ReturnType<typeof on>[]): FaultyWire<null> => {
  const wire = new FaultyWire<null>(seed, 'from-pump')
  for (const fault of faults) wire.set(fault, 0)
  return wire
}

const ever = Number.MAX_SAFE_INTEGER
const out = (wire: FaultyWire<null>, until = ever): readonly number[] =>
  wire.arrived(until).flatMap(({ bytes }) => [...bytes])

/** Every fault that changes bytes, often enough to be seen in a few of them. */
const harsh = [
  on('flip', 0.02),
  on('drop', 0.1),
  on('duplicate', 0.1),
  on('truncate', 0.03),
  on('garbage', 0.1),
  on('split', 0.2),
] as const

const text = (length: number): Uint8Array => Uint8Array.from({ length }, (_, n) => 32 + (n % 90))
const cut = (bytes: Uint8Array, ends: readonly number[]): readonly Uint8Array[] => {
  const places = [...new Set([0, ...ends.map((end) => end % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  )
  return places.slice(1).map((end, n) => bytes.subarray(places[n], end))
}

describe('bytes on a faulty wire', () => {
  it('are damaged in the same way however they are cut, for every choice of faults', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.uint8Array({ maxLength: 400 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.subarray([...harsh, on('wrong-baud', 2)]),
        (seed, bytes, ends, faults) => {
          const whole = wireWith(seed, ...faults)
          whole.push(bytes, 0, null)
          const parts = wireWith(seed, ...faults.toReversed())
          for (const part of cut(bytes, ends)) parts.push(part, 0, null)
          expect(out(parts)).toEqual(out(whole))
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each(harsh.slice(0, 5))('suffer from $fault alone, by the seed', (fault) => {
    const [a, b, c] = [1, 1, 2].map((seed) => wireWith(seed, fault))
    for (const wire of [a, b, c]) wire?.push(text(2_000), 0, null)
    const [first, again, other] = [a, b, c].map((wire) => (wire === undefined ? [] : out(wire)))
    expect(first).not.toEqual([...text(2_000)])
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('have as many flipped bits as the rate says', () => {
    const wire = wireWith(7, on('flip', 0.001))
    const sent = new Uint8Array(200_000)
    wire.push(sent, 0, null)
    const bits = out(wire).reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
    expect(bits / (sent.length * 8)).toBeGreaterThan(0.000_9)
    expect(bits / (sent.length * 8)).toBeLessThan(0.001_1)
  })

  it('are as they were when the fault is over, and what was damaged says so', () => {
    const wire = wireWith(3, on('flip', 0.5))
    wire.push(text(20), 0, null)
    wire.set(off('flip'), 0)
    wire.push(text(20), 0, null)
    const [first, second] = wire.arrived(0).map(({ passage }) => passage)
    expect(first === null || first === undefined ? false : isDamaged(first)).toBe(true)
    expect(second?.onWire).toEqual(text(20))
  })

  // A UART of twice the speed sees each bit twice: 0x55 is start, 1 0 1 0 1 0 1 0, stop.
  it('are read as a UART of another speed reads them', () => {
    expect(readAtOtherSpeed(0x41, 1)).toEqual([0x41])
    expect(readAtOtherSpeed(0x55, 2)).toEqual([0x66, 0xe6])
    expect(readAtOtherSpeed(0x00, 0.5)).toHaveLength(1)
    expect(readAtOtherSpeed(0xff, 2)).toEqual([0xfe])
  })

  it('come later, in pieces or in one piece, and in order', () => {
    const slow = wireWith(1, on('slow', 100))
    slow.push(text(50), 0, null)
    expect(out(slow, 499)).toEqual([])
    expect(out(slow, 500)).toHaveLength(50)
    const glued = wireWith(1, on('glue', 1_000))
    glued.push(text(5), 100, null)
    glued.push(text(5), 900, null)
    expect(out(glued, 999)).toEqual([])
    expect(out(glued, 1_000)).toHaveLength(10)
    const split = wireWith(1, on('split', 0.5))
    split.push(text(40), 0, null)
    expect(out(split, 0).length).toBeLessThan(40)
    expect(out(split).length).toBeGreaterThan(0)
  })

  it('wait behind a stall, are swallowed half-open, and are lost when the cable is pulled', () => {
    const stalled = wireWith(1, on('stall'))
    stalled.push(text(5), 0, null)
    expect(out(stalled)).toEqual([])
    stalled.set(off('stall'), 9_000)
    expect(out(stalled, 9_000)).toHaveLength(5)
    const open = wireWith(1, on('half-open'))
    open.push(text(5), 0, null)
    const [piece] = open.arrived(0)
    expect(piece).toMatchObject({ bytes: new Uint8Array(), passage: { swallowed: true } })
    stalled.set(on('stall'), 9_000)
    stalled.push(text(5), 9_000, null)
    expect(stalled.clear()).toMatchObject([{ swallowed: true }])
    expect(out(stalled)).toEqual([])
  })
})

describe('messages of a pump’s own connection', () => {
  it('are published twice, or overtaken by the next, by the seed; none is lost', () => {
    const messages = Array.from({ length: 200 }, (_, n) => n)
    const sentBy = (seed: number) => {
      const broker = new FaultyBroker<number>(seed)
      broker.set(on('duplicate-publish', 0.2))
      broker.set(on('retransmit', 0.2))
      broker.set(on('reorder', 0.2))
      return [...messages.flatMap((n) => broker.pass(n)), ...broker.set(off('reorder'))]
    }
    const sent = sentBy(1)
    expect(sentBy(1)).toEqual(sent)
    expect(sent.filter(({ again, isSamePacket }) => again && !isSamePacket).length).toBeGreaterThan(10)
    expect(sent.filter(({ isSamePacket }) => isSamePacket).length).toBeGreaterThan(10)
    const firsts = sent.filter(({ again }) => !again).map(({ output }) => output)
    expect(firsts.toSorted((a, b) => a - b)).toEqual(messages)
    expect(firsts).not.toEqual(messages)
    for (const [place, n] of firsts.entries()) expect(Math.abs(place - n)).toBeLessThanOrEqual(1)
  })
})

describe('a fault', () => {
  it('is read with its usual amount, and refused with the reason', () => {
    for (const fault of faultNames) expect(readFault({ fault })).toMatchObject({ fault, on: true, way: 'both' })
    expect(readFault({ fault: 'gremlin' })).toContain('unknown fault; known: flip')
    expect(readFault({ fault: 'flip', amount: 2 })).toBe('flip: amount must be a number from 0 to 1 of the bits')
    expect(readFault({ fault: 'stall', amount: 2 })).toBe('stall takes no amount')
    expect(readFault({ fault: 'reorder', way: 'to-pump' })).toBe('reorder has no way')
    expect(readFault({ fault: 'flip', way: 'up' })).toContain('"way" must be one of')
    expect(readFault({ fault: 'flip', on: 'yes' })).toContain('"on" must be')
  })
})
