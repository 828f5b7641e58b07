import { describe, expect, it } from 'vitest'
import { alarisDecoder } from '#domain/pump-protocols/alaris-acp/frame.ts'
import { derived, forbidden, infRequestHex, published, requests } from '#test/vectors/alaris-acp.ts'
import { bytes, crcOf, decodeAll, outcome } from './support.ts'

const wire = (frame: string): Uint8Array => bytes(`${frame}\r`)
const textOf = (frame: string): string => frame.slice(1, -5)
const P = wire(derived.infusing)
const Q = wire(derived.occlusion)
const p = textOf(derived.infusing)
const q = textOf(derived.occlusion)

describe('the Alaris framer, alaris-acp.md 1 and 6', () => {
  it('reads every example, published and derived, replies and requests', () => {
    const frames = [...Object.values(published), ...Object.values(derived), ...Object.values(requests), ...forbidden]
    expect(decodeAll(alarisDecoder(), ...frames.map(wire))).toEqual({
      texts: frames.map(textOf),
      counters: { ok: frames.length },
    })
  })

  it('reads request 6 from the printed hex', () => {
    const frame = Uint8Array.from(infRequestHex.split(' '), (pair) => Number.parseInt(pair, 16))
    expect(decodeAll(alarisDecoder(), frame).texts).toEqual(['INF'])
  })

  it.each(Array.from({ length: P.length - 1 }, (_, at) => at + 1))('reads P split after %i bytes', (at) => {
    const decoder = alarisDecoder()
    expect(outcome([...decoder.push(P.slice(0, at), 0), ...decoder.push(P.slice(at), 1)])).toEqual({
      texts: [p],
      counters: { ok: 1 },
    })
  })

  it.each([
    ['P breaks off, Q follows', [P.slice(0, 20), Q], [q], { restart: 1, ok: 1 }],
    ['ESC breaks P off', [P.slice(0, 20), bytes('\x1b'), Q], [q], { form: 1, ok: 1 }],
    ['one bit flipped in a digit', [P.map((byte, at) => (at === 24 ? byte ^ 1 : byte)), Q], [q], { crc: 1, ok: 1 }],
    ['4000 bytes without an end', [P, wire(`!${'A'.repeat(4000)}`), Q], [p, q], { over: 1, junk: 3743, ok: 2 }],
    ['LF between frames', [P, bytes('\n'), Q], [p, q], { ok: 2 }],
    ['LF inside a frame', [P.slice(0, 20), bytes('\n'), Q], [q], { form: 1, ok: 1 }],
    ['lower-case check digits', [wire('!ALARM^AL_NOALM^ ^ |c73b')], [], { form: 1 }],
    ['two separators of the check', [wire(`!A|B|${crcOf('A|B')}`), Q], [q], { form: 1, ok: 1 }],
    ['a text without its CR', [bytes(published.noAlarm), Q], [q], { restart: 1, ok: 1 }],
  ])('%s', (_row, parts, texts, counters) => {
    expect(decodeAll(alarisDecoder(), ...parts)).toEqual({ texts, counters })
  })

  it('drops P without its end when a pause of 600 ms follows', () => {
    const decoder = alarisDecoder()
    const results = [...decoder.push(P.slice(0, -1), 0), ...decoder.push(Q, 600)]
    expect(outcome(results)).toEqual({ texts: [q], counters: { gap: 1, ok: 1 } })
  })

  it('lets the check decide: three separators under the check of four are rejected', () => {
    const check = crcOf('REMQUERY^^^^')
    expect(decodeAll(alarisDecoder(), wire(`!REMQUERY^^^|${check}`))).toEqual({ texts: [], counters: { crc: 1 } })
    expect(decodeAll(alarisDecoder(), wire(`!REMQUERY^^^^|${check}`)).counters).toEqual({ ok: 1 })
  })
})
