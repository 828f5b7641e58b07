import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '#domain/audit/canonical-json.ts'
import type { Json } from '#domain/audit/canonical-json.ts'

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is parsed from JSON is JSON
const parsed = (text: string): Json => JSON.parse(text) as Json

const shuffled = (value: Json): Json => {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(shuffled)
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, member === undefined ? undefined : shuffled(member)]),
  )
}

describe('canonical JSON', () => {
  it('writes the examples of RFC 8785, 3.2.2 and 3.2.3, as they stand there', () => {
    const example = String.raw`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`
    expect(canonicalJson(parsed(example))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
    const sorting = String.raw`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`
    const order = Object.values(parsed(canonicalJson(parsed(sorting))) ?? {})
    // A parser puts the key "1" first, so the order is looked for in the text.
    const text = canonicalJson(parsed(sorting))
    const places = order.map((name) => text.indexOf(String(name))).toSorted((a, b) => a - b)
    expect(places.map((place) => order.find((name) => text.indexOf(String(name)) === place))).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  it('is one text for one value, whatever the order of its keys, and reads back as that value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (any) => {
        const value = parsed(JSON.stringify(any))
        const text = canonicalJson(value)
        expect(canonicalJson(shuffled(value))).toBe(text)
        expect(parsed(text)).toEqual(value)
      }),
    )
  })

  it('leaves out a key without a value, and refuses what JSON cannot say', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}')
    expect(() => canonicalJson([Number.NaN])).toThrow(TypeError)
    expect(() => canonicalJson({ a: Infinity })).toThrow(TypeError)
    expect(() => canonicalJson('\ud83d')).toThrow(TypeError)
  })
})
