import { describe, expect, it } from 'vitest'
import type { Manifest } from './dependencies.ts'
import { badCitations, deadLinks, unknownCommands } from './documents.ts'
import { listFiles, readText, readTree } from './source-tree.ts'

const tree = readTree()
const { scripts } = JSON.parse(readText('package.json')) as Manifest

describe('the documents', () => {
  it('link to what exists', () => {
    expect([...tree.keys()].filter((path) => path.endsWith('.md')).length).toBeGreaterThan(0)
    expect(deadLinks(tree, listFiles())).toEqual([])
  })

  it.each(['[a](b.md)', '[a](#nowhere)', '[a](../x.md)', '![a](b.png)', '<img src="c.png">'])(
    'are caught with %s',
    (text) => {
      const planted = new Map([['docs/x.md', `# Here\n${text}`]])
      expect(deadLinks(planted, new Set(planted.keys()))).toHaveLength(1)
    },
  )

  it('may link to headings, folders and the web', () => {
    const planted = new Map([
      ['docs/x.md', '# Two words: here\n[a](#two-words-here) [b](../docs) [c](https://example.org)'],
    ])
    expect(deadLinks(planted, new Set(planted.keys()))).toEqual([])
  })

  it('count every decision once, and head it with its number', () => {
    const decisions = [...tree].filter(([path]) => /^docs\/adr\/\d{4}-/.test(path))
    const numbers = decisions.map(([path]) => path.slice('docs/adr/'.length, 'docs/adr/0000'.length))
    expect(numbers.length).toBeGreaterThan(20)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(decisions.map(([, text]) => text.slice('# '.length, '# 0000'.length))).toEqual(numbers)
  })

  it('name commands that exist', () => {
    expect(unknownCommands(tree, scripts)).toEqual([])
  })

  it.each(['`npm run nothing`', '```sh\nnpm run -s nothing -- x\n```', '`npm begin`'])('are caught with %s', (text) => {
    expect(unknownCommands(new Map([['x.md', text]]), scripts)).toHaveLength(1)
  })

  it('may name npm start, npm test and scripts', () => {
    expect(
      unknownCommands(
        new Map([['x.md', '`npm start` `npm test` `npm run check` `npm run -s gateway -- decode`; an npm script']]),
        scripts,
      ),
    ).toEqual([])
  })
})

describe('citations of documents', () => {
  const pages = [
    ['docs/x.md', '# X\n\n## 3. Three\n1. one\n7. seven\n\n### 3.1 Part\n\n## 4. Four\n2. two\n\n## Silence is loud\n'],
    ['docs/protocols/README.md', '## 7. Seven\n'],
  ] as const
  const found = (comment: string) => badCitations(new Map([...pages, ['domain/y.ts', comment]]))

  it('name pages, sections and rules that exist', () => {
    const cited = [...tree.values()].join('\n').match(/(?:reliability|security|vocabulary)\.md \d/g) ?? []
    expect(cited.length).toBeGreaterThan(40)
    expect(badCitations(tree)).toEqual([])
  })

  it.each([
    '// z.md says so',
    '// x.md 5',
    '// ../x.md, sections 3 to 5',
    '/** x.md 3.2 */',
    '// x.md 3 and 6',
    '// x.md 3 rule 2',
    '// x.md, rule 9',
    '// x.md rules 1 to 4',
    '// x.md\n// rule 9',
    '/**\n * x.md\n * 5 */',
    '// Sections 3 and 5 of x.md',
    '// x.md, "Silence is gold"',
    '// protocols/README.md 8',
    "describe('a framer, x.md 5', () => {})",
  ])('are caught with %j', (comment) => {
    expect(found(comment)).not.toEqual([])
  })

  it.each([
    '// x.md',
    '// docs/x.md 3',
    '/** (x.md 3.1 and 4) */',
    '// x.md 3, rule 7',
    '// x.md rules 1, 2 and 7',
    '// x.md 3 to 4: text',
    '// x.md, "Silence is loud"',
    '// docs/protocols/README.md, protocols/README.md 7',
    "link('z.md')",
  ])('are let be with %j', (comment) => {
    expect(found(comment)).toEqual([])
  })

  it('are looked at in documents and style sheets too', () => {
    for (const path of ['docs/y.md', 'dashboard/src/ui/styles/y.css'])
      expect(badCitations(new Map([...pages, [path, '/* x.md 5 */']]))).toHaveLength(1)
  })
})
