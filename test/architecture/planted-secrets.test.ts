import { describe, expect, it } from 'vitest'
import { configTable } from '#server/config.ts'
import { readTree } from './source-tree.ts'
import type { Tree } from './source-tree.ts'

// security.md 10: what is secret is searched for after each test of the whole system, so it has to be planted.

const story = 'test/e2e/canaries.test.ts'
/** Files of secrets that the server makes: `test/support/confinement.ts` finds them by these endings. */
const foundByName = /-(?:keys?|pepper)$/

const unplantedSettings = (tree: Tree, secretKeys: readonly string[]): readonly string[] =>
  secretKeys.filter((key) => !new RegExp(`\\b${key}: `).test(tree.get(story) ?? ''))

const unplantedFiles = (tree: Tree): readonly string[] =>
  [...tree]
    .filter(([path]) => path.startsWith('server/'))
    .flatMap(([, text]) =>
      [...text.matchAll(/readOrMakeSecret\(join\([\w.]+, '([^']+)'\)\)/g)].map(([, name]) => name ?? ''),
    )
    .filter((name) => !foundByName.test(name))

describe('every secret of the server', () => {
  const secretKeys = configTable().flatMap(({ key, secret }) => (secret ? [key] : []))

  it('is planted: settings by the story of the canaries, files by their names', () => {
    expect(secretKeys.length).toBeGreaterThan(6)
    expect(unplantedSettings(readTree(), secretKeys)).toEqual([])
    expect(unplantedFiles(readTree())).toEqual([])
  })

  it('is missed when it is new and not planted', () => {
    expect(unplantedSettings(new Map([[story, 'env: { OTHER: x }']]), ['NEW_TOKEN'])).toEqual(['NEW_TOKEN'])
    const made = "await readOrMakeSecret(join(config.dataDir, 'sealing-secret'))"
    expect(unplantedFiles(new Map([['server/compose/x.ts', made]]))).toEqual(['sealing-secret'])
  })
})
