import { titlesOf } from './test-titles.ts'
import type { Tree } from './source-tree.ts'

/** One row of dashboard.md 16: what hurt others, and where a test of ours names it. */
export interface Pitfall {
  readonly id: string
  readonly files: readonly string[]
}

export const lastPitfall = 35

/** The rows `| W1 | rule | tests |` of the page's section on pitfalls. */
export const pitfallsOf = (page: string): readonly Pitfall[] => {
  const [, section = ''] = page.split(/^## 16\. /m)
  const [table = ''] = section.split(/^## /m)
  return [...table.matchAll(/^\| (W\d+) \|.*\| ([^|]+) \|$/gm)].map(([, id = '', tests = '']) => ({
    id,
    files: [...tests.matchAll(/`([^`]+)`/g)].map(([, name = '']) => `test/${name}.test.ts`),
  }))
}

/** Ids with which the titles of a file's tests begin: `W6: …`, `W6, W7: …`. */
export const namedIds = (path: string, source: string): ReadonlySet<string> => {
  const found = new Set<string>()
  for (const title of titlesOf(path, source)) {
    const [, ids = ''] = /^(W\d+(?:, W\d+)*): /.exec(title) ?? []
    for (const id of ids.split(', ')) if (id !== '') found.add(id)
  }
  return found
}

/** What is missing or wrong; empty: every pitfall has a test that names it, where the page says. */
export const pitfallProblems = (page: string, tree: Tree): readonly string[] => {
  const rows = pitfallsOf(page)
  const wanted = Array.from({ length: lastPitfall }, (_, index) => `W${index + 1}`)
  const counted = wanted.flatMap((id) => {
    const { length } = rows.filter((row) => row.id === id)
    return length === 1 ? [] : [`${id} has ${length} rows`]
  })
  const named = rows.flatMap(({ id, files }) => {
    if (files.length === 0) return [`${id} names no test`]
    return files.flatMap((file) => {
      const source = tree.get(file)
      if (source === undefined) return [`${id} names ${file}, which does not exist`]
      return namedIds(file, source).has(id) ? [] : [`no test in ${file} begins with ${id}`]
    })
  })
  return [...counted, ...named, ...rows.filter(({ id }) => !wanted.includes(id)).map(({ id }) => `${id} is unknown`)]
}
