import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { alarisProfile } from '#domain/pump-protocols/alaris-acp/profile.ts'
import { alarisWhitelist } from '#domain/pump-protocols/alaris-acp/requests.ts'
import { ip1Profile } from '#domain/pump-protocols/ip1/profile.ts'
import { neurowaveProfile } from '#domain/pump-protocols/neurowave-ap4000/profile.ts'
import { neurowaveWhitelist } from '#domain/pump-protocols/neurowave-ap4000/requests.ts'
import { ip1Whitelist } from '#domain/pump-protocols/ip1/requests.ts'
import { newEraProfile } from '#domain/pump-protocols/new-era-ne1000/profile.ts'
import { newEraWhitelist } from '#domain/pump-protocols/new-era-ne1000/requests.ts'
import { findProfile, profiles } from '#domain/pump-protocols/profiles.ts'
import { terumoProfile } from '#domain/pump-protocols/terumo-xml-tcp/profile.ts'
import { terumoWhitelist } from '#domain/pump-protocols/terumo-xml-tcp/requests.ts'
import { mivaProfile } from '#domain/pump-protocols/zyno-miva/profile.ts'
import { mivaWhitelist } from '#domain/pump-protocols/zyno-miva/requests.ts'
import { forbidden, infRequestHex, published, derived, requests } from '#test/vectors/alaris-acp.ts'
import { everyProfile } from '#test/support/every-setting.ts'
import { controlFrames } from '#test/vectors/control-frames.ts'
import * as vectors from '#test/vectors/ip1.ts'
import * as neurowave from '#test/vectors/neurowave-ap4000.ts'
import * as newEra from '#test/vectors/new-era-ne1000.ts'
import * as terumo from '#test/vectors/terumo-xml-tcp.ts'
import { bytes, configuredProfile, crcOf, line, safePacket, stxSum, sumOf, xmodemOf } from './support.ts'
import * as miva from '#test/vectors/zyno-miva.ts'

const cr = (frame: string): Uint8Array => bytes(`${frame}\r`)
const checked = (text: string): Uint8Array => cr(`!${text}|${crcOf(text)}`)
const summed = (text: string): Uint8Array => line(`!${text}|${sumOf(text)}`)
const stxEtx = (packet: string): Uint8Array => bytes(`\u0002${packet}\u0003`)
const xml = (text: string): Uint8Array => stxEtx(text + xmodemOf(text))
const command = (text: string): Uint8Array => line(`$IP1,CM,${text}*${crcOf(`IP1,CM,${text}`)}`)

describe('the whitelists', () => {
  it('hold these requests and no other', () => {
    expect(ip1Whitelist.map(({ shape }) => shape)).toMatchInlineSnapshot(`
      [
        "$IP1,CM,<seq>,<boot>,HI?*<crc> CR LF",
        "$IP1,CM,<seq>,<boot>,ST?*<crc> CR LF",
        "$IP1,CM,<seq>,<boot>,AL?*<crc> CR LF",
        "$IP1,CM,<seq>,<boot>,ALRX,<notification>*<crc> CR LF",
        "$IP1,CM,<seq>,<boot>,LG?,<index>*<crc> CR LF",
      ]
    `)
    expect(alarisWhitelist.map(({ shape }) => shape)).toMatchInlineSnapshot(`
      [
        "!INST_SERIALNO|<crc> CR",
        "!COMMS_PROTOCOL|<crc> CR",
        "!COMMS_RESPONSE_MAX|<crc> CR",
        "!SYRINGE_STATUS|<crc> CR",
        "!INF_RATE_MAX_SYRINGE|<crc> CR",
        "!INF|<crc> CR",
        "!INF_VTBI|<crc> CR",
        "!ALARM|<crc> CR",
      ]
    `)
    expect(neurowaveWhitelist.map(({ shape }) => shape)).toMatchInlineSnapshot(`
      [
        "!CONNREQ|02B3 CR LF",
        "!STATREQ^<system id>|<sum> CR LF",
      ]
    `)
    expect(terumoWhitelist.map(({ shape }) => shape)).toMatchInlineSnapshot(`
      [
        "STX <?xml version="1.0"?><REQ><DEVID></DEVID></REQ>8411 ETX",
        "STX <?xml version="1.0"?><REQ><DEVID><id></DEVID><CMD>base64(<sequence> 01 00 00)</CMD></REQ><crc> ETX",
      ]
    `)
    expect(newEraWhitelist('safe').map(({ shape }) => shape)).toMatchInlineSnapshot(`
      [
        "STX LEN DIS <crc> ETX",
        "STX LEN <nn>DIS <crc> ETX",
        "STX LEN RAT <crc> ETX",
        "STX LEN <nn>RAT <crc> ETX",
      ]
    `)
    expect(newEraWhitelist('basic').map(({ shape }) => shape)).toMatchInlineSnapshot(`
      [
        "DIS CR",
        "<nn>DIS CR",
        "RAT CR",
        "<nn>RAT CR",
      ]
    `)
    expect(mivaWhitelist('sum').map(({ shape }) => shape)).toMatchInlineSnapshot(`
      [
        "STX RN<check> ETX",
        "STX RS<check> ETX",
        "STX RB<check> ETX",
        "STX RL<check> ETX",
        "STX RC<check> ETX",
        "STX RI<check> ETX",
        "STX R7<check> ETX",
        "STX RD<check> ETX",
        "STX R2<check> ETX",
        "STX Q0<check> ETX",
        "STX Q3<check> ETX",
        "STX Q4<check> ETX",
        "STX Q5<check> ETX",
        "STX Q6<check> ETX",
        "STX Q7<check> ETX",
        "STX QD<check> ETX",
        "STX RE<index, 00000000 to 0000A8FF><check> ETX",
      ]
    `)
    expect(mivaWhitelist('xor').map(({ shape }) => shape)).toEqual(mivaWhitelist('sum').map(({ shape }) => shape))
  })

  it('refuse everything but the exact bytes of a request, whatever is done to it', () => {
    const allowed = [
      line(vectors.askHello),
      line(vectors.receipt17),
      line(vectors.askLog12),
      cr(requests.inf),
      line(neurowave.published.connectRequest),
      line(neurowave.derived.statusRequest),
      stxEtx(terumo.published.askIdentity),
      stxEtx(terumo.requests.status01),
      newEra.bytesOf(newEra.requests.dispensed),
      safePacket('07RAT'),
    ]
    const change = fc.record({ at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) })
    fc.assert(
      fc.property(fc.constantFrom(...allowed), change, (frame, { at, mask }) => {
        const damaged = frame.map((byte, index) => (index === at % frame.length ? byte ^ mask : byte))
        return everyProfile().every(({ profile }) => !profile.permits(damaged))
      }),
      { numRuns: 2000 },
    )
  })

  it('refuse random bytes', () => {
    const all = everyProfile()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => all.every(({ profile }) => !profile.permits(noise))),
    )
  })

  it('are held against control frames of every protocol', () => {
    expect(Object.keys(controlFrames).toSorted()).toEqual([...profiles.keys()].toSorted())
    expect(Object.values(controlFrames).every((frames) => frames.length > 5)).toBe(true)
  })

  it.each(everyProfile())('let no control frame of any protocol through: $name', ({ profile }) => {
    for (const frame of Object.values(controlFrames).flat())
      expect(profile.permits(frame), Buffer.from(frame).toString('latin1')).toBe(false)
  })

  it.each(everyProfile())('let no two requests, and nothing before or behind one, through: $name', ({ profile }) => {
    const first = profile.newSession().opened(0)
    for (const step of first) {
      if (step.kind !== 'send') continue
      expect(profile.permits(step.bytes)).toBe(true)
      for (const control of controlFrames[profile.id] ?? []) {
        expect(profile.permits(Uint8Array.of(...step.bytes, ...control))).toBe(false)
        expect(profile.permits(Uint8Array.of(...control, ...step.bytes))).toBe(false)
      }
      expect(profile.permits(Uint8Array.of(...step.bytes, ...step.bytes))).toBe(false)
    }
  })
})

describe('the IP1 whitelist', () => {
  it.each([
    vectors.receipt17,
    vectors.askHello,
    vectors.askHelloUnknownBoot,
    vectors.askStatus,
    vectors.askAlarms,
    vectors.askLog12,
  ])('permits %s', (frame) => {
    expect(ip1Profile.permits(line(frame))).toBe(true)
  })

  it.each([
    ['a status', line(vectors.statusA)],
    ['an answer', line(vectors.ok)],
    ['no line end', bytes(vectors.askHello)],
    ['LF alone', bytes(`${vectors.askHello}\n`)],
    ['two requests', bytes(`${vectors.askHello}\r\n${vectors.askStatus}\r\n`)],
    ['another check', line(vectors.askHello.replace('BC82', 'BC83'))],
    ['lower-case slots', command('0001,7f3a,HI?')],
    ['a receipt without its number', command('0001,7F3A,ALRX')],
    ['a receipt with more', command('0001,7F3A,ALRX,0017,0')],
    ['an index of ten digits', command('0001,7F3A,LG?,1234567890')],
    ['an index with a leading zero', command('0001,7F3A,LG?,012')],
    ['a separator in a slot', command('0001,7F3A,LG?,1,2')],
    ['a verb that acts', command('0001,7F3A,STOP')],
    ['nothing', bytes('')],
  ])('refuses %s', (_name, frame) => {
    expect(ip1Profile.permits(frame)).toBe(false)
  })
})

describe('the Alaris whitelist', () => {
  it.each([
    ...Object.values(requests),
    ...['COMMS_RESPONSE_MAX', 'INF_RATE_MAX_SYRINGE', 'INF_VTBI'].map((text) => `!${text}|${crcOf(text)}`),
  ])('permits %s', (frame) => {
    expect(alarisProfile.permits(cr(frame))).toBe(true)
  })

  it('permits request 6 as the page prints it', () => {
    expect(alarisProfile.permits(Uint8Array.from(infRequestHex.split(' '), (pair) => Number.parseInt(pair, 16)))).toBe(
      true,
    )
  })

  it.each([...forbidden, ...Object.values(published), ...Object.values(derived)])('refuses %s', (frame) => {
    expect(alarisProfile.permits(cr(frame))).toBe(false)
  })

  it.each(['INF^', 'ALARM^SILENCE', 'ALARM '])('refuses %s, with a right check', (text) => {
    expect(alarisProfile.permits(checked(text))).toBe(false)
  })

  it('refuses CR LF, no end, and two frames', () => {
    expect(alarisProfile.permits(line(requests.inf))).toBe(false)
    expect(alarisProfile.permits(bytes(requests.inf))).toBe(false)
    expect(alarisProfile.permits(bytes(`${requests.inf}\r${forbidden[1]}\r`))).toBe(false)
  })
})

describe('the AP-4000 whitelist', () => {
  it.each([neurowave.published.connectRequest, neurowave.derived.statusRequest])('permits %s', (frame) => {
    expect(neurowaveProfile.permits(line(frame))).toBe(true)
  })

  it('permits the status of any system id, and nothing else in its place', () => {
    expect(neurowaveProfile.permits(summed('STATREQ^999-00-99-000'))).toBe(true)
    for (const slot of [
      '',
      '032-19-50-01',
      '032-19-50-0144',
      '032-19-50-01A',
      '032-19-50^014',
      '032-19-50-014^',
      ' 032-19-50-014',
    ])
      expect(neurowaveProfile.permits(summed(`STATREQ^${slot}`)), slot).toBe(false)
  })

  it.each([neurowave.published.connected, neurowave.derived.noAlarm, '!CONNREQ|02b3'])('refuses %s', (frame) => {
    expect(neurowaveProfile.permits(line(frame))).toBe(false)
  })

  it('refuses a request without LF, or without its end', () => {
    expect(neurowaveProfile.permits(cr(neurowave.published.connectRequest))).toBe(false)
    expect(neurowaveProfile.permits(bytes(neurowave.published.connectRequest))).toBe(false)
  })
})

const ask = (base64: string, id = terumo.derivedId): Uint8Array =>
  xml(`<?xml version="1.0"?><REQ><DEVID>${id}</DEVID><CMD>${base64}</CMD></REQ>`)
const status = (...numbers: readonly number[]): string => Buffer.from(numbers).toString('base64')

describe('the Terumo whitelist', () => {
  it.each([terumo.published.askIdentity, ...Object.values(terumo.requests)])('permits %s', (packet) => {
    expect(terumoProfile.permits(stxEtx(packet))).toBe(true)
  })

  it.each([...terumo.statusBase64])('permits the status under sequence %i', (_sequence, base64) => {
    expect(terumoProfile.permits(ask(base64))).toBe(true)
  })

  it.each([...Object.values(terumo.replies), terumo.published.identity])('refuses the reply %s', (packet) => {
    expect(terumoProfile.permits(stxEtx(packet))).toBe(false)
  })

  it.each([
    ['the reserved sequence 7F', ask(status(0x7f, 1, 0, 0))],
    ['a sequence of the rack', ask(status(0x80, 1, 0, 0))],
    ['an id of another alphabet', ask('AAEAAA==', 'pump')],
    ['no id', ask('AAEAAA==', '')],
    ['an id of 65 characters', ask('AAEAAA==', 'A'.repeat(65))],
    ['markup in the id', ask('AAEAAA==', 'A</DEVID><DEVID>B')],
    ['base64 without padding', ask('AAEAAA')],
    ['base64 that says the same in another way', ask('AAEAAB==')],
    ['another root', xml('<?xml version="1.0"?><REP><DEVID>1</DEVID><CMD>AAEAAA==</CMD></REP>')],
    ['the identity with an id', xml('<?xml version="1.0"?><REQ><DEVID>1</DEVID></REQ>')],
    ['no STX', bytes(`${terumo.published.askIdentity}\u0003`)],
    ['a line end behind it', bytes(`\u0002${terumo.published.askIdentity}\u0003\r`)],
  ])('refuses %s, with a right check', (_name, packet) => {
    expect(terumoProfile.permits(packet)).toBe(false)
  })
})

describe('the New Era whitelist', () => {
  const requests = [...Object.values(newEra.requests).map(newEra.bytesOf), safePacket('00DIS'), safePacket('99RAT')]
  const text = ['DIS', 'RAT', '00DIS', '99RAT'].map((one) => bytes(`${one}\r`))
  const polled = configuredProfile('new-era-ne1000', { poll: 'dis-rat', acceptPollEffects: true, safTimeoutS: 60 })
  const basicPolled = configuredProfile('new-era-ne1000', { poll: 'dis-rat', mode: 'basic' })

  it('is empty unless somebody asked for polling', () => {
    const quiet = [newEraProfile, configuredProfile('new-era-ne1000', { mode: 'basic' })]
    for (const profile of quiet)
      for (const frame of [...requests, ...text, ...(controlFrames['new-era-ne1000'] ?? [])])
        expect(profile.permits(frame)).toBe(false)
  })

  it('permits the queries of its own mode and of no other', () => {
    for (const frame of requests) expect([polled, basicPolled].map((one) => one.permits(frame))).toEqual([true, false])
    for (const frame of text) expect([polled, basicPolled].map((one) => one.permits(frame))).toEqual([false, true])
  })

  it.each(Object.values(newEra.replies))('refuses the reply %s', (packet) => {
    expect(polled.permits(newEra.bytesOf(packet))).toBe(false)
  })

  it.each(['0DIS', '100DIS', 'dis', 'DIS ', ' DIS', 'DIS\r', 'DIS,RAT', 'DISRAT', '0aDIS'])(
    'refuses %j, with a right check',
    (one) => {
      expect(polled.permits(safePacket(one))).toBe(false)
      expect(basicPolled.permits(bytes(`${one}\r`))).toBe(false)
    },
  )

  it('refuses another length, another check and another end', () => {
    const [dispensed = new Uint8Array()] = requests
    for (const at of dispensed.keys())
      expect(polled.permits(dispensed.with(at, (dispensed[at] ?? 0) ^ 1)), String(at)).toBe(false)
    expect(polled.permits(dispensed.slice(0, -1))).toBe(false)
  })
})

describe('the MIVA whitelist', () => {
  const xor = mivaProfile.configured({ check: 'xor' })

  it.each(Object.values(miva.requestHex))('permits %s', (hex) => {
    expect(mivaProfile.permits(Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16)))).toBe(true)
  })

  it('permits every entry of the ring and none outside', () => {
    for (const index of [0, 1, 0xf, 0xa8ff])
      expect(mivaProfile.permits(stxSum(`RE${index.toString(16).toUpperCase().padStart(8, '0')}`))).toBe(true)
    expect(mivaProfile.permits(bytes(`\u0002${miva.derived.askEntry15}\u0003`))).toBe(true)
    expect(mivaProfile.permits(bytes(`\u0002${miva.forbiddenEntry}\u0003`))).toBe(false)
  })

  it('has its check under each setting, and no other', () => {
    expect(mivaProfile.permits(stxSum('RI'))).toBe(true)
    expect(mivaProfile.permits(stxSum('RI', 'xor'))).toBe(false)
    expect(xor.ok && xor.profile.permits(stxSum('RI', 'xor'))).toBe(true)
    expect(xor.ok && xor.profile.permits(stxSum('RI'))).toBe(false)
  })

  it.each([miva.derived.serial, miva.derived.ring, miva.derived.entry15])('refuses the reply %s', (frame) => {
    expect(mivaProfile.permits(bytes(`\u0002${frame}\u0003`))).toBe(false)
  })

  it('refuses any two letters that the page does not name', () => {
    const named = new Set(mivaWhitelist('sum').map(({ shape }) => shape.slice(4, 6)))
    const characters = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at))
    for (const first of characters)
      for (const second of characters)
        if (!named.has(first + second) || first + second === 'RE')
          expect(mivaProfile.permits(stxSum(first + second)), first + second).toBe(false)
  })
})

describe('the registry', () => {
  it('knows every profile by its id', () => {
    expect([...profiles.keys()]).toEqual([
      'ip1',
      'alaris-acp',
      'neurowave-ap4000',
      'zyno-miva',
      'terumo-xml-tcp',
      'new-era-ne1000',
    ])
    expect(findProfile('ip1')).toMatchObject({
      experimental: false,
      serial: { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
    })
    expect(findProfile('alaris-acp')).toMatchObject({ experimental: true, serial: { baudRate: 38_400 } })
    expect(findProfile('neurowave-ap4000')).toMatchObject({ experimental: true, serial: { baudRate: 115_200 } })
    expect(findProfile('terumo-xml-tcp')).toMatchObject({ experimental: true })
    expect(findProfile('new-era-ne1000')).toMatchObject({ experimental: true, serial: { baudRate: 19_200 } })
    expect(findProfile('zyno-miva')).toMatchObject({ experimental: true, serial: { baudRate: 9600 } })
    expect(findProfile('toString')).toBeNull()
  })
})
