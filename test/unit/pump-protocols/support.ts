import type { Decoded, FrameDecoder } from '#domain/pump-protocols/frame-decoder.ts'
import type { CheckedText } from '#domain/pump-protocols/checked-text.ts'
import type { PumpProfile } from '#domain/pump-protocols/profile.ts'
import { findProfile } from '#domain/pump-protocols/profiles.ts'

export const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))
export const line = (frame: string): Uint8Array => bytes(`${frame}\r\n`)
export const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))

/** Texts of the good frames, and the counters that moved, as in the protocol pages' tables. */
export const outcome = (results: readonly Decoded<CheckedText>[]) => {
  const texts: string[] = []
  const counters: Record<string, number> = {}
  for (const result of results) {
    if (result.ok) texts.push(result.frame.text)
    const name = result.ok ? 'ok' : result.fault
    const by = !result.ok && result.fault === 'junk' ? result.discarded.length : 1
    counters[name] = (counters[name] ?? 0) + by
  }
  return { texts, counters }
}

/** All at once, at time 0. */
export const decodeAll = (decoder: FrameDecoder<CheckedText>, ...parts: readonly Uint8Array[]) =>
  outcome(decoder.push(join(...parts), 0))

/** A CRC-16/CCITT-FALSE written apart from the one under test, bit by bit. */
export const crcOf = (text: string): string => {
  let crc = 0xffff
  for (const byte of Buffer.from(text, 'latin1'))
    for (let bit = 7; bit >= 0; bit -= 1) {
      const carry = ((crc >> 15) ^ (byte >> bit)) & 1
      crc = ((crc << 1) & 0xffff) ^ (carry ? 0x1021 : 0)
    }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}

/** A 16-bit sum of `!` to `|`, written apart from the one under test. */
export const sumOf = (text: string): string =>
  (Buffer.from(`!${text}|`, 'latin1').reduce((sum, byte) => sum + byte, 0) % 65_536)
    .toString(16)
    .toUpperCase()
    .padStart(4, '0')

/** A CRC-16/XMODEM written apart from the one under test, bit by bit. */
export const xmodemOf = (text: string): string => {
  let crc = 0
  for (const byte of Buffer.from(text, 'latin1'))
    for (let bit = 7; bit >= 0; bit -= 1) {
      const carry = ((crc >> 15) ^ (byte >> bit)) & 1
      crc = ((crc << 1) & 0xffff) ^ (carry ? 0x1021 : 0)
    }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}

/** A New Era packet of Safe mode for situations the page does not print; the check comes from this file's own CRC. */
export const safePacket = (text: string): Uint8Array =>
  Uint8Array.from(
    Buffer.concat([
      Buffer.of(0x02, text.length + 4),
      Buffer.from(text),
      Buffer.from(xmodemOf(text), 'hex'),
      Buffer.of(0x03),
    ]),
  )

/** A profile under settings that are known to fit. */
export const configuredProfile = (id: string, settings: Readonly<Record<string, unknown>>): PumpProfile => {
  const configured = findProfile(id)?.configured(settings)
  if (configured?.ok !== true) throw new TypeError(`${id} does not take ${JSON.stringify(settings)}`)
  return configured.profile
}

/** `STX TEXT CC ETX`; the sum or exclusive or of TEXT is written apart from the one under test. */
export const stxSum = (text: string, rule: 'sum' | 'xor' = 'sum'): Uint8Array => {
  const covered = Buffer.from(text, 'latin1')
  const check = covered.reduce((value, byte) => (rule === 'sum' ? (value + byte) % 256 : value ^ byte), 0)
  return bytes(`\u0002${text}${check.toString(16).toUpperCase().padStart(2, '0')}\u0003`)
}
