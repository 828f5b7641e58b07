import { hashText, mix32 } from '../random.ts'
import type { FaultName } from './catalog.ts'

/** What becomes of one byte. `position`: its number on this wire since the start, so that chunks change nothing; `nth` of what it became before. */
export type ByteStage = (byte: number, position: number, nth: number) => readonly number[]

export type ByteFault = Extract<FaultName, 'flip' | 'drop' | 'duplicate' | 'truncate' | 'garbage' | 'wrong-baud'>

/** In the order in which they are applied: first what the sender's end does, last what the reader makes of the line. */
export const byteFaults = [
  'drop',
  'duplicate',
  'truncate',
  'garbage',
  'flip',
  'wrong-baud',
] as const satisfies ByteFault[]

const longestLoss = 64
const longestNoise = 8

/** In [0, 1), of (seed, position, n) alone. */
const chance = (seed: number, position: number, n = 0): number =>
  mix32(mix32(seed, position + 1), n + 1) / 0x1_0000_0000

/** Places for the chances of one of the bytes that a byte became. */
const room = 16

const flipped = (byte: number, rate: number, draw: (n: number) => number): number => {
  let mask = 0
  for (let bit = 0; bit < 8; bit += 1) if (draw(bit) < rate) mask |= 1 << bit
  return byte ^ mask
}

/** Start bit, eight data bits from the lowest, stop bit; the line rests high. */
const lineAt = (byte: number, bitTime: number): boolean => {
  const bit = Math.floor(bitTime)
  if (bit < 0 || bit > 8) return true
  return bit !== 0 && ((byte >> (bit - 1)) & 1) === 1
}

/** What a UART reads that samples `ratio` times as fast as the writer writes. A stop bit that is missing is not minded. */
export const readAtOtherSpeed = (byte: number, ratio: number): readonly number[] => {
  const read: number[] = []
  const step = 1 / 16
  for (let time = 0; time < 10; time += step) {
    if (lineAt(byte, time)) continue
    let value = 0
    for (let bit = 0; bit < 8; bit += 1) if (lineAt(byte, time + (bit + 1.5) / ratio)) value |= 1 << bit
    read.push(value)
    time += 9.5 / ratio
    while (time < 10 && !lineAt(byte, time)) time += step
  }
  return read
}

/** A stage for one fault on one direction of a wire. `amount` in the unit of the catalogue. */
export const byteStage = (fault: ByteFault, amount: number, wireSeed: number): ByteStage => {
  const seed = mix32(wireSeed, hashText(fault))
  const drawAt =
    (position: number, nth: number) =>
    (n: number): number =>
      chance(seed, position, nth * room + n)
  switch (fault) {
    case 'flip':
      return (byte, position, nth) => [flipped(byte, amount, drawAt(position, nth))]
    case 'drop':
      return (byte, position, nth) => (drawAt(position, nth)(0) < amount ? [] : [byte])
    case 'duplicate':
      return (byte, position, nth) => (drawAt(position, nth)(0) < amount ? [byte, byte] : [byte])
    case 'truncate': {
      let lostUntil = -1
      return (byte, position, nth) => {
        const draw = drawAt(position, nth)
        if (draw(0) < amount) lostUntil = Math.max(lostUntil, position + 1 + Math.floor(draw(1) * longestLoss))
        return position < lostUntil ? [] : [byte]
      }
    }
    case 'garbage':
      return (byte, position, nth) => {
        const draw = drawAt(position, nth)
        if (draw(0) >= amount) return [byte]
        const count = 1 + Math.floor(draw(1) * longestNoise)
        return [...Array.from({ length: count }, (_, n) => Math.floor(draw(n + 2) * 256)), byte]
      }
    case 'wrong-baud':
      return (byte) => readAtOtherSpeed(byte, amount)
  }
}
