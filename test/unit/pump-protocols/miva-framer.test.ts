import { describe, expect, it } from 'vitest'
import { mivaDecoder, mivaFrame } from '#domain/pump-protocols/zyno-miva/frame.ts'
import { eventOf } from '#domain/pump-protocols/zyno-miva/event.ts'
import { parseMiva } from '#domain/pump-protocols/zyno-miva/parse.ts'
import { absoluteTime, derived, relativeTime, requestHex, serialHex, xorRequests } from '#test/vectors/zyno-miva.ts'
import { bytes, decodeAll, outcome, stxSum } from './support.ts'

const wire = (text: string): Uint8Array => bytes(`\u0002${text}\u0003`)
const fromHex = (text: string): Uint8Array => Uint8Array.from(text.split(' '), (pair) => Number.parseInt(pair, 16))
const P = wire(derived.entry15)
const Q = wire(derived.ring)
const p = derived.entry15.slice(0, -2)
const q = derived.ring.slice(0, -2)

describe('the MIVA framer, zyno-miva.md 1 and 6', () => {
  it('reads every example, requests and replies', () => {
    const frames = Object.values(derived)
    expect(decodeAll(mivaDecoder('sum'), ...frames.map(wire))).toEqual({
      texts: frames.map((frame) => frame.slice(0, -2)),
      counters: { ok: frames.length },
    })
  })

  it.each(Object.values(derived))('builds the bytes of %s', (frame) => {
    expect(mivaFrame(frame.slice(0, -2), 'sum')).toEqual(wire(frame))
  })

  it.each(Object.entries(requestHex))('builds %s as printed', (text, hex) => {
    expect(mivaFrame(text, 'sum')).toEqual(fromHex(hex))
  })

  it('reads the serial number from the printed hex', () => {
    expect(decodeAll(mivaDecoder('sum'), fromHex(serialHex)).texts).toEqual(['RNSN800009'])
  })

  it.each(Object.entries(xorRequests))('builds %s by exclusive or', (text, frame) => {
    expect(mivaFrame(text, 'xor')).toEqual(wire(frame))
    expect(decodeAll(mivaDecoder('xor'), wire(frame)).texts).toEqual([text])
    expect(decodeAll(mivaDecoder('sum'), wire(frame)).counters).toEqual({ crc: 1 })
  })

  it.each(Array.from({ length: P.length - 1 }, (_, at) => at + 1))('reads P split after %i bytes', (at) => {
    const decoder = mivaDecoder('sum')
    expect(outcome([...decoder.push(P.slice(0, at), 0), ...decoder.push(P.slice(at), 1)])).toEqual({
      texts: [p],
      counters: { ok: 1 },
    })
  })

  it.each([
    ['P breaks off, Q follows', [P.slice(0, 20), Q], [q], { restart: 1, ok: 1 }],
    ['entry 15 with check 93', [wire(derived.entry15.replace(/92$/, '93')), Q], [q], { crc: 1, ok: 1 }],
    ['CR, LF and NUL between frames', [P, bytes('\r\n\0'), Q], [p, q], { ok: 2 }],
    ['a control byte inside a frame', [P.slice(0, 20), bytes('\u0006'), Q], [q], { form: 1, ok: 1 }],
    ['CR inside a frame', [P.slice(0, 20), bytes('\r'), Q], [q], { form: 1, ok: 1 }],
    ['no check', [wire('RI')], [], { form: 1 }],
    ['a check that is none', [wire('RIXY')], [], { form: 1 }],
    ['400 bytes without an end', [P, wire('A'.repeat(400)), Q], [p, q], { over: 1, junk: 336, ok: 2 }],
  ])('%s', (_row, parts, texts, counters) => {
    expect(decodeAll(mivaDecoder('sum'), ...parts)).toEqual({ texts, counters })
  })

  it('takes check digits and data in lower case', () => {
    const lower = bytes(Buffer.from(stxSum('R701a9')).toString('latin1').toLowerCase().replace('r7', 'R7'))
    expect(decodeAll(mivaDecoder('sum'), lower).texts).toEqual(['R701a9'])
  })

  it('drops P without its end when a pause of 600 ms follows', () => {
    const decoder = mivaDecoder('sum')
    const results = [...decoder.push(P.slice(0, -1), 0), ...decoder.push(Q, 600)]
    expect(outcome(results)).toEqual({ texts: [q], counters: { gap: 1, ok: 1 } })
  })
})

const entry = (time: string) => ({ index: 1, entry: `01${time}${'0'.repeat(22)}` })

describe('what a MIVA reply says', () => {
  it.each([
    ['RNSN800009', { type: 'RN', serial: 'SN800009' }],
    ['RSMIVA-1.2', { type: 'RS', firmware: 'MIVA-1.2' }],
    ['RB07D0', { type: 'RB', baseYear: '07D0' }],
    ['RLMYLIBRARY 1.04.00 ABC'.padEnd(22).slice(0, 22), { type: 'RL', library: 'MYLIBRARY 1.04.00 AB' }],
    ['RCF00186A0', { type: 'RC', clock: 'F00186A0', timeFormat: 'relative' }],
    ['RC040B160B0A24', { type: 'RC', clock: '040B160B0A24', timeFormat: 'absolute' }],
    ['RI0000000000000010', { type: 'RI', tail: 0, head: 16 }],
    ['R701A9', { type: 'R7', batteryVolts: 4.25 }],
    ['RD00FF0A10', { type: 'RD', sensors: '00FF0A10' }],
    ['R200FF0A10', { type: 'R2', sensors: '00FF0A10' }],
    ['Q0CONT', { type: 'Q0', text: 'CONT' }],
    ['Q0ERROR', { type: 'Q0', text: null }],
    ['Q4mL/hr', { type: 'Q4', text: 'mL/hr' }],
    ['Q30E10', { type: 'Q3', value: 3600 }],
    ['Q54E2', { type: 'Q5', value: 12.5 }],
    ['Q6ERROR', { type: 'Q6', value: null }],
    ['QD2710', { type: 'QD', value: 100 }],
    ['Q71', { type: 'Q7', running: true }],
    ['Q70', { type: 'Q7', running: false }],
  ])('%s', (text, reply) => {
    expect(parseMiva(text)).toEqual({ kind: 'reply', reply, malformed: false })
  })

  it.each(['RNSN80000', 'RNSN8000091', 'RS?', 'RB07D', 'R71A9', 'RD00FF', 'Q5123456789', 'Q5xyz', 'Q72', 'Q6 1'])(
    '%s has a value that cannot be read',
    (text) => {
      expect(parseMiva(text)).toMatchObject({ kind: 'reply', malformed: true })
    },
  )

  it.each([
    'RC0011',
    'RI00000000',
    'RI000000000000A900',
    'RI0000A90000000000',
    'RE0000000F09',
    'RE0000A900' + '0'.repeat(32),
  ])('%s is void', (text) => {
    expect(parseMiva(text)).toMatchObject({ kind: 'void' })
  })

  it.each(['RN', 'RI', 'Q5', 'RE0000000F', 'WT02', 'S90102', 'QHERROR'])('%s is no reply', (text) => {
    expect(parseMiva(text)).toMatchObject({ kind: 'unnamed' })
  })

  it('reads the times of events in both forms', () => {
    expect(eventOf(entry(absoluteTime), 'absolute').time).toBe('2022-11-04 11:10:36')
    expect(eventOf(entry(relativeTime), 'relative').time).toBe('100000 s')
    expect(eventOf(entry(absoluteTime), null).time).toBe('raw 5AC8B2A4')
  })

  it('reads the floats of an event', () => {
    const { value, type, subtype } = eventOf({ index: 17, entry: derived.entry17.slice(10, -2) }, 'absolute')
    expect([type, subtype, value?.toFixed(2)]).toEqual([13, 2, '3.61'])
  })
})
