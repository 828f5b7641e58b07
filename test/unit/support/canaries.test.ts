import { describe, expect, it } from 'vitest'
import { searchForCanaries } from '#test/support/canaries.ts'
import type { Canary, Place } from '#test/support/canaries.ts'

const label: Canary = { name: 'label', value: 'Bed "7/Ä"+q93', home: /^journal/ }
const cookie: Canary = { name: 'session', value: 'k3J_x-9aQ0Lm', home: null }
const key: Canary = { name: 'key', value: Uint8Array.from({ length: 32 }, (_, n) => 255 - n * 7), home: /^push-key$/ }
const all = [label, cookie, key]

const place = (name: string, content: string | Buffer): Place => ({ name, content: Buffer.from(content) })
const inside = (value: string | Buffer, shift: number): Buffer =>
  Buffer.concat([Buffer.alloc(shift, 'x'), Buffer.from(value), Buffer.from('tail')])
const text = String(label.value)
const id = String(cookie.value)
const bytes = Buffer.from(key.value as Uint8Array)

describe('a search for what must not leave its store', () => {
  it.each([
    ['a body in a log', 'label', place('server/log', `{"msg":"refused","body":{"label":${JSON.stringify(text)}}}`)],
    ['a label of a metric', 'label', place('/metrics', `alarms_total{bed="${text}"} 1`)],
    ['a cookie in a log', 'session', place('hub/log', `cookie: __Host-sid=${id}; x=1`)],
    ['an address', 'label', place('addresses', `https://watch/api?q=${encodeURIComponent(text)}`)],
    ['storage of a browser', 'label', place('browser/Local Storage', Buffer.from(`\0${text}`, 'utf16le'))],
    ['a file of a database', 'session', place('telemetry.db', Buffer.from(`\0\u0001${id}\0`))],
    ['hexadecimal', 'key', place('dump', bytes.toString('hex'))],
    ...[0, 1, 2].flatMap((shift): [string, string, Place][] => [
      [`base64, ${shift} bytes in`, 'label', place('header', inside(text, shift).toString('base64'))],
      [`base64url, ${shift} bytes in`, 'key', place('token', inside(bytes, shift).toString('base64url'))],
    ]),
  ])('finds once %s', (_, canary, where) => {
    const hits = searchForCanaries([place('other', 'nothing of it'), where], all)
    expect(hits.map((hit) => [hit.canary, hit.place])).toEqual([[canary, where.name]])
  })

  it('lets each stand at home, and there alone', () => {
    const home = [place('journal.db', text), place('push-key', bytes)]
    expect(searchForCanaries(home, all)).toEqual([])
    expect(searchForCanaries([place('journal.db', bytes), place('push-key', text)], all)).toHaveLength(2)
  })

  it('is not led astray by what is nearly it, and looks for nothing that is found by chance', () => {
    expect(searchForCanaries([place('log', `${text.slice(1)} ${id.slice(0, -1)}`)], all)).toEqual([])
    expect(() => searchForCanaries([], [{ name: 'x', value: 'short', home: null }])).toThrow('too short')
  })
})
