import { describe, expect, it } from 'vitest'
import { LiveLines } from '#simulators/core/live-lines.ts'

const reader = () => {
  const read: string[] = []
  let room = Infinity
  const lines = new LiveLines((text) => {
    read.push(text)
    room -= 1
    return room > 0
  })
  return { read, lines, setRoom: (count: number) => (room = count) }
}

describe('lines for a reader', () => {
  it('come at once while they are read', () => {
    const { read, lines } = reader()
    lines.push({ a: 1 })
    lines.push({ a: 2 })
    expect(read).toEqual(['{"a":1}\n', '{"a":2}\n'])
  })

  it('wait for a slow one and come in order', () => {
    const { read, lines, setRoom } = reader()
    setRoom(1)
    for (const a of [1, 2, 3]) lines.push({ a })
    expect(read).toEqual(['{"a":1}\n'])
    setRoom(1)
    lines.drained()
    expect(read).toEqual(['{"a":1}\n', '{"a":2}\n'])
    setRoom(9)
    lines.drained()
    expect(read.at(-1)).toBe('{"a":3}\n')
  })

  it('are lost, the oldest first, when too much waits, and the reader learns how many and where', () => {
    const { read, lines, setRoom } = reader()
    setRoom(1)
    const count = 400
    for (let n = 0; n < count; n += 1) lines.push({ n, much: 'x'.repeat(2_000) })
    setRoom(Infinity)
    lines.drained()
    const [first, told, ...rest] = read.map((text): { n?: number; lost?: number } => JSON.parse(text))
    expect(first?.n).toBe(0)
    expect(told?.lost).toBeGreaterThan(200)
    expect(rest.length).toBe(count - 1 - (told?.lost ?? 0))
    expect(rest[0]?.n).toBe(1 + (told?.lost ?? 0))
    expect(rest.at(-1)?.n).toBe(count - 1)
    lines.push({ n: 'on' })
    expect(read.at(-1)).toBe('{"n":"on"}\n')
  })
})
