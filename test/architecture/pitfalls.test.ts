import { describe, expect, it } from 'vitest'
import { lastPitfall, namedIds, pitfallProblems, pitfallsOf } from './pitfalls.ts'
import { readText, readTree } from './source-tree.ts'

const tree = readTree()
const page = readText('docs/dashboard.md')

const ids = (source: string) => [...namedIds('test/x.test.ts', source)]

describe('the pitfalls of the dashboard', () => {
  it('each have a row, and a test that begins with their id where the row says', () => {
    expect(pitfallsOf(page)).toHaveLength(lastPitfall)
    expect(pitfallProblems(page, tree)).toEqual([])
  })

  it.each([
    ['a row that is gone', page.replace(/^\| W9 \|.*\n/m, ''), 'W9 has 0 rows'],
    ['a row that stands twice', page.replace(/^(\| W9 \|.*\n)/m, '$1$1'), 'W9 has 2 rows'],
    ['a row without a test', page.replace(/^(\| W9 \|.*\|)[^|]+\|$/m, '$1 none |'), 'W9 names no test'],
    [
      'a file that does not exist',
      page.replace(/^(\| W9 \|.*\|)[^|]+\|$/m, '$1 `unit/nothing` |'),
      'W9 names test/unit/nothing.test.ts, which does not exist',
    ],
    [
      'a file whose tests name another',
      page.replace(/^(\| W9 \|.*\|)[^|]+\|$/m, '$1 `architecture/pitfalls` |'),
      'no test in test/architecture/pitfalls.test.ts begins with W9',
    ],
  ])('are caught with %s', (_, planted, problem) => {
    expect(pitfallProblems(planted, tree)).toEqual([problem])
  })

  it('count titles alone, of any test and of groups of tests', () => {
    expect(ids("it('W6, W7: a', f)")).toEqual(['W6', 'W7'])
    expect(ids("it.each([1])('W8: %s', f)")).toEqual(['W8'])
    expect(ids("describe.skipIf(x)('W5: a', () => { it('b', f) })")).toEqual(['W5'])
    expect(ids('it(`W4: ${x}`, f)')).toEqual(['W4'])
    expect(ids("it('a (W6)', f); say('W7: a'); /* it('W8: a') */ const x = 'W9: a'")).toEqual([])
  })
})
