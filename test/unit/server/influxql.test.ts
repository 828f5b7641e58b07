import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteIdentifier, quoteString, readResults } from '#server/adapters/influx/influxql.ts'

/**
 * Reads one quoted text by the grammar of the InfluxQL specification (`string_lit`, `identifier`) and says where it ends; null where the
 * database would refuse the statement.
 */
const scan = (source: string, quote: string): { text: string; rest: string } | null => {
  if (source[0] !== quote) return null
  let text = ''
  for (let at = 1; at < source.length; at += 1) {
    const character = source[at]
    if (character === quote) return { text, rest: source.slice(at + 1) }
    if (character === '\n' || character === '\r' || character === '\0') return null
    if (character !== '\\') text += character
    else {
      at += 1
      const meant = source[at] === 'n' ? '\n' : source[at]
      if (meant === undefined || !['\n', '\\', '"', "'"].includes(meant)) return null
      text += meant
    }
  }
  return null
}

const hostile = fc.string({ unit: fc.constantFrom("'", '"', '\\', '\n', 'n', ';', ' ', 'é', '🩺', 'a') })

describe('quoting for InfluxQL', () => {
  it('writes quotes, backslashes and line feeds as the specification does', () => {
    expect(quoteString(`it's`)).toBe(String.raw`'it\'s'`)
    expect(quoteString('a\\')).toBe(String.raw`'a\\'`)
    expect(quoteString('a\nb')).toBe(String.raw`'a\nb'`)
    expect(quoteIdentifier('my "db"')).toBe(String.raw`"my \"db\""`)
  })

  it('ends where the text ends and nowhere else', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'grapheme' })), (text) => {
        fc.pre(!/[\0\r]/.test(text))
        expect(scan(`${quoteString(text)} OR 1=1`, "'")).toEqual({ text, rest: ' OR 1=1' })
        expect(scan(`${quoteIdentifier(text)}; DROP`, '"')).toEqual({ text, rest: '; DROP' })
      }),
    )
  })

  it('refuses what cannot be written', () => {
    for (const text of ['\0', 'a\rb']) expect(() => quoteString(text)).toThrow(RangeError)
  })
})

describe('an InfluxQL answer', () => {
  it('gives rows of each statement, whatever the number of series', () => {
    const series = [
      {
        name: 'a',
        columns: ['time', 'v'],
        values: [
          [1, 2],
          [3, null],
        ],
      },
      { name: 'b', columns: ['time', 'v'], values: [[5, 6]] },
    ]
    const [rows, none] = readResults({ results: [{ statement_id: 0, series }, { statement_id: 1 }] })
    expect(rows?.map((row) => [row.get('time'), row.get('v')])).toEqual([
      [1, 2],
      [3, null],
      [5, 6],
    ])
    expect(none).toEqual([])
  })

  it('throws the words of the database, of the whole request or of one statement', () => {
    expect(() => readResults({ error: 'error parsing query' })).toThrow('error parsing query')
    expect(() => readResults({ results: [{ statement_id: 0, error: 'database not found: x' }] })).toThrow(
      'database not found: x',
    )
    expect(() => readResults('<html>')).toThrow('has no results')
  })
})
