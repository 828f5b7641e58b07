import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { alarisDecoder } from '#domain/pump-protocols/alaris-acp/frame.ts'
import { ip1Decoder } from '#domain/pump-protocols/ip1/frame.ts'
import { neurowaveDecoder } from '#domain/pump-protocols/neurowave-ap4000/frame.ts'
import { newEraDecoder } from '#domain/pump-protocols/new-era-ne1000/frame.ts'
import { terumoDecoder } from '#domain/pump-protocols/terumo-xml-tcp/frame.ts'
import type { PumpProfile } from '#domain/pump-protocols/profile.ts'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import { mivaDecoder } from '#domain/pump-protocols/zyno-miva/frame.ts'
import { derived, published } from '#test/vectors/alaris-acp.ts'
import { content, examples } from '#test/vectors/ip1.ts'
import * as neurowave from '#test/vectors/neurowave-ap4000.ts'
import * as newEra from '#test/vectors/new-era-ne1000.ts'
import * as terumo from '#test/vectors/terumo-xml-tcp.ts'
import * as miva from '#test/vectors/zyno-miva.ts'
import { FakeMiva, logEntry } from './miva-pump.ts'
import { bytes, configuredProfile, crcOf, join, line, outcome, stxSum, sumOf, xmodemOf } from './support.ts'

/** Four digits in front of the byte that ends the frame. */
const lastDigits = (frame: Uint8Array): string => Buffer.from(frame).toString('latin1').slice(-5, -1)

const grammars = [
  {
    name: 'ip1',
    make: ip1Decoder,
    bound: 205,
    checkOf: crcOf,
    checkIn: lastDigits,
    good: [...Object.values(examples), ...Object.values(content)].map(line),
  },
  {
    name: 'alaris-acp',
    make: alarisDecoder,
    bound: 256,
    checkOf: crcOf,
    checkIn: lastDigits,
    good: [...Object.values(published), ...Object.values(derived)].map((frame) => bytes(`${frame}\r`)),
  },
  {
    name: 'neurowave-ap4000',
    make: neurowaveDecoder,
    bound: 8192,
    checkOf: sumOf,
    checkIn: lastDigits,
    good: [...Object.values(neurowave.published), ...Object.values(neurowave.derived)].map(line),
  },
  {
    name: 'terumo-xml-tcp',
    make: terumoDecoder,
    bound: 4096,
    checkOf: xmodemOf,
    checkIn: lastDigits,
    good: [terumo.published, terumo.requests, terumo.replies]
      .flatMap((some) => Object.values(some))
      .map((packet) => bytes(`\u0002${packet}\u0003`)),
  },
  {
    name: 'new-era-ne1000',
    make: () => newEraDecoder('safe'),
    bound: 64,
    checkOf: xmodemOf,
    checkIn: (frame: Uint8Array) => Buffer.from(frame.slice(-3, -1)).toString('hex').toUpperCase(),
    good: [...Object.values(newEra.replies), ...Object.values(newEra.requests)].map(newEra.bytesOf),
  },
  {
    name: 'zyno-miva',
    make: () => mivaDecoder('sum'),
    bound: 64,
    checkOf: (text: string) => Buffer.from(stxSum(text)).toString('latin1').slice(-3, -1),
    checkIn: (frame: Uint8Array) => Buffer.from(frame).toString('latin1').slice(-3, -1).toUpperCase(),
    good: [
      ...Object.values(miva.derived).map((frame) => bytes(`\u0002${frame}\u0003`)),
      // replies that lead a session on, into its log and through it
      ...['RN', 'RS', 'RC', 'RI', 'Q5', 'Q6', 'Q7'].map((name) => new FakeMiva(logEntry(1)).answer(name) ?? bytes('')),
      stxSum(`RE00000000${logEntry(1)}`),
      stxSum(`RE00000001${logEntry(9, 2)}`),
      stxSum('RI0000000000000001'),
      stxSum('RI0000A8F000000001'),
    ],
  },
]

/** Bytes that a broken line or another protocol gives: noise rich in start and end bytes, and good frames in between. */
const wireOf = (good: readonly Uint8Array[]) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...good),
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(
          bytes('$'),
          bytes('!'),
          bytes('\r'),
          bytes('\n'),
          bytes('*'),
          bytes('|'),
          bytes('\u0002'),
          bytes('\u0002\u0030'),
          bytes('\u0003'),
          bytes('A'.repeat(300)),
        ),
        fc.record({ frame: fc.constantFrom(...good), cut: fc.nat(80) }).map(({ frame, cut }) => frame.slice(cut)),
      ),
      { maxLength: 30 },
    )
    .map((parts) => join(...parts))

const cut = (wire: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const chunks: Uint8Array[] = []
  for (let at = 0, turn = 0; at < wire.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    chunks.push(wire.slice(at, at + size))
    at += size
  }
  return chunks
}

const without = (list: readonly number[]): readonly number[] =>
  list.filter((byte) => byte !== 13 && byte !== 10 && byte !== 0)

const chunkSizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 })

const readCapture = (profile: PumpProfile, chunks: readonly Uint8Array[]) => {
  const capture = profile.newCapture()
  const lines = [...chunks.flatMap((chunk) => capture.push(chunk)), ...capture.end()]
  return { lines, counters: capture.counters }
}

describe.each(grammars)('the $name framer on any bytes', ({ make, bound, checkOf, checkIn, good }) => {
  it('gives the same frames and counters for every chunking, and holds one frame at most', () => {
    fc.assert(
      fc.property(wireOf(good), chunkSizes, (wire, sizes) => {
        const whole = outcome(make().push(wire, 0))
        const decoder = make()
        const pieces = cut(wire, sizes).flatMap((chunk) => {
          const results = decoder.push(chunk, 0)
          expect(decoder.buffered).toBeLessThanOrEqual(bound + 1)
          return results
        })
        expect(outcome(pieces)).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })

  it('accounts for every byte but the quiet ones between frames', () => {
    fc.assert(
      fc.property(wireOf(good), (wire) => {
        const decoder = make()
        const results = [...decoder.push(wire, 0), ...decoder.tick(Number.POSITIVE_INFINITY)]
        const told = results.flatMap((result) => [...(result.ok ? result.frame.bytes : result.discarded)])
        expect(without(told)).toEqual(without([...wire]))
      }),
      { numRuns: 500 },
    )
  })

  it('accepts no damaged frame whose check is wrong', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...good), { minLength: 1, maxLength: 8 }),
        fc.array(fc.record({ at: fc.nat(), bit: fc.nat(7) }), { minLength: 1, maxLength: 12 }),
        (frames, flips) => {
          const wire = join(...frames)
          for (const { at, bit } of flips) wire[at % wire.length] = (wire[at % wire.length] ?? 0) ^ (1 << bit)
          for (const result of make().push(wire, 0)) {
            if (!result.ok) continue
            expect(checkIn(result.frame.bytes)).toBe(checkOf(result.frame.text))
          }
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('loses no good frame behind any noise, at the latest once the line is quiet', () => {
    fc.assert(
      fc.property(wireOf(good), fc.constantFrom(...good), (noise, frame) => {
        const decoder = make()
        decoder.push(noise, 0)
        expect([...decoder.push(frame, 0), ...decoder.tick(501)].at(-1)).toMatchObject({ ok: true })
      }),
    )
  })

  it('accepts nothing in 2 MB of random bytes', () => {
    const decoder = make()
    let state = 1
    let accepted = 0
    for (let part = 0; part < 32; part += 1) {
      const noise = Uint8Array.from({ length: 65_536 }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        return state >>> 24
      })
      for (const result of decoder.push(noise, 0)) if (result.ok) accepted += 1
    }
    expect(accepted).toBe(0)
  })

  it.each([0x41, 0x24, 0x21, 0x02, 0x0d, 0xff])('takes linear time and no memory for 2 MB of byte %i', (byte) => {
    const measure = (size: number): number => {
      const noise = new Uint8Array(size).fill(byte)
      const decoder = make()
      const from = process.cpuUsage()
      for (let at = 0; at < size; at += 65_536) {
        decoder.push(noise.subarray(at, at + 65_536), 0)
        expect(decoder.buffered).toBeLessThanOrEqual(bound + 1)
      }
      return process.cpuUsage(from).user / 1000
    }
    measure(200_000)
    // A quadratic framer needs seconds of processor time here; what others do on the machine does not count.
    expect(measure(2_000_000)).toBeLessThan(1500)
  })
})

it('a capture of New Era in Basic mode is shown the same way for every chunking', () => {
  const basic = configuredProfile('new-era-ne1000', { mode: 'basic' })
  const good = [newEra.bytesOf(newEra.basicDispensed), bytes('DIS\r'), bytes('00RAT\r')]
  fc.assert(
    fc.property(wireOf(good), chunkSizes, (wire, sizes) => {
      expect(readCapture(basic, cut(wire, sizes))).toEqual(readCapture(basic, [wire]))
    }),
  )
})

const asked = [
  configuredProfile('new-era-ne1000', {
    poll: 'dis-rat',
    acceptPollEffects: true,
    safTimeoutS: 60,
    addresses: '00,42',
  }),
  configuredProfile('new-era-ne1000', { poll: 'dis-rat', mode: 'basic' }),
  configuredProfile('terumo-xml-tcp', { model: 'ss' }),
]

describe.each([...profiles.values(), ...asked])('profile $id on any bytes', (profile) => {
  const { good } = grammars.find(({ name }) => name === profile.id) ?? { good: [] }

  it('never throws, only sends what it may, and counts every byte', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(wireOf(good), fc.nat(3000)), { maxLength: 8 }), (turns) => {
        const session = profile.newSession()
        let now = 0
        let received = 0
        const steps = [...session.opened(now)]
        for (const [wire, later] of turns) {
          received += wire.length
          steps.push(...session.received(wire, now))
          now += later
          steps.push(...session.tick(now))
        }
        steps.push(...session.closed('over', now))
        expect(session.counters['bytes'] ?? 0).toBe(received)
        for (const step of steps) if (step.kind === 'send') expect(profile.permits(step.bytes)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('shows a capture the same way for every chunking', () => {
    fc.assert(
      fc.property(wireOf(good), chunkSizes, (wire, sizes) => {
        expect(readCapture(profile, cut(wire, sizes))).toEqual(readCapture(profile, [wire]))
      }),
    )
  })
})

describe('an 8-bit check', () => {
  it('lets no frame with one changed byte through, and few with two', () => {
    const [good] = grammars.find(({ name }) => name === 'zyno-miva')?.good ?? []
    if (!good) throw new TypeError('no frame')
    let tried = 0
    let passed = 0
    for (let first = 1; first < good.length - 1; first += 1)
      for (let second = first; second < good.length - 1; second += 1)
        for (let change = 1; change < 16; change += 1) {
          const damaged = good.slice()
          damaged[first] = (damaged[first] ?? 0) ^ change
          if (second !== first) damaged[second] = (damaged[second] ?? 0) ^ ((change * 7) % 16 || 1)
          const ok = mivaDecoder('sum')
            .push(damaged, 0)
            .some((result) => result.ok)
          if (second === first) expect(ok).toBe(false)
          else {
            tried += 1
            if (ok) passed += 1
          }
        }
    // small changes cancel out most often; the shapes of the fields have to catch the rest (zyno-miva.md 1)
    expect(passed / tried).toBeLessThan(0.1)
  })
})
