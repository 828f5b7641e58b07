import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { alarisProfile } from '#domain/pump-protocols/alaris-acp/profile.ts'
import { alarisWhitelist } from '#domain/pump-protocols/alaris-acp/requests.ts'
import { ip1Profile } from '#domain/pump-protocols/ip1/profile.ts'
import { ip1Whitelist } from '#domain/pump-protocols/ip1/requests.ts'
import { findProfile, profiles } from '#domain/pump-protocols/profiles.ts'
import { forbidden, infRequestHex, published, derived, requests } from '#test/vectors/alaris-acp.ts'
import * as vectors from '#test/vectors/ip1.ts'
import { bytes, crcOf, line } from './support.ts'

const cr = (frame: string): Uint8Array => bytes(`${frame}\r`)
const checked = (text: string): Uint8Array => cr(`!${text}|${crcOf(text)}`)
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
  })

  it('refuse everything but the exact bytes of a request, whatever is done to it', () => {
    const allowed = [line(vectors.askHello), line(vectors.receipt17), line(vectors.askLog12), cr(requests.inf)]
    const change = fc.record({ at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) })
    fc.assert(
      fc.property(fc.constantFrom(...allowed), change, (frame, { at, mask }) => {
        const damaged = frame.map((byte, index) => (index === at % frame.length ? byte ^ mask : byte))
        return [...profiles.values()].every((profile) => !profile.permits(damaged))
      }),
      { numRuns: 2000 },
    )
  })

  it('refuse random bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        (noise) => !ip1Profile.permits(noise) && !alarisProfile.permits(noise),
      ),
    )
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

  it.each([
    'INF_RATE^25.0^ml/h',
    'INF_RATE',
    'INF_VTBI^10.0^ml^STOP',
    'INF_VTBI^',
    'INF_BOLUS^1.0^ml',
    'INF_BOLUS_START',
    'REMOTE_CTRL',
    'REMOTE_CTRL^ENABLED^1234',
    'REMOTE_CFG^TIMEOUT^10',
    'REMQUERY^^^^',
    'REMQUERY',
    'INF^',
    'ALARM^SILENCE',
    'ALARM ',
  ])('refuses %s, with a right check', (text) => {
    expect(alarisProfile.permits(checked(text))).toBe(false)
  })

  it('refuses CR LF, no end, and two frames', () => {
    expect(alarisProfile.permits(line(requests.inf))).toBe(false)
    expect(alarisProfile.permits(bytes(requests.inf))).toBe(false)
    expect(alarisProfile.permits(bytes(`${requests.inf}\r${forbidden[1]}\r`))).toBe(false)
  })
})

describe('the registry', () => {
  it('knows every profile by its id', () => {
    expect([...profiles.keys()]).toEqual(['ip1', 'alaris-acp'])
    expect(findProfile('ip1')).toMatchObject({
      experimental: false,
      serial: { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
    })
    expect(findProfile('alaris-acp')).toMatchObject({ experimental: true, serial: { baudRate: 38_400 } })
    expect(findProfile('toString')).toBeNull()
  })
})
