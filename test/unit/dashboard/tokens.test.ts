import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ciede2000, contrast, labOf, linearOf, seenBy } from '#test/support/colour.ts'
import type { Vision } from '#test/support/colour.ts'

const css = readFileSync(join(import.meta.dirname, '../../../dashboard/src/ui/styles/tokens.css'), 'utf8')
const palettes = ['light', 'dark', 'night'] as const

/** The tokens of one palette, from the style that the browser gets. */
const tokensOf = (palette: string): ReadonlyMap<string, string> => {
  const block = new RegExp(`\\[data-theme='${palette}'\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? ''
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]))
}

const text = 4.5
const edge = 3
/** What is drawn on what, and what it needs (WCAG 2.2: 4.5 for text, 3 for edges, fills and the focus ring). */
const pairs: readonly (readonly [string, string, number])[] = [
  ...['text', 'text-2', 'text-3'].flatMap((name) => [[name, 'surface', text] as const, [name, 'bg', text] as const]),
  ['text', 'raised', text],
  ['on-ink', 'ink', text],
  ['focus', 'bg', edge],
  ['line-strong', 'surface', edge],
  ...['hi', 'md', 'lo'].flatMap((name) => [
    [`${name}-on`, name, text] as const,
    [`${name}-ink`, `${name}-tint`, text] as const,
    ['text', `${name}-tint`, text] as const,
    ['text-2', `${name}-tint`, text] as const,
    [`${name}-edge`, 'surface', edge] as const,
    [`${name}-edge`, 'bg', edge] as const,
  ]),
]

describe.each(palettes)('the palette %s', (palette) => {
  const tokens = tokensOf(palette)
  const of = (name: string): string => tokens.get(name) ?? 'missing'

  it.each(pairs)('shows %s on %s with at least %f : 1', (front, back, needed) => {
    expect(contrast(of(front), of(back))).toBeGreaterThanOrEqual(needed)
  })

  it.each(['normal', 'protan', 'deutan', 'tritan'] satisfies Vision[])(
    'keeps the three alarm fills at least 20 apart for %s eyes',
    (vision) => {
      const lab = (name: string) => labOf(seenBy(vision, linearOf(of(name))))
      expect(ciede2000(lab('hi'), lab('md'))).toBeGreaterThanOrEqual(20)
      expect(ciede2000(lab('md'), lab('lo'))).toBeGreaterThanOrEqual(20)
      expect(ciede2000(lab('hi'), lab('lo'))).toBeGreaterThanOrEqual(20)
    },
  )
})

it('measures colours as their sources do', () => {
  // Sharma, Wu and Dalal 2005, table 1, pairs 1, 7 and 25.
  expect(ciede2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4)
  expect(ciede2000([50, 0, 0], [50, -1, 2])).toBeCloseTo(2.3669, 4)
  expect(ciede2000([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(1.2644, 4)
  // WCAG 2.2: black on white is 21.
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6)
})
