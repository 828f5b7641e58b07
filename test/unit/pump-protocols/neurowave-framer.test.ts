import { describe, expect, it } from 'vitest'
import { neurowaveDecoder, neurowaveFrame } from '#domain/pump-protocols/neurowave-ap4000/frame.ts'
import { sum16, sum8, xor8 } from '#domain/pump-protocols/sums.ts'
import { connectRequestHex, derived, published } from '#test/vectors/neurowave-ap4000.ts'
import { bytes, decodeAll, line, outcome, sumOf } from './support.ts'

const textOf = (frame: string): string => frame.slice(1, -5)
const P = line(published.connected)
const Q = line(derived.noAlarm)
const p = textOf(published.connected)
const q = textOf(derived.noAlarm)
const frames = [...Object.values(published), ...Object.values(derived)]

describe('sums', () => {
  it('have the check values of the page', () => {
    const digits = bytes('123456789')
    expect([sum16(digits, 0, 9), sum8(digits, 0, 9), xor8(digits, 0, 9)]).toEqual([0x01dd, 0xdd, 0x31])
  })
})

describe('the AP-4000 framer, neurowave-ap4000.md 1 and 5', () => {
  it('reads every example, published and derived', () => {
    expect(decodeAll(neurowaveDecoder(), ...frames.map(line))).toEqual({
      texts: frames.map(textOf),
      counters: { ok: frames.length },
    })
  })

  it.each(frames)('builds the bytes of %s', (frame) => {
    expect(neurowaveFrame(textOf(frame))).toEqual(line(frame))
  })

  it('reads the request from the printed hex', () => {
    const frame = Uint8Array.from(connectRequestHex.split(' '), (pair) => Number.parseInt(pair, 16))
    expect(decodeAll(neurowaveDecoder(), frame).texts).toEqual(['CONNREQ'])
    expect(neurowaveFrame('CONNREQ')).toEqual(frame)
  })

  it.each(Array.from({ length: P.length - 1 }, (_, at) => at + 1))('reads P split after %i bytes', (at) => {
    const decoder = neurowaveDecoder()
    expect(outcome([...decoder.push(P.slice(0, at), 0), ...decoder.push(P.slice(at), 1)])).toEqual({
      texts: [p],
      counters: { ok: 1 },
    })
  })

  it.each([
    ['CR alone', [bytes(`${published.connected}\r`), Q], [p, q], { ok: 2 }],
    ['P breaks off, Q follows', [P.slice(0, 20), Q], [q], { restart: 1, ok: 1 }],
    ['one bit flipped in a digit', [P.map((byte, at) => (at === 12 ? byte ^ 1 : byte)), Q], [q], { crc: 1, ok: 1 }],
    ['another code under the old sum', [line(derived.occlusion.replace('PA.02', 'PA.03'))], [], { crc: 1 }],
    ['a sum in lower case', [line('!CONNREQ|02b3')], [], { form: 1 }],
    ['two separators', [line(`!A|B|${sumOf('A|B')}`), Q], [q], { form: 1, ok: 1 }],
    ['LF inside a frame', [P.slice(0, 20), bytes('\n'), Q], [q], { form: 1, ok: 1 }],
    ['9000 bytes without an end', [P, line(`!${'A'.repeat(9000)}`), Q], [p, q], { over: 1, junk: 807, ok: 2 }],
  ])('%s', (_row, parts, texts, counters) => {
    expect(decodeAll(neurowaveDecoder(), ...parts)).toEqual({ texts, counters })
  })

  it('takes a text of 8187 bytes, the longest', () => {
    const longest = 'A'.repeat(8187)
    expect(decodeAll(neurowaveDecoder(), line(`!${longest}|${sumOf(longest)}`)).counters).toEqual({ ok: 1 })
    const longer = `${longest}A`
    expect(decodeAll(neurowaveDecoder(), line(`!${longer}|${sumOf(longer)}`)).counters).not.toHaveProperty('ok')
  })

  it('drops P without its end when a pause of 600 ms follows', () => {
    const decoder = neurowaveDecoder()
    const results = [...decoder.push(P.slice(0, -2), 0), ...decoder.push(Q, 600)]
    expect(outcome(results)).toEqual({ texts: [q], counters: { gap: 1, ok: 1 } })
  })

  it('cannot see swapped fields: the sum is the same', () => {
    const swapped = derived.occlusion.replace('^2^1^PA.02', '^1^2^PA.02')
    expect(swapped).not.toBe(derived.occlusion)
    expect(decodeAll(neurowaveDecoder(), line(swapped)).counters).toEqual({ ok: 1 })
  })
})
