import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { BasicLineDecoder } from '#domain/pump-protocols/new-era-ne1000/basic-line-decoder.ts'
import { newEraDecoder, newEraRequest } from '#domain/pump-protocols/new-era-ne1000/frame.ts'
import { newEraFloat } from '#domain/pump-protocols/new-era-ne1000/messages/float.ts'
import { parseNewEra } from '#domain/pump-protocols/new-era-ne1000/parse.ts'
import { basicDispensed, bytesOf, empty, replies, requests } from '#test/vectors/new-era-ne1000.ts'
import { bytes, decodeAll, join, outcome, safePacket } from './support.ts'

const safe = () => newEraDecoder('safe')
const basic = () => newEraDecoder('basic')
const S = bytesOf(replies.stalled)
const D = bytesOf(replies.dispensed)
const R = bytesOf(replies.rate)
const s = '00A?S'
const d = '00SI0.250W0.000ML'
const r = '00I12.88MH'
const both = () => new BasicLineDecoder(basic())
const changed = (packet: Uint8Array, at: number, byte: number): Uint8Array => packet.with(at, byte)

describe('the Safe framer, new-era-ne1000.md 1 and 7', () => {
  it('reads every example, in both directions', () => {
    const all = [...Object.values(replies), ...Object.values(requests), empty].map(bytesOf)
    expect(decodeAll(safe(), ...all)).toEqual({
      texts: [s, '00S', '00I', d, r, '00S?NA', 'DIS', 'RAT', ''],
      counters: { ok: 9 },
    })
  })

  it('builds the requests as printed', () => {
    expect(newEraRequest('safe', 'DIS')).toEqual(bytesOf(requests.dispensed))
    expect(newEraRequest('safe', 'RAT')).toEqual(bytesOf(requests.rate))
    expect(newEraRequest('basic', '07DIS')).toEqual(bytes('07DIS\r'))
  })

  it('reads D byte by byte', () => {
    const decoder = safe()
    expect(outcome([...D].flatMap((byte) => decoder.push(Uint8Array.of(byte), 0)))).toEqual({
      texts: [d],
      counters: { ok: 1 },
    })
  })

  it.each([
    ['D and S in one chunk', [D, S], [d, s], { ok: 2 }],
    ['the 12.88 packet and S in one chunk', [R, S], [r, s], { ok: 2 }],
    ['02, then S: 02 is an illegal LEN', [Uint8Array.of(0x02), S], [s], { form: 1, ok: 1 }],
    ['02 41, then S', [Uint8Array.of(0x02, 0x41), S], [s], { form: 1, junk: 1, ok: 1 }],
    ['S with LEN 0A, then D', [changed(S, 1, 0x0a), D], [d], { form: 1, junk: 8, ok: 1 }],
    ['S with a wrong CRC, then D', [changed(S, 8, 0xa6), D], [d], { crc: 1, junk: 9, ok: 1 }],
    ['FF 03 0D, then S', [Uint8Array.of(0xff, 0x03, 0x0d), S], [s], { junk: 2, ok: 1 }],
    ['LEN 3', [Uint8Array.of(0x02, 0x03, 0x41), S], [s], { form: 1, junk: 2, ok: 1 }],
    ['a false 02 in front of S that spans it', [Uint8Array.of(0x02, 0x0b), S, D], [s, d], { crc: 1, junk: 1, ok: 2 }],
    ['60 characters', [safePacket('A'.repeat(60)), S], ['A'.repeat(60), s], { ok: 2 }],
  ])('%s', (_row, parts, texts, counters) => {
    expect(decodeAll(safe(), ...parts)).toEqual({ texts, counters })
  })

  it('drops D[:8] at 0 ms when S comes at 600 ms', () => {
    const decoder = safe()
    const results = [...decoder.push(D.slice(0, 8), 0), ...decoder.push(S, 600)]
    expect(outcome(results)).toEqual({ texts: [s], counters: { gap: 1, ok: 1 } })
  })

  it('keeps D[:8] at 0 ms when the rest comes at 500 ms', () => {
    const decoder = safe()
    expect(outcome([...decoder.push(D.slice(0, 8), 0), ...decoder.push(D.slice(8), 500)])).toEqual({
      texts: [d],
      counters: { ok: 1 },
    })
  })

  it('finds an alarm that a false 02 has swallowed when nothing more comes', () => {
    const decoder = safe()
    expect(decoder.push(join(Uint8Array.of(0x02, 0x30), S), 0)).toEqual([])
    expect(outcome(decoder.tick(501))).toEqual({ texts: [s], counters: { gap: 1, ok: 1 } })
    expect(decoder.buffered).toBe(0)
  })

  it('loses no packet behind any noise, once the line has been quiet for 500 ms', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(S, D, R), (noise, packet) => {
        const decoder = safe()
        decoder.push(noise, 0)
        const results = [...decoder.push(packet, 100), ...decoder.tick(700)]
        expect(results.some((result) => result.ok && Buffer.from(result.frame.bytes).equals(packet))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the Basic framer', () => {
  it('reads the printed reply, split anywhere', () => {
    const packet = bytesOf(basicDispensed)
    for (let at = 1; at < packet.length; at += 1) {
      const decoder = basic()
      expect(outcome([...decoder.push(packet.slice(0, at), 0), ...decoder.push(packet.slice(at), 1)])).toEqual({
        texts: [d],
        counters: { ok: 1 },
      })
    }
  })

  it.each([
    ['STX inside', [bytes('\u000200S\u000200I\u0003')], ['00I'], { restart: 1, ok: 1 }],
    ['65 characters', [bytes(`\u0002${'A'.repeat(65)}\u0003`)], [], { over: 1, junk: 1 }],
    ['64 characters', [bytes(`\u0002${'A'.repeat(64)}\u0003`)], ['A'.repeat(64)], { ok: 1 }],
    ['a byte that cannot be printed', [bytes('\u000200\u00ff\u0003')], [], { form: 1, junk: 1 }],
  ])('%s', (_row, parts, texts, counters) => {
    expect(decodeAll(basic(), ...parts)).toEqual({ texts, counters })
  })
})

describe('the framer of Basic captures', () => {
  it.each([
    ['a line and a reply', [bytes('DIS\r'), bytesOf(basicDispensed)], ['DIS', d], { ok: 2 }],
    ['a line that a reply breaks off', [bytes('DI'), bytesOf(basicDispensed)], [d], { junk: 2, ok: 1 }],
    ['65 characters', [bytes(`${'A'.repeat(65)}\r`)], ['A'], { over: 1, ok: 1 }],
    ['empty lines', [bytes('\r\n\r')], [], {}],
    ['a byte that cannot be printed', [bytes('D\u0000IS\r')], ['IS'], { junk: 2, ok: 1 }],
  ])('%s', (_row, parts, texts, counters) => {
    expect(decodeAll(both(), ...parts)).toEqual({ texts, counters })
  })

  it('drops a line that waits for 501 ms', () => {
    const decoder = both()
    decoder.push(bytes('DIS'), 0)
    expect(outcome(decoder.tick(500))).toEqual({ texts: [], counters: {} })
    expect(outcome(decoder.tick(501))).toEqual({ texts: [], counters: { gap: 1 } })
    expect(decoder.buffered).toBe(0)
  })
})

describe('New Era text', () => {
  it.each([
    ['0.250', 250],
    ['12.88', 12_880],
    ['1234', 1_234_000],
    ['.5', 500],
    ['5.', 5000],
    ['0', 0],
  ])('reads float %s', (text, thousandths) => {
    expect(newEraFloat(text)).toBe(thousandths)
  })

  it.each(['', '.', '12345', '1.2345', '12.345', '1,5', '-1', '+1', '1e3', ' 1', '1.2.3'])(
    'refuses float %j',
    (text) => {
      expect(newEraFloat(text)).toBeNull()
    },
  )

  it.each([
    ['00I12.88MH', 12.88],
    ['00I1.000MM', 60],
    ['00I100.0UM', 6],
    ['00I500UH', 0.5],
  ])('reads the rate of %s as %d mL/h', (text, setRateMlPerHour) => {
    expect(parseNewEra(text)).toMatchObject({ kind: 'reply', data: { type: 'RAT', setRateMlPerHour } })
  })

  it.each([
    ['00SI0.250W0.000ML', 0.25, 0],
    ['07II250.0W1.500UL', 0.25, 0.0015],
  ])('reads the volumes of %s', (text, infusedMl, withdrawnMl) => {
    expect(parseNewEra(text)).toMatchObject({ kind: 'reply', data: { type: 'DIS', infusedMl, withdrawnMl } })
  })

  it.each(['00S?', '00S?NA', '00S?OOR', '00S?COM', '00S?IGN'])('reads %s as an error', (text) => {
    expect(parseNewEra(text)).toMatchObject({ kind: 'reply', data: { type: 'error', error: text.slice(3) } })
  })

  it.each(['00', '0S', '00Q', '00S?BAD', '00I12.88XX', '00I12345MH', '00II1W1', '00S\u0007', 'hello', '123S'])(
    'gives no meaning to %j',
    (text) => {
      expect(parseNewEra(text)).toEqual({ kind: 'void' })
    },
  )

  it.each([
    ['', '', null, ''],
    ['DIS', 'DIS', null, ''],
    ['07RAT', 'RAT', '07', ''],
    ['RAT5.0MH', 'RAT', null, '5.0MH'],
    ['00SAF0', 'SAF', '00', '0'],
    ['00STP', 'STP', '00', ''],
    ['*RESET', '*RESET', null, ''],
  ])('reads %j as what a host sends', (text, command, address, parameters) => {
    expect(parseNewEra(text)).toEqual({ kind: 'command', address, command, parameters })
  })

  it.each(['00A?S', '00A?', '00A?Z', '00A?SX'])('never drops the alarm of %s', (text) => {
    expect(parseNewEra(text)).toEqual({ kind: 'alarm', address: '00', alarm: text.slice(2) })
  })
})
