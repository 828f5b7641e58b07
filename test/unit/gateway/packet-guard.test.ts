import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { maxPacketBytes, PacketGuard } from '#gateway/adapters/mqtt-ingress/packet-guard.ts'
import { Refused } from '#gateway/adapters/mqtt-ingress/refused.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const connect = generate({ cmd: 'connect', clientId: 'P-1', protocolVersion: 4, clean: true, keepalive: 30 })
const ping = Buffer.from([0xc0, 0])
/** Header of a PUBLISH whose body has this many bytes. */
const publishOf = (length: number): Buffer =>
  Buffer.concat([
    Buffer.from([
      0x32,
      (length & 0x7f) | 0x80,
      ((length >> 7) & 0x7f) | 0x80,
      ((length >> 14) & 0x7f) | 0x80,
      length >> 21,
    ]),
    Buffer.alloc(length),
  ])

const guarded = (): { guard: PacketGuard; clock: ManualClock; passed: () => Buffer; refusal: () => string | null } => {
  const clock = new ManualClock()
  const guard = new PacketGuard(clock, clock)
  const chunks: Buffer[] = []
  let refusal: string | null = null
  guard.on('data', (chunk: Buffer) => chunks.push(chunk))
  guard.on('error', (error) => {
    refusal = error instanceof Refused ? error.refusal : 'another error'
  })
  return { guard, clock, passed: () => Buffer.concat(chunks), refusal: () => refusal }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the packet guard', () => {
  it('passes on every byte of honest packets, however they are cut', async () => {
    const packets = Buffer.concat([connect, ping, publishOf(300), publishOf(maxPacketBytes), ping])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: packets.length }), { maxLength: 8 }), async (cuts) => {
        const { guard, clock, passed, refusal } = guarded()
        const ends = [...cuts.toSorted((a, b) => a - b), packets.length]
        let at = 0
        for (const end of ends) {
          guard.write(packets.subarray(at, end))
          at = end
          await settled()
          if (at >= connect.length) guard.admit()
        }
        await settled()
        expect(refusal()).toBeNull()
        expect(passed().equals(packets)).toBe(true)
        expect(clock.pending).toBe(0)
      }),
      { numRuns: 50 },
    )
  })

  it('holds what follows the CONNECT until the client has shown who it is', async () => {
    const { guard, passed } = guarded()
    guard.write(Buffer.concat([connect, publishOf(5_000)]))
    guard.write(ping)
    await settled()
    expect(passed()).toEqual(connect)
    guard.admit()
    await settled()
    expect(passed().length).toBe(connect.length + publishOf(5_000).length + ping.length)
  })

  it('refuses a fifth length byte at the header', async () => {
    const { guard, passed, refusal } = guarded()
    guard.write(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01]))
    await settled()
    expect(refusal()).toBe('badLength')
    expect(passed().length).toBe(0)
  })

  it('refuses a packet that is too long', async () => {
    const { guard, refusal } = guarded()
    guard.write(connect)
    await settled()
    guard.admit()
    guard.write(publishOf(maxPacketBytes + 1).subarray(0, 5))
    await settled()
    expect(refusal()).toBe('over')
  })

  it('ends a packet that was started and does not end within 10 s', async () => {
    const { guard, clock, refusal } = guarded()
    guard.write(connect.subarray(0, 5))
    await settled()
    clock.advance(9_999)
    await settled()
    expect(refusal()).toBeNull()
    // Another byte does not buy more time.
    guard.write(connect.subarray(5, 6))
    await settled()
    clock.advance(1)
    await settled()
    expect(refusal()).toBe('slowPacket')
    expect(clock.pending).toBe(0)
  })

  it('does not blame the client when the broker has not read what came', async () => {
    const clock = new ManualClock()
    const guard = new PacketGuard(clock, clock)
    let failed = false
    guard.on('error', () => (failed = true))
    guard.write(connect.subarray(0, 5))
    await settled()
    clock.advance(60_000)
    await settled()
    expect(failed).toBe(false)
    guard.resume()
    await settled()
    clock.advance(10_000)
    await settled()
    expect(failed).toBe(true)
  })

  it('ends a flood of packets that carry no message', async () => {
    const { guard, clock, refusal } = guarded()
    guard.write(connect)
    await settled()
    guard.admit()
    for (let second = 0; second < 60; second += 1) {
      guard.write(Buffer.concat(Array.from({ length: 20 }, () => ping)))
      await settled()
      clock.advance(1_000)
    }
    expect(refusal()).toBeNull()
    guard.write(Buffer.concat(Array.from({ length: 300 }, () => ping)))
    await settled()
    expect(refusal()).toBe('tooManyPackets')
  })
})
