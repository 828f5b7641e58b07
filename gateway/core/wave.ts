import { burstLengthMs } from '#domain/sound/bursts.ts'
import type { Burst, Pulse } from '#domain/sound/bursts.ts'

/** The highest partial of a burst lies near 3.2 kHz, so this is plenty, Hz. */
const sampleRate = 16_000
const headerBytes = 44
/** Of full scale: the sound card sets the loudness, the wave must not clip. */
const level = 0.9

/** One burst as a WAV file: mono, 16 bit, followed by silence up to `totalMs`. */
export const waveOf = (burst: Burst, totalMs = burstLengthMs(burst)): Uint8Array<ArrayBuffer> => {
  const samples = Math.ceil((Math.max(totalMs, burstLengthMs(burst)) * sampleRate) / 1_000)
  const view = new DataView(new ArrayBuffer(headerBytes + samples * 2))
  writeHeader(view, samples * 2)
  const full = burst.partials.reduce((sum, amplitude) => sum + amplitude, 0)
  for (const pulse of burst.pulses) {
    const first = Math.round((pulse.startMs * sampleRate) / 1_000)
    const count = Math.round((pulse.lengthMs * sampleRate) / 1_000)
    for (let n = 0; n < count; n++) {
      const seconds = n / sampleRate
      const tone = burst.partials.reduce(
        (sum, amplitude, index) =>
          sum + amplitude * Math.sin(2 * Math.PI * pulse.fundamentalHz * (index + 1) * seconds),
        0,
      )
      const value = Math.round((tone / full) * envelope(pulse, seconds * 1_000) * level * 32_767)
      view.setInt16(headerBytes + (first + n) * 2, value, true)
    }
  }
  return new Uint8Array(view.buffer)
}

const envelope = ({ riseMs, fallMs, lengthMs }: Pulse, ms: number): number =>
  Math.max(0, Math.min(1, ms / riseMs, (lengthMs - ms) / fallMs))

const writeHeader = (view: DataView, dataBytes: number): void => {
  const text = (at: number, letters: string): void => {
    for (let n = 0; n < letters.length; n++) view.setUint8(at + n, letters.charCodeAt(n))
  }
  text(0, 'RIFF')
  view.setUint32(4, headerBytes - 8 + dataBytes, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, dataBytes, true)
}
