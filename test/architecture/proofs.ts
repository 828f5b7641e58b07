import { titlesOf } from './test-titles.ts'
import type { Tree } from './source-tree.ts'

/** A row of a table whose last column is called `shown by`: a claim, and the tests that would fail if it were not so. */
export interface Claim {
  readonly page: string
  /** Its first cell. */
  readonly id: string
  readonly proofs: readonly Proof[]
  /** It says what is missing. */
  readonly hasGap: boolean
}

interface Proof {
  readonly name: string
  readonly titles: readonly string[]
}

const cellsOf = (line: string): readonly string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())

/** `` `contract/uplink` "a title", "another one" ``; a title may be a part of the real one. */
const proofsOf = (cell: string): readonly Proof[] =>
  [...cell.matchAll(/`((?:unit|contract|faults|e2e|architecture)\/[\w/.-]+)`((?:,? "[^"]+")*)/g)].map(
    ([, name = '', titles = '']) => ({
      name,
      titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
    }),
  )

/** Every claim on a page. */
export const claimsOf = (page: string, text: string): readonly Claim[] => {
  let inTable = false
  return text.split('\n').flatMap((line) => {
    const cells = line.startsWith('|') ? cellsOf(line) : []
    if (cells.length === 0) inTable = false
    else if (cells.at(-1) === 'shown by') inTable = true
    const last = cells.at(-1) ?? ''
    // A row with one cell alone is a heading inside the table.
    const isHeading = cells.filter((cell) => cell !== '').length <= 1
    if (!inTable || isHeading || last === 'shown by' || /^-+$/.test(last)) return []
    return [{ page, id: cells[0] ?? '', proofs: proofsOf(last), hasGap: /\bGap: \S/.test(last) }]
  })
}

const fileOf = (tree: Tree, name: string): string | undefined =>
  [`test/${name}.test.ts`, `test/${name}.ts`].find((path) => tree.has(path))

/** Claims that nothing shows, and tests they name that are not there. */
export const proofProblems = (claims: readonly Claim[], tree: Tree): readonly string[] => {
  const known = new Map<string, readonly string[]>()
  const titles = (path: string): readonly string[] => {
    const found = known.get(path) ?? titlesOf(path, tree.get(path) ?? '')
    known.set(path, found)
    return found
  }
  return claims.flatMap(({ page, id, proofs, hasGap }) => {
    const at = `${page}, ${id}`
    if (proofs.length === 0) return hasGap ? [] : [`${at}: neither a test nor a gap`]
    return proofs.flatMap(({ name, titles: named }) => {
      const path = fileOf(tree, name)
      if (path === undefined) return [`${at}: ${name} does not exist`]
      if (named.length === 0) return [`${at}: ${name} without the title of a test`]
      return named
        .filter((title) => !titles(path).some((real) => real.includes(title)))
        .map((title) => `${at}: no test in ${name} is called "${title}"`)
    })
  })
}
