import fc from 'fast-check'
import { Duplex } from 'node:stream'
import { generate } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { introduce, maxConnectBytes } from '#gateway/adapters/mqtt-ingress/introduction.ts'
import type { NotBelieved } from '#gateway/adapters/mqtt-ingress/introduction.ts'

const connect = generate({ cmd: 'connect', clientId: 'P-1', protocolVersion: 4, clean: true, keepalive: 30 })
const ping = Buffer.from([0xc0, 0])

/** A connection whose other end is this test. */
const connection = (verdict: NotBelieved | null = null) => {
  const answered: Buffer[] = []
  const socket = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      answered.push(chunk)
      done()
    },
  })
  const told: string[] = []
  introduce(socket, {
    judge: ({ clientId }) => {
      told.push(`judged ${clientId}`)
      return verdict
    },
    believed: () => told.push('believed'),
    refused: (refusal, detail) => told.push(`${refusal} ${detail}`.trim()),
  })
  return { socket, told, answer: () => Array.from(Buffer.concat(answered)), left: () => socket.read() as Buffer | null }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the introduction of a connection', () => {
  it('asks once who it is and leaves every byte in the connection, however they are cut', async () => {
    const bytes = Buffer.concat([connect, ping, ping])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 6 }), async (cuts) => {
        const { socket, told, left, answer } = connection()
        let at = 0
        for (const end of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
          socket.push(bytes.subarray(at, end))
          at = end
          await settled()
        }
        expect(told).toEqual(['judged P-1', 'believed'])
        expect(left()).toEqual(bytes)
        expect(answer()).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('waits while the CONNECT is not whole', async () => {
    const { socket, told } = connection()
    socket.push(connect.subarray(0, connect.length - 1))
    await settled()
    expect(told).toEqual([])
    expect(socket.destroyed).toBe(false)
  })

  it('gives whoever is not believed the answer of the rule, and ends', async () => {
    const { socket, told, answer } = connection({ refusal: 'wrongSecret', detail: 'P-1', answer: 5 })
    socket.push(Buffer.concat([connect, ping]))
    await settled()
    // MQTT 3.1.1, 3.2.2.3: 5 = not authorized.
    expect(answer()).toEqual([0x20, 2, 0, 5])
    expect(told).toEqual(['judged P-1', 'wrongSecret P-1'])
    expect(socket.destroyed).toBe(true)
  })

  it.each([
    ['a first packet that is no CONNECT', ping, 'noConnect a packet of type 12'],
    ['a CONNECT above 1 KiB', Buffer.from([0x10, 0x81, 0x08]), 'over 1025 bytes, at most 1024'],
    ['a CONNECT of 200 MB', Buffer.from([0x10, 0x80, 0x84, 0xaf, 0x5f]), 'over 200000000 bytes, at most 1024'],
    ['a fifth length byte', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01]), 'badLength a fifth length byte'],
  ])('ends %s at its header, without a word', async (_what, bytes, why) => {
    const { socket, told, answer } = connection()
    socket.push(bytes)
    await settled()
    expect(told).toEqual([why])
    expect(answer()).toEqual([])
    expect(socket.destroyed).toBe(true)
  })

  it('reads a CONNECT of exactly 1 KiB, and calls one that makes no sense broken', async () => {
    const { socket, told } = connection()
    socket.push(Buffer.concat([Buffer.from([0x10, 0x80, 0x08]), Buffer.alloc(maxConnectBytes)]))
    await settled()
    expect(told).toEqual([expect.stringMatching(/^protocol /)])
    expect(socket.destroyed).toBe(true)
  })

  it('comes to one end with whatever bytes: believed once, refused once, or still waiting for the rest', async () => {
    const bent = fc
      .tuple(fc.uint8Array({ maxLength: 64 }), fc.nat(connect.length), fc.boolean())
      .map(([noise, at, honest]) => Buffer.concat([honest ? connect.subarray(0, at) : Buffer.alloc(0), noise]))
    await fc.assert(
      fc.asyncProperty(bent, async (bytes) => {
        const { socket, told } = connection()
        socket.push(bytes)
        await settled()
        const ends = told.filter((line) => !line.startsWith('judged'))
        expect(ends.length).toBe(socket.destroyed || told.includes('believed') ? 1 : 0)
        expect(socket.destroyed && told.includes('believed')).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})
