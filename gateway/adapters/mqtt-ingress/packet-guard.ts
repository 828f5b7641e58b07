import { Transform } from 'node:stream'
import type { TransformCallback } from 'node:stream'

/** Largest packet that is passed on to the broker. A payload may be 16 KiB; what lies between is counted with its topic. */
export const maxPacketBytes = 64 * 1024

/** The client broke a limit, as opposed to a connection that ended. */
export class PacketRefused extends Error {}

/**
 * Reads fixed headers only and ends a connection whose next packet is too long, before anybody gathers it: one unauthenticated
 * 200 MB CONNECT would otherwise fill the memory (security.md 3).
 */
export class PacketGuard extends Transform {
  #bodyLeft = 0
  #length = 0
  #lengthBytes = 0
  #inHeader = false
  #first = true

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#bodyLeft > 0) {
        const skipped = Math.min(this.#bodyLeft, chunk.length - at)
        this.#bodyLeft -= skipped
        at += skipped
        continue
      }
      const byte = chunk[at] ?? 0
      at += 1
      const fault = this.#inHeader ? this.#lengthByte(byte) : this.#typeByte(byte)
      if (fault !== null) return done(new PacketRefused(fault))
    }
    done(null, chunk)
  }

  #typeByte(byte: number): string | null {
    if (this.#first && byte >> 4 !== 1) return 'the first packet is no CONNECT'
    this.#first = false
    this.#inHeader = true
    this.#length = 0
    this.#lengthBytes = 0
    return null
  }

  #lengthByte(byte: number): string | null {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes
    this.#lengthBytes += 1
    if (byte >= 0x80) return this.#lengthBytes === 4 ? 'a length of more than 4 bytes' : null
    this.#inHeader = false
    this.#bodyLeft = this.#length
    return this.#length > maxPacketBytes ? `a packet of ${this.#length} bytes, at most ${maxPacketBytes}` : null
  }
}
