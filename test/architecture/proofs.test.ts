import { describe, expect, it } from 'vitest'
import { claimsOf, proofProblems } from './proofs.ts'
import { readText, readTree } from './source-tree.ts'

const tree = readTree()
const pages = ['SECURITY.md', 'docs/security.md']
const claims = pages.flatMap((page) => claimsOf(page, readText(page)))

const table = (cell: string): string => `| threat | shown by |\n| --- | --- |\n| one | ${cell} |\n`
const problems = (cell: string): readonly string[] => proofProblems(claimsOf('x.md', table(cell)), planted)
const planted = new Map([
  [
    'test/contract/uplink.test.ts',
    "describe('a hub', () => { it('keeps its key', f); it.each(x)(`%s: ${y} is it`, f) })",
  ],
  ['test/contract/outbox.contract.ts', "it('is kept', f)"],
])

describe('what is claimed of security', () => {
  it('is shown by a test that exists under that title, or says what is missing', () => {
    for (const page of pages) expect(claims.filter((claim) => claim.page === page).length).toBeGreaterThan(15)
    expect(proofProblems(claims, tree)).toEqual([])
  })

  it.each([
    ['`contract/uplink` "keeps its key"'],
    ['`contract/uplink` "a hub", "its key"; `contract/outbox.contract` "is kept". Gap: no other'],
    ['`contract/uplink` "%s: … is it"'],
    ['Gap: nothing tries it'],
  ])('is accepted with %s', (cell) => {
    expect(problems(cell)).toEqual([])
  })

  it.each([
    ['nothing', 'we are careful', 'x.md, one: neither a test nor a gap'],
    ['a file that is gone', '`contract/uplinks` "keeps its key"', 'x.md, one: contract/uplinks does not exist'],
    ['no title', '`contract/uplink`', 'x.md, one: contract/uplink without the title of a test'],
    [
      'a title that is gone',
      '`contract/uplink` "keeps its key", "eats its key"',
      'x.md, one: no test in contract/uplink is called "eats its key"',
    ],
  ])('is caught with %s', (_, cell, problem) => {
    expect(problems(cell)).toEqual([problem])
  })

  it('is read from tables with that column alone', () => {
    expect(claimsOf('x.md', '| a | why |\n| --- | --- |\n| 1 | none |\n')).toEqual([])
    expect(claimsOf('x.md', `${table('none')}\n| a | b |\n| --- | --- |\n| 1 | 2 |\n`)).toHaveLength(1)
  })
})
