import { describe, expect, it } from 'vitest'
import { base64Bytes, base64Text } from '#domain/pump-protocols/base64.ts'
import { hexText } from '#domain/pump-protocols/ascii.ts'
import { terumoDecoder, terumoPacket } from '#domain/pump-protocols/terumo-xml-tcp/frame.ts'
import { parseTerumo } from '#domain/pump-protocols/terumo-xml-tcp/parse.ts'
import { published, r1Data, r2Data, replies, requests, statusBase64 } from '#test/vectors/terumo-xml-tcp.ts'
import { bytes, crcOf, decodeAll, outcome, xmodemOf } from './support.ts'

const wire = (packet: string): Uint8Array => bytes(`\u0002${packet}\u0003`)
const xmlOf = (packet: string): string => packet.slice(0, -4)
/** A packet for situations the page does not print; the check comes from the tests' own CRC. */
const packet = (xml: string): Uint8Array => wire(xml + xmodemOf(xml))
const all = [...Object.values(published), ...Object.values(requests), ...Object.values(replies)]
const R1 = wire(replies.r1)
const R2 = wire(replies.r2)
const r1 = xmlOf(replies.r1)
const r2 = xmlOf(replies.r2)

describe('the Terumo framer, terumo-xml-tcp.md 2 and 8', () => {
  it('reads every example, published and derived, requests and replies', () => {
    expect(decodeAll(terumoDecoder(), ...all.map(wire))).toEqual({
      texts: all.map(xmlOf),
      counters: { ok: all.length },
    })
  })

  it('builds the same packets', () => {
    expect(all.map((one) => Buffer.from(terumoPacket(xmlOf(one))).toString('latin1'))).toEqual(
      all.map((one) => Buffer.from(wire(one)).toString('latin1')),
    )
  })

  it('reads the identity request from the hex that the page prints', () => {
    expect(hexText(wire(published.askIdentity)).startsWith('023C3F786D6C20')).toBe(true)
    expect(hexText(wire(published.askIdentity)).endsWith('3834313103')).toBe(true)
  })

  it.each(Array.from({ length: R1.length - 1 }, (_, at) => at + 1))('reads R1 split after %i bytes', (at) => {
    const decoder = terumoDecoder()
    expect(outcome([...decoder.push(R1.slice(0, at), 0), ...decoder.push(R1.slice(at), 1)])).toEqual({
      texts: [r1],
      counters: { ok: 1 },
    })
  })

  it.each([
    ['R1 with lower-case check digits', [wire(replies.r1.replace('10EB', '10ec'))], [], { form: 1 }],
    ['R1 with one base64 character changed', [wire(replies.r1.replace('AQEAAAAE', 'AQEAAAAF'))], [], { crc: 1 }],
    ['a check of CRC-16/CCITT-FALSE', [wire(xmlOf(replies.r1) + crcOf(xmlOf(replies.r1)))], [], { crc: 1 }],
    ['R1 breaks off, R2 follows', [R1.slice(0, 40), R2], [r2], { restart: 1, ok: 1 }],
    ['R1 without its STX', [R1.slice(1), R2], [r2], { junk: R1.length - 1, ok: 1 }],
    ['a line break inside', [R1.slice(0, 40), bytes('\r'), R2], [r2], { form: 1, ok: 1 }],
    ['bytes above 7E inside', [R1.slice(0, 40), bytes('\u00e4'), R2], [r2], { form: 1, ok: 1 }],
    ['a check without XML', [wire('0000'), R2], [r2], { form: 1, ok: 1 }],
    ['5000 bytes without an end', [wire('A'.repeat(5000)), R2], [r2], { over: 1, junk: 904, ok: 1 }],
    ['4096 bytes', [packet('A'.repeat(4092))], ['A'.repeat(4092)], { ok: 1 }],
    ['CR LF between packets', [R1, bytes('\r\n'), R2], [r1, r2], { ok: 2 }],
  ])('%s', (_row, parts, texts, counters) => {
    expect(decodeAll(terumoDecoder(), ...parts)).toEqual({ texts, counters })
  })

  it('drops R1 without its end when a pause of 600 ms follows', () => {
    const decoder = terumoDecoder()
    const results = [...decoder.push(R1.slice(0, -1), 0), ...decoder.push(R2, 600)]
    expect(outcome(results)).toEqual({ texts: [r2], counters: { gap: 1, ok: 1 } })
  })
})

const reply = (data: string): string =>
  `<?xml version="1.0"?><REP><DEVID>0001</DEVID><CMD>${Buffer.from(data.replaceAll(' ', ''), 'hex').toString('base64')}</CMD></REP>`

describe('Terumo XML', () => {
  it.each([
    ['a blank before <CMD>', r1.replace('<CMD>', ' <CMD>')],
    ['an attribute', r1.replace('<REP>', '<REP a="1">')],
    ['another declaration', r1.replace('?>', ' encoding="utf-8"?>')],
    ['no declaration', r1.slice('<?xml version="1.0"?>'.length)],
    ['an entity', r1.replace('<CMD>', '<CMD>&amp;')],
    ['a second command', r1.replace('</CMD>', '</CMD><CMD>AAEAAA==</CMD>')],
    ['a lower-case id', r1.replace('0001007', '000a007')],
    ['an empty id with a command', r1.replace(/<DEVID>.*<\/DEVID>/, '<DEVID></DEVID>')],
    [
      'an id of 65 characters',
      xmlOf(published.identity).replace(/<DEVID>.*<\/DEVID>/, `<DEVID>${'A'.repeat(65)}</DEVID>`),
    ],
    ['base64 without padding', r1.replace('6A==', '6A')],
    ['base64 with a line break', r1.replace('AAAA', 'AA\nAA')],
    ['28 bytes of data', reply(`01 01 00 00 00 ${r1Data.slice(0, -3)}`)],
    ['a reply of four bytes', reply('01 01 00 00')],
    ['nothing', ''],
  ])('is void with %s', (_name, xml) => {
    expect(parseTerumo(xml)).toEqual({ kind: 'void' })
  })

  it('reads the data of R1 as the page does', () => {
    expect(parseTerumo(r1)).toMatchObject({ kind: 'status', to: { sequence: 1, command: '010000' } })
    expect(reply(`01 01 00 00 00 ${r1Data}`).includes('AQEAAAAEAxAAAAAAAFUABgAE4gABQgAB0wAA+ggCvAAD6A==')).toBe(true)
    expect(parseTerumo(r1)).toMatchObject({
      status: {
        software: '0403',
        state: 1,
        alarmBits: 0,
        batteryBars: 5,
        power: 'AC',
        subBattery: 'normal',
        syringe: '50/60 mL',
        setRateMlPerHour: 12.5,
        deliveredMl: 3.22,
        targetMl: 46.7,
        doseRate: 2.5,
        doseUnit: 'mg/kg/h',
        weightKg: 70,
        dilution: 10,
        rest: '',
      },
    })
  })

  it('reads the data of R2 as the page does', () => {
    expect(reply(`02 01 00 00 00 ${r2Data}`).includes('AgEAAAAEAwAAAACACEMLBgAE4gABRf///wAA+gj//wAAAA==')).toBe(true)
    expect(parseTerumo(r2)).toMatchObject({
      status: {
        state: 0,
        alarmBits: 0x8008,
        batteryBars: 3,
        power: 'battery',
        occlusionMeterPercent: 75,
        alarmSound: true,
        targetMl: 'no limit',
        weightKg: null,
        dilution: null,
      },
    })
  })

  it('keeps longer data raw', () => {
    expect(parseTerumo(reply(`01 01 00 00 00 ${r1Data} AB CD`))).toMatchObject({ status: { rest: 'ABCD' } })
  })

  it.each([
    [replies.refused12, '12', '010000'],
    [replies.refused13, '13', '000000'],
  ])('reads a refusal', (told, result, data) => {
    expect(parseTerumo(xmlOf(told))).toMatchObject({ kind: 'refused', result, data })
  })

  it('keeps the reply to another command apart', () => {
    expect(parseTerumo(reply('01 02 00 00 00 FF'))).toMatchObject({ kind: 'other', data: 'FF' })
  })
})

describe('base64', () => {
  it.each([...statusBase64])('of status request %i is as published', (sequence, text) => {
    expect(base64Text(Uint8Array.of(sequence, 1, 0, 0))).toBe(text)
    expect(base64Bytes(text)).toEqual(Uint8Array.of(sequence, 1, 0, 0))
  })

  it('agrees with another encoder on any bytes', () => {
    for (let length = 0; length < 70; length += 1) {
      const some = Uint8Array.from({ length }, (_, at) => (at * 37 + length) & 0xff)
      const told = Buffer.from(some).toString('base64')
      expect(base64Text(some)).toBe(told)
      expect(base64Bytes(told)).toEqual(some)
    }
  })

  it.each(['A', 'AA', 'AAA', 'A===', 'AA=A', 'AA A', 'AA-_', '=', '===='])('refuses %j', (text) => {
    expect(base64Bytes(text)).toBeNull()
  })
})
