import { describe, expect, it } from 'vitest'
import { ip1Decoder } from '#domain/pump-protocols/ip1/frame.ts'
import { airRaisedB, airRaisedBHex, examples, helloNewBoot, statusA } from '#test/vectors/ip1.ts'
import { bytes, crcOf, decodeAll, join, line, outcome } from './support.ts'

const A = line(statusA)
const B = line(airRaisedB)
const textOf = (frame: string): string => frame.slice(1, -5)
const a = textOf(statusA)
const b = textOf(airRaisedB)

const flipped = (frame: Uint8Array, at: number, mask: number): Uint8Array =>
  frame.map((byte, index) => (index === at ? byte ^ mask : byte))

describe('the IP1 framer, ip1.md 6', () => {
  it.each([
    ['2: A and B in one chunk', [A, B], [a, b], { ok: 2 }],
    ['3: noise before A', [bytes('\xff\x00\x80\x7e\r\n\x41'), A], [a], { junk: 5, ok: 1 }],
    ['4: a start byte and an illegal byte', [bytes('$\xff'), A], [a], { form: 1, ok: 1 }],
    ['5: A breaks off, B follows', [A.slice(0, 30), B], [b], { restart: 1, ok: 1 }],
    [
      '8: the pump restarts inside A',
      [A.slice(0, 40), bytes('\r\nBOOT v1.4\r\n'), line(helloNewBoot)],
      [textOf(helloNewBoot)],
      { form: 1, junk: 9, ok: 1 },
    ],
    ['9: a damaged value', [flipped(A, 20, 0x04), B], [b], { crc: 1, ok: 1 }],
    ['10: a damaged check', [flipped(A, 72, 0x01), B], [b], { crc: 1, ok: 1 }],
    ['11: a damaged start', [flipped(A, 0, 0x01), B], [b], { junk: 75, ok: 1 }],
    ['12: a value turned into a start', [flipped(A, 31, 0x14), B], [b], { restart: 1, crc: 1, ok: 1 }],
    ['13: A without CR', [bytes(`${statusA}\n`), B], [a, b], { ok: 2 }],
    ['13: A without LF', [bytes(`${statusA}\r`), B], [a, b], { ok: 2 }],
    ['14: A without CR LF is not rescued', [bytes(statusA), B], [b], { restart: 1, ok: 1 }],
    ['15: lower-case check digits', [line(statusA.replace('BB79', 'bb79')), B], [b], { form: 1, ok: 1 }],
    ['16: A twice', [A, A], [a, a], { ok: 2 }],
    ['17: 4000 bytes without an end', [line(`$${'A'.repeat(4000)}`), B], [b], { over: 1, junk: 3794, ok: 1 }],
    ['18: a zero byte inside A', [A.slice(0, 20), bytes('\0'), A.slice(20), B], [b], { form: 1, junk: 55, ok: 1 }],
    ['19: the right check of nothing', [line('$*FFFF'), B], [b], { form: 1, ok: 1 }],
    ['20: no check', [line('$IP1,ST,0001'), B], [b], { form: 1, ok: 1 }],
    ['21: two start bytes', [bytes('$'), A], [a], { restart: 1, ok: 1 }],
    ['22: a star in the body', [line(`$IP1,ST,00*01*${crcOf('IP1,ST,00*01')}`), B], [b], { form: 1, ok: 1 }],
    [
      '23: a body of 200 bytes',
      [line(`$${'A'.repeat(200)}*${crcOf('A'.repeat(200))}`), B],
      ['A'.repeat(200), b],
      { ok: 2 },
    ],
    ['24: a body of 201 bytes', [line(`$${'A'.repeat(201)}*${crcOf('A'.repeat(201))}`), B], [b], { over: 1, ok: 1 }],
  ])('%s', (_row, parts, texts, counters) => {
    expect(decodeAll(ip1Decoder(), ...parts)).toEqual({ texts, counters })
  })

  it('1: A byte by byte', () => {
    const decoder = ip1Decoder()
    const results = Array.from(A, (byte, at) => decoder.push(Uint8Array.of(byte), at)).flat()
    expect(outcome(results)).toEqual({ texts: [a], counters: { ok: 1 } })
  })

  it('6: a partial frame is dropped after strictly more than 500 ms', () => {
    const decoder = ip1Decoder()
    decoder.push(A.slice(0, 30), 0)
    expect(decoder.tick(500)).toEqual([])
    expect(outcome(decoder.tick(501))).toEqual({ texts: [], counters: { gap: 1 } })
    expect(decoder.tick(9999)).toEqual([])
    expect(decoder.buffered).toBe(0)
  })

  it('7: a frame with a pause inside is dropped, its rest is junk', () => {
    const decoder = ip1Decoder()
    const results = [...decoder.push(A.slice(0, 30), 0), ...decoder.push(A.slice(30), 600), ...decoder.push(B, 700)]
    expect(outcome(results)).toEqual({ texts: [b], counters: { gap: 1, junk: 45, ok: 1 } })
  })

  it('reads every example of the page', () => {
    const frames = Object.values(examples)
    expect(decodeAll(ip1Decoder(), ...frames.map(line)).texts).toEqual(frames.map(textOf))
  })

  it('reads frame B from the printed hex', () => {
    const wire = Uint8Array.from(airRaisedBHex.split(' '), (pair) => Number.parseInt(pair, 16))
    expect(decodeAll(ip1Decoder(), wire)).toEqual({ texts: [b], counters: { ok: 1 } })
  })

  it('hands out the bytes it rejected', () => {
    const [result] = ip1Decoder().push(join(A.slice(0, 30), B), 0)
    expect(result).toEqual({ ok: false, fault: 'restart', discarded: A.slice(0, 30) })
  })
})
