import { describe, expect, it } from 'vitest'
import type { Manifest } from './dependencies.ts'
import { deadLinks, unknownCommands } from './documents.ts'
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
