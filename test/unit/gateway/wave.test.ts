import { describe, expect, it } from 'vitest'
import { bursts } from '#domain/sound/bursts.ts'
import { waveOf } from '#gateway/core/wave.ts'

const sampleRate = 16_000

const samplesOf = (wave: Uint8Array): readonly number[] => {
  const view = new DataView(wave.buffer, wave.byteOffset)
  return Array.from({ length: (wave.length - 44) / 2 }, (_, n) => view.getInt16(44 + n * 2, true) / 32_768)
}

/** Strength of one frequency in a stretch (Goertzel). */
const strength = (samples: readonly number[], hz: number): number => {
  const turn = (2 * Math.PI * hz) / sampleRate
  let real = 0
  let imaginary = 0
  samples.forEach((sample, n) => {
    real += sample * Math.cos(turn * n)
    imaginary -= sample * Math.sin(turn * n)
  })
  return Math.hypot(real, imaginary) / samples.length
}

describe('a burst as a WAV file', () => {
  it('has the header that players expect', () => {
    const wave = waveOf(bursts.high)
    const view = new DataView(wave.buffer)
    const text = (at: number, length: number) => Buffer.from(wave.subarray(at, at + length)).toString('latin1')
    expect([text(0, 4), text(8, 4), text(12, 4), text(36, 4)]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data'])
    expect(view.getUint32(4, true)).toBe(wave.length - 8)
    expect(view.getUint32(40, true)).toBe(wave.length - 44)
    expect([view.getUint16(20, true), view.getUint16(22, true), view.getUint16(34, true)]).toEqual([1, 1, 16])
    expect([view.getUint32(24, true), view.getUint32(28, true)]).toEqual([16_000, 32_000])
  })

  it('sounds in its pulses, loudly and without clipping, and is silent between and after them', () => {
    const samples = samplesOf(waveOf(bursts.high, 9_000))
    expect(samples.length).toBe(9 * sampleRate)
    const peak = (fromMs: number, toMs: number): number =>
      Math.max(...samples.slice((fromMs * sampleRate) / 1_000, (toMs * sampleRate) / 1_000).map(Math.abs))
    for (const { startMs, lengthMs } of bursts.high.pulses)
      expect(peak(startMs, startMs + lengthMs), `pulse at ${startMs}`).toBeGreaterThan(0.4)
    expect(peak(0, 3_050)).toBeLessThan(0.95)
    expect([peak(160, 220), peak(610, 890), peak(1_280, 1_770), peak(3_060, 9_000)]).toEqual([0, 0, 0, 0])
  })

  it('carries six partials within 15 dB, which small speakers need', () => {
    const [first] = bursts.high.pulses
    if (first === undefined) throw new Error('no pulse')
    const tone = samplesOf(waveOf(bursts.high)).slice(0, (first.lengthMs * sampleRate) / 1_000)
    const partials = [1, 2, 3, 4, 5, 6].map((n) => strength(tone, first.fundamentalHz * n))
    for (const partial of partials) expect(20 * Math.log10(partial / Math.max(...partials))).toBeGreaterThan(-15)
    expect(strength(tone, first.fundamentalHz * 7.5)).toBeLessThan(Math.min(...partials) / 4)
  })
})
