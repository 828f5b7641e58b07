import { Transform } from 'node:stream'
import { Credits } from '../../core/credits.ts'
import { otherPacketRate } from '../../core/mqtt-limits.ts'
import { Refused } from './refused.ts'
import type { TransformCallback } from 'node:stream'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'

/**
 * Largest packet. A payload may be 16 KiB; what lies between is read and counted, because a pump whose connection ended for
 * one long message would send it again for ever, its alarms behind it.
 */
export const maxPacketBytes = 64 * 1024
/** A packet that was started ends within this time, ms. */
export const packetWithinMs = 10_000

const publish = 3

/**
 * Reads fixed headers only and ends a connection whose next packet is too long, before anybody gathers it (security.md 3). What
 * follows the CONNECT, which has been read before (introduction.ts), waits here until `admit`.
 */
export class PacketGuard extends Transform {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #scheduler: Scheduler
  readonly #others: Credits
  #admitted = false
  #connectSeen = false
  #bodyLeft = 0
  #length = 0
  #lengthBytes = 0
  #inHeader = false
  #held: (() => void) | null = null
  #cancelDeadline: Cancel | null = null

  constructor(clock: Pick<Clock, 'monotonic'>, scheduler: Scheduler) {
    super()
    this.#clock = clock
    this.#scheduler = scheduler
    this.#others = new Credits(otherPacketRate.burst, clock.monotonic())
  }

  /** The client has shown who it is. */
  admit(): void {
    this.#admitted = true
    const held = this.#held
    this.#held = null
    held?.()
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#pass(chunk, done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stopWaiting()
    this.#held = null
    done(error)
  }

  #pass(chunk: Buffer, done: TransformCallback): void {
    const betweenPackets = (): boolean => this.#bodyLeft === 0 && !this.#inHeader
    let at = 0
    while (at < chunk.length) {
      if (this.#connectSeen && !this.#admitted && betweenPackets()) {
        if (at > 0) this.push(chunk.subarray(0, at))
        this.#held = () => this.#pass(chunk.subarray(at), done)
        return
      }
      if (this.#bodyLeft > 0) {
        const skipped = Math.min(this.#bodyLeft, chunk.length - at)
        this.#bodyLeft -= skipped
        at += skipped
      } else {
        const byte = chunk[at] ?? 0
        at += 1
        const refused = this.#inHeader ? this.#lengthByte(byte) : this.#typeByte(byte)
        if (refused !== null) return done(refused)
      }
      if (betweenPackets()) this.#stopWaiting()
    }
    if (!betweenPackets()) this.#waitForTheRest()
    done(null, chunk)
  }

  #typeByte(byte: number): Refused | null {
    const type = byte >> 4
    if (this.#connectSeen && type !== publish && !this.#others.take(otherPacketRate.perSecond, this.#clock.monotonic()))
      return new Refused('tooManyPackets', `a packet of type ${type}`)
    this.#connectSeen = true
    this.#inHeader = true
    this.#length = 0
    this.#lengthBytes = 0
    return null
  }

  #lengthByte(byte: number): Refused | null {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes
    this.#lengthBytes += 1
    if (byte >= 0x80) return this.#lengthBytes === 4 ? new Refused('badLength', 'a fifth length byte') : null
    this.#inHeader = false
    this.#bodyLeft = this.#length
    if (this.#length <= maxPacketBytes) return null
    return new Refused('over', `${this.#length} bytes, at most ${maxPacketBytes}`)
  }

  #waitForTheRest(): void {
    this.#cancelDeadline ??= this.#scheduler.after(packetWithinMs, () => {
      this.#cancelDeadline = null
      // What waits here because the hub itself is slow is no fault of the client.
      if (this.readableLength > 0 || this.writableLength > 0) this.#waitForTheRest()
      else this.destroy(new Refused('slowPacket', `${this.#bodyLeft} bytes missing after ${packetWithinMs} ms`))
    })
  }

  #stopWaiting(): void {
    this.#cancelDeadline?.()
    this.#cancelDeadline = null
  }
}
