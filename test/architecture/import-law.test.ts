import { describe, expect, it } from 'vitest'
import { breaches } from './import-law.ts'
import type { Rule } from './import-law.ts'
import { isCode, readTree } from './source-tree.ts'

const planted = (files: Readonly<Record<string, string>>): readonly Rule[] =>
  breaches(new Map(Object.entries(files))).map((violation) => violation.rule)

describe('the import law', () => {
  it('holds in every file of the repository', () => {
    const tree = readTree()
    const code = [...tree.keys()].filter(isCode)
    // A guard that sees nothing reports nothing: each part of the repository has to be in view.
    expect(code.length).toBeGreaterThan(30)
    for (const folder of ['domain/', 'gateway/', 'server/', 'scripts/', 'test/'])
      expect(code.filter((path) => path.startsWith(folder))).not.toEqual([])
    expect(breaches(tree)).toEqual([])
  })

  it.each<[string, Rule, string, string]>([
    ['the domain reaches for node', 'package', 'domain/x.ts', `import { readFileSync } from 'node:fs'`],
    ['the domain reaches for node in a type', 'package', 'domain/x.ts', `import type { Stats } from 'node:fs'`],
    ['the domain reaches for node late', 'package', 'domain/x.ts', `await import('node:fs')`],
    ['the domain names a type of node inline', 'package', 'domain/x.ts', `export type A = import('node:fs').Stats`],
    ['the domain requires', 'package', 'domain/x.ts', `declare const require: (x: string) => void\nrequire('node:fs')`],
    ['the domain re-exports a package', 'package', 'domain/x.ts', `export const a = 1\nexport { b } from 'pino'`],
    ['the domain knows a program', 'own file', 'domain/x.ts', `import { a } from '#gateway/core/ports.ts'`],
    ['the domain leaves by a relative path', 'alias', 'domain/x.ts', `import { a } from '../gateway/core/ports.ts'`],
    ['a core uses a package', 'package', 'gateway/core/x.ts', `import { pino } from 'pino'`],
    ['a core uses node', 'package', 'server/core/x.ts', `import { join } from 'node:path'`],
    ['a core runs zod', 'package', 'server/core/x.ts', `import { z } from 'zod'`],
    ['a core knows an adapter', 'own file', 'server/core/x.ts', `import { a } from '../adapters/y.ts'`],
    ['a core knows another program', 'own file', 'gateway/core/x.ts', `import type { A } from '#server/core/ports.ts'`],
    ['an adapter knows another', 'own file', 'gateway/adapters/x.ts', `import { a } from './y.ts'`],
    ['an adapter knows another folder', 'own file', 'gateway/adapters/a/x.ts', `import { a } from '../b/y.ts'`],
    ['an adapter uses a foreign library', 'package', 'gateway/adapters/x.ts', `import { Server } from 'socket.io'`],
    ['an adapter reads the configuration', 'own file', 'server/adapters/x.ts', `import { a } from '../config.ts'`],
    [
      'an adapter starts a foreign worker',
      'own file',
      'gateway/adapters/x.ts',
      `new URL('../main.ts', import.meta.url)`,
    ],
    ['a route touches an adapter', 'own file', 'server/http/routes/x.ts', `import { a } from '../../adapters/y.ts'`],
    ['a route touches the database', 'package', 'server/http/x.ts', `import { DatabaseSync } from 'node:sqlite'`],
    ['the screen core draws', 'package', 'dashboard/src/core/x.ts', `import { h } from 'preact'`],
    ['the screen opens a socket', 'package', 'dashboard/src/ui/x.tsx', `import { io } from 'socket.io-client'`],
    [
      'the screen knows an adapter',
      'own file',
      'dashboard/src/ui/x.tsx',
      `import { a } from '#dashboard/adapters/y.ts'`,
    ],
    ['a browser adapter draws', 'own file', 'dashboard/src/adapters/x.ts', `import { a } from '#dashboard/ui/y.tsx'`],
    ['the browser reads the server', 'own file', 'dashboard/src/main.tsx', `import { a } from '#server/config.ts'`],
    ['a composition knows another program', 'own file', 'server/compose.ts', `import { a } from '#gateway/config.ts'`],
    ['a composition uses a wrapped library', 'package', 'server/main.ts', `import { Server } from 'socket.io'`],
    ['a simulator knows the gateway', 'own file', 'simulators/demo.ts', `import { a } from '#gateway/compose.ts'`],
    ['a script knows a program', 'own file', 'scripts/x.mjs', `import { a } from '#server/config.ts'`],
    ['a script uses a package', 'package', 'scripts/x.mjs', `import { pino } from 'pino'`],
    ['a program imports a test', 'own file', 'gateway/main.ts', `import { a } from '#test/support/eventually.ts'`],
    ['a program imports a script', 'own file', 'gateway/main.ts', `import { a } from '../scripts/bootstrap.mjs'`],
    ['an import hides its name', 'unreadable import', 'server/main.ts', `const a = 'x'\nawait import(a)`],
    ['a default export', 'default export', 'server/core/x.ts', `export default 1`],
    ['a default export under another name', 'default export', 'domain/x.ts', `const a = 1\nexport { a as default }`],
    ['a barrel by content', 'barrel', 'domain/x.ts', `export { a } from './y.ts'\nexport type { B } from './z.ts'`],
    ['a star export', 'barrel', 'domain/x.ts', `export const a = 1\nexport * from './y.ts'`],
    ['a barrel by name', 'barrel', 'domain/index.ts', `export const a = 1`],
    ['a new folder', 'unknown folder', 'tools/x.ts', `export const a = 1`],
    ['a new folder in a program', 'unknown folder', 'server/helpers/x.ts', `export const a = 1`],
    ['a new file beside a program', 'unknown folder', 'gateway/util.ts', `export const a = 1`],
    ['a file that does not parse', 'not parsed', 'domain/x.ts', `export const = 1`],
  ])('catches: %s', (_, rule, path, text) => {
    expect(planted({ [path]: text })).toContain(rule)
  })

  it('catches a cycle, one made of types alone too', () => {
    const files = {
      'domain/a.ts': `import { b } from './b.ts'\nexport const a = b`,
      'domain/b.ts': `import type { C } from '#domain/c.ts'\nexport const b: C = 1`,
      'domain/c.ts': `import type { a } from './a.ts'\nexport type C = typeof a`,
    }
    expect(planted(files)).toEqual(['cycle'])
  })

  it('lets pass what the law allows', () => {
    const files = {
      'domain/a.ts': `import { z } from 'zod'\nexport const a = z`,
      'gateway/core/a.ts': `import { a } from '#domain/a.ts'\nimport type { z } from 'zod'\nexport const b: typeof z = a`,
      'gateway/adapters/box/a.ts': `export const b = new URL('./b.ts', import.meta.url)`,
      'gateway/adapters/box/b.ts': `import { b } from './a.ts'\nimport { join } from 'node:path'\nexport const c = [b, join]`,
      'gateway/compose.ts': `import { b } from './adapters/box/a.ts'\nexport const c = b`,
      'vitest.config.ts': `import { defineConfig } from 'vitest/config'\nexport default defineConfig({})`,
    }
    expect(planted(files)).toEqual([])
  })
})
