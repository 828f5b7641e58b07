import { describe, expect, it } from 'vitest'
import { readTree } from './source-tree.ts'
import type { Tree } from './source-tree.ts'

/** The public key that an audit trail is verified with, and the code of a claim: one use, ten minutes, and GATEWAY_CLAIM takes it as well. */
const judged = new Set(['server/commands/audit.ts --key'])

/** Options by which a secret would stand in the list of processes. */
const secretOptions = (tree: Tree): readonly string[] =>
  [...tree]
    .filter(([path]) => /^(?:server|gateway)\/commands\/.*\.ts$/.test(path))
    .flatMap(([path, text]) =>
      [...text.matchAll(/--(?:[\w-]*(?:password|passphrase|secret|token|pepper)|(?:[\w-]+-)?key)\b/g)].map(
        ([option]) => `${path} ${option}`,
      ),
    )
    .filter((found) => !judged.has(found))

describe('command lines', () => {
  it('take no secret: everybody on a machine sees them', () => {
    expect(secretOptions(readTree())).toEqual([])
  })

  it.each(['--password', '--new-password WORD', '--token', '--patient-key FILE', '--pepper'])(
    'are caught with %s',
    (option) => {
      expect(secretOptions(new Map([['server/commands/x.ts', `usage: '  x ${option}'`]]))).toHaveLength(1)
    },
  )
})
