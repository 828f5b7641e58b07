import { expect, it } from 'vitest'
import { en } from '#dashboard/core/messages.ts'
import type { WordsPart } from '#dashboard/core/words-part.ts'
import { literalTexts, wordImports } from './literal-text.ts'
import { readTree } from './source-tree.ts'

const files = [...readTree()].filter(([path]) => path.startsWith('dashboard/src/ui/'))
const components = files.filter(([path]) => path.endsWith('.tsx'))

/** Parts of the words can be imported: only the language that was chosen opens them (words-part.ts). */
const isPart = (source: string): boolean => {
  const given = [...source.matchAll(/^export (?:const|function|class|let) \w+(.*)$/gm)].map(([, rest = '']) => rest)
  return given.length > 0 && given.every((rest) => rest.startsWith(' = wordsPart('))
}
const parts = [...readTree()].flatMap(([path, source]) =>
  path.startsWith('dashboard/src/core/') && isPart(source) ? [path.replace('dashboard/src/', '#dashboard/')] : [],
)

const words = (jsx: string): readonly string[] => literalTexts('planted.tsx', `export const A = () => ${jsx}`)

it('finds a word in every place where a component could put one', () => {
  expect(words('<p>Taken over</p>')).toEqual(['Taken over'])
  expect(words('<p>{"Taken"}</p>')).toEqual(['Taken'])
  expect(words('<p>{mine ? "Taken" : `by ${name}`}</p>')).toEqual(['Taken', 'by '])
  expect(words('<>{late && "Late"}</>')).toEqual(['Late'])
  expect(words('<b aria-label="Close" class="wide button" />')).toEqual(['Close'])
  expect(words('<b title={open ? "Hide" : words.show} />')).toEqual(['Hide'])
  expect(words('<p class="not shown" key="some">{words.taken} – {value}%</p>')).toEqual([])
})

it.each(components)('takes every word from the messages: %s', (path, source) => {
  expect(literalTexts(path, source)).toEqual([])
})

it('lets no component import words past the language that was chosen', () => {
  expect(wordImports("import { en } from '#dashboard/core/messages.ts'")).toHaveLength(1)
  expect(wordImports("import type { Words } from '#dashboard/core/messages.ts'")).toEqual([])
  expect(isPart("export const a = wordsPart({ one: 'One' })")).toBe(true)
  expect(isPart("export const a = wordsPart({ one: 'One' })\nexport const b = { one: 'One' }")).toBe(false)
  expect(parts).toContain('#dashboard/core/history-words.ts')
  const past = files.flatMap(([path, source]) =>
    wordImports(source)
      .filter((from) => !parts.includes(from))
      .map((from) => `${path}: ${from}`),
  )
  expect(past).toEqual([])
})

it('opens a part of the words only where the language is known', () => {
  const opened = /\w+Words\.of\(/
  expect("historyWords.of('en')").toMatch(opened)
  expect(files.filter(([, source]) => opened.test(source)).map(([path]) => path)).toEqual([])
})

it('gives every part keys of its own, so that none hides another or what the wall starts with', async () => {
  const loaded = await Promise.all(parts.map(async (path): Promise<Record<string, WordsPart<object>>> => import(path)))
  const keys = [en, ...loaded.flatMap((file) => Object.values(file)).map((part) => part.of('en'))].flatMap(Object.keys)
  expect(keys.length).toBeGreaterThan(60)
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
})

/** Properties and values that know left and right: a language that runs from right to left would be laid out wrongly. */
const physical =
  /(?:^|[\s;{])((?:(?:margin|padding|border|scroll-margin|scroll-padding|inset)-(?:left|right)(?:-\w+)?|left|right|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b|(?:margin|padding|inset|border-width)\s*:\s*[^;}]*)/g

/** Four different values round a box: the second is the right one and the fourth the left one. */
const lopsided = (declaration: string): boolean => {
  const shorthand = /^(?:margin|padding|inset|border-width)\s*:\s*(.*)$/s.exec(declaration)
  if (shorthand === null) return true
  const values = (shorthand[1] ?? '').trim().split(/\s+(?![^(]*\))/)
  return values.length === 4 && values[1] !== values[3]
}

const physicalIn = (css: string): readonly string[] =>
  [...css.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(physical)].flatMap(([, found = '']) =>
    lopsided(found) ? [found.trim()] : [],
  )

it('lays nothing out by left and right: every style is logical', () => {
  expect(physicalIn('a { margin-left: 4px; color: red }')).toEqual(['margin-left:'])
  expect(physicalIn('a { left: 0 } b { text-align: right }')).toEqual(['left:', 'text-align: right'])
  expect(physicalIn('a { padding: 1px 2px 3px 4px; }')).toEqual(['padding: 1px 2px 3px 4px'])
  expect(physicalIn('a { padding: 1px 2px 3px 2px; margin-inline-start: 0; inset: auto 0 0 }')).toEqual([])
  const styles = files.filter(([path]) => path.endsWith('.css'))
  expect(styles.length).toBeGreaterThan(5)
  expect(styles.flatMap(([path, css]) => physicalIn(css).map((found) => `${path}: ${found}`))).toEqual([])
})
