import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { readBack, readForward } from '#domain/pump-protocols/zyno-miva/raw-blocks.ts'
import { LogReader } from '#domain/pump-protocols/zyno-miva/log-reader.ts'
import type { LogNews } from '#domain/pump-protocols/zyno-miva/log-reader.ts'
import { ringSize, stepped, stepsFrom } from '#domain/pump-protocols/zyno-miva/ring.ts'
import type { LogEntry } from '#domain/pump-protocols/zyno-miva/event.ts'

const erased = 'F'.repeat(32)
const entry = (type: number, subtype = 0): string =>
  `${type.toString(16).padStart(2, '0')}00000000${subtype.toString(16).padStart(4, '0')}${'0'.repeat(18)}`.toUpperCase()
/** Byte 5 is the upper byte of the subtype. */
const opening = entry(0, 0x0100)
const closing = entry(0, 0x0200)
const run = entry(1)
const raw = (fill: string, count: number): string[] => Array.from({ length: count }, () => fill)

const numbered = (entries: readonly string[], from = 0): LogEntry[] =>
  entries.map((text, at) => ({ index: stepped(from, at), entry: text }))
const forward = (...entries: readonly string[]) => {
  const { events, consumed, broken } = readForward(numbered(entries))
  return { events: events.map(({ index }) => index), consumed, broken }
}
const back = (...entries: readonly string[]) => {
  const { events, open, end } = readBack(numbered(entries).toReversed())
  return { events: events.map(({ index }) => index), open, end }
}

describe('raw blocks, read forward', () => {
  it.each([2, 16])('of %i records are skipped, whatever they look like', (count) => {
    expect(forward(run, opening, ...raw(entry(9, 2), count), closing, run)).toEqual({
      events: [0, count + 3],
      consumed: count + 4,
      broken: false,
    })
  })

  it('that are still being written are waited for', () => {
    for (let count = 0; count <= 16; count += 1)
      expect(forward(run, opening, ...raw(entry(9, 2), count))).toEqual({ events: [0], consumed: 1, broken: false })
  })

  it('that do not end where they must are broken', () => {
    expect(forward(run, opening, ...raw(entry(9, 2), 17))).toEqual({ events: [0], consumed: 1, broken: true })
    expect(forward(run, closing)).toEqual({ events: [0], consumed: 1, broken: true })
  })

  it('follow each other, and erased entries are no events', () => {
    expect(forward(opening, run, run, closing, erased, opening, run, run, closing, entry(2))).toEqual({
      events: [9],
      consumed: 10,
      broken: false,
    })
  })
})

describe('raw blocks, read back', () => {
  it.each([2, 16])('of %i records are skipped', (count) => {
    expect(back(run, opening, ...raw(entry(9, 2), count), closing, run)).toEqual({
      events: [count + 3, 0],
      open: 0,
      end: 'enough',
    })
  })

  it('need the entries before them', () => {
    expect(back(...raw(entry(9, 2), 5), closing, run)).toEqual({ events: [6], open: 0, end: 'more' })
  })

  it.each([0, 1, 2, 16])('that are still being written, %i records so far, are no events', (count) => {
    expect(back(run, entry(2), opening, ...raw(run, count))).toEqual({ events: [1, 0], open: count + 1, end: 'enough' })
  })

  it('hide a raw record that looks like an end', () => {
    expect(back(run, ...raw(entry(2), 18), opening, entry(9, 2), closing)).toMatchObject({ open: 3, end: 'enough' })
  })

  it('that begin and never end are broken', () => {
    expect(back(run, opening, ...raw(entry(9, 2), 30))).toMatchObject({ end: 'broken' })
    expect(back(...raw(run, 20), closing, run, run).end).toBe('broken')
    expect(back(...raw(run, 20), closing, run, run).events).toEqual([22, 21])
  })

  it('agree with reading forward, wherever the log is cut', () => {
    const piece = fc.oneof(
      fc.constantFrom([run], [entry(2)], [entry(9, 2)], [entry(13, 2)], [erased]),
      fc.constantFrom(2, 16).chain((count) =>
        fc
          .array(fc.constantFrom(run, entry(9, 1), entry(3), entry(0, 7), erased), {
            minLength: count,
            maxLength: count,
          })
          .map((records) => [opening, ...records, closing]),
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(17), (pieces, cut) => {
        const log = pieces.flat()
        const written = log.slice(0, Math.max(0, log.length - cut))
        const ahead = forward(...written)
        const behind = back(...written)
        expect(ahead.broken).toBe(false)
        expect(behind.events.toReversed()).toEqual(ahead.events)
        expect(written.length - behind.open).toBe(ahead.consumed)
      }),
      { numRuns: 500 },
    )
  })
})

const words = (one: LogNews): readonly (string | number)[] =>
  one.kind === 'gap' ? ['gap'] : [one.kind, ...one.events.map(({ index }) => index)]

/** A log that grows, and a reader of it. `enough`: how many events settle what has to be known. */
class Follower {
  readonly log = new Map<number, string>()
  readonly news: LogNews[] = []
  readonly asked: number[] = []
  readonly reader: LogReader
  tail: number
  head: number

  constructor(from: number, entries: readonly string[], enough = 1) {
    this.tail = from
    this.head = stepped(from, entries.length - 1)
    for (const { index, entry: text } of numbered(entries, from)) this.log.set(index, text)
    this.reader = new LogReader((events) => events.length >= enough)
  }

  write(...entries: readonly string[]): this {
    for (const text of entries) {
      this.head = stepped(this.head, 1)
      this.log.set(this.head, text)
    }
    return this
  }

  /** The pump tells its ring, and everything that is asked for is read. */
  look(): this {
    this.news.push(...this.reader.ring(this.tail, this.head))
    for (let index = this.reader.wanted; index !== null; index = this.reader.wanted) {
      this.asked.push(index)
      this.news.push(...this.reader.take({ index, entry: this.log.get(index) ?? erased }))
    }
    return this
  }

  /** What the reader said since it was asked last. */
  told(): readonly (string | number)[] {
    return this.news.splice(0).flatMap(words)
  }
}

describe('the reader of a log', () => {
  it('reads back from the head, at least past an open block, until it knows enough', () => {
    const log = new Follower(0, raw(run, 100)).look()
    expect(log.asked).toEqual(Array.from({ length: 17 }, (_, at) => 99 - at))
    expect(log.told()).toEqual(['rebuilt', ...Array.from({ length: 17 }, (_, at) => 83 + at)])
    expect(log.reader.caughtUp).toBe(true)
  })

  it('stops at the first entry of the log, and says that it has read it whole', () => {
    const log = new Follower(500, [run, run, run], 9).look()
    expect(log.asked).toEqual([502, 501, 500])
    expect(log.news).toMatchObject([{ kind: 'rebuilt', whole: true }])
  })

  it('reads 512 entries back and no more', () => {
    const log = new Follower(0, raw(run, 2000), 9999).look()
    expect(log.asked).toHaveLength(512)
    expect(log.news).toMatchObject([{ kind: 'rebuilt', whole: false }])
  })

  it('follows across the end of the ring, in order and each entry once', () => {
    const log = new Follower(ringSize - 20, raw(run, 18), 9).look()
    log.told()
    log.asked.length = 0
    log.write(run, run, run, run).look()
    expect(log.asked).toEqual([ringSize - 2, ringSize - 1, 0, 1])
    expect(log.told()).toEqual(['events', ringSize - 2, 'events', ringSize - 1, 'events', 0, 'events', 1])
    log.look()
    expect(log.told()).toEqual([])
  })

  it('waits for a block that is being written, and reads it again only once', () => {
    const log = new Follower(0, raw(run, 30)).look()
    log.told()
    log.write(opening, run).look()
    expect(log.told()).toEqual([])
    expect(log.reader.caughtUp).toBe(true)
    log.write(run, closing, entry(2)).look()
    expect(log.told()).toEqual(['events', 34])
  })

  it('begins before a block that is open when it comes', () => {
    const log = new Follower(0, [...raw(run, 30), opening, run]).look()
    expect(log.told()).toEqual(['rebuilt', ...Array.from({ length: 17 - 2 }, (_, at) => 15 + at)])
    log.write(run, closing, entry(2)).look()
    expect(log.told()).toEqual(['events', 34])
  })

  it('takes no entry that it did not ask for', () => {
    const log = new Follower(0, raw(run, 100))
    log.reader.ring(0, 99)
    expect(log.reader.take({ index: 98, entry: run })).toEqual([])
    expect(log.reader.wanted).toBe(99)
  })

  it.each([512, 513])('after %i new entries', (count) => {
    const log = new Follower(0, raw(run, 100)).look()
    log.told()
    log.write(...raw(run, count)).look()
    const told = log.told()
    expect(told.includes('gap')).toBe(count > 512)
    expect(told.includes('rebuilt')).toBe(count > 512)
  })

  it('takes a log that was begun anew for what it is, though the step looks small', () => {
    const log = new Follower(0, raw(run, 43_100)).look()
    log.told()
    log.tail = 0
    log.head = 5
    log.look()
    expect(log.told().slice(0, 2)).toEqual(['gap', 'rebuilt'])
  })

  it('reads back again when a block is broken, and goes on behind it', () => {
    const log = new Follower(0, raw(run, 100)).look()
    log.told()
    log.write(opening, ...raw(run, 20)).look()
    const told = log.told()
    expect(told[0]).toBe('gap')
    expect(told).toContain('rebuilt')
    log.write(entry(2)).look()
    expect(log.told()).toEqual(['events', 121])
  })

  it('steps around the ring', () => {
    expect([stepped(0, -1), stepped(ringSize - 1, 1), stepsFrom(ringSize - 1, 1), stepsFrom(1, 0)]).toEqual([
      ringSize - 1,
      0,
      2,
      ringSize - 1,
    ])
  })
})
