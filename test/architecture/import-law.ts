import { posix } from 'node:path'
import { findCycles, parseModule } from './module-graph.ts'
import type { Module, ModuleImport } from './module-graph.ts'
import { isCode } from './source-tree.ts'
import type { Tree } from './source-tree.ts'
import { zones } from './zones.ts'
import type { Zone } from './zones.ts'

export type Rule =
  | 'unknown folder'
  | 'not parsed'
  | 'own file'
  | 'package'
  | 'unreadable import'
  | 'alias'
  | 'cycle'
  | 'barrel'
  | 'default export'

export interface Violation {
  readonly rule: Rule
  readonly file: string
  readonly detail: string
}

const aliases: Readonly<Record<string, string>> = {
  '#domain/': 'domain/',
  '#gateway/': 'gateway/',
  '#server/': 'server/',
  '#dashboard/': 'dashboard/src/',
  '#simulators/': 'simulators/',
  '#test/': 'test/',
}

const topOf = (path: string): string => path.split('/')[0] ?? path

const zoneOf = (path: string): Zone | undefined => zones.find((zone) => zone.files.test(path))

type Target = { readonly kind: 'own'; readonly path: string } | { readonly kind: 'package'; readonly name: string }

const resolve = (from: string, specifier: string): Target => {
  if (specifier.startsWith('.')) return { kind: 'own', path: posix.join(posix.dirname(from), specifier) }
  const alias = Object.entries(aliases).find(([prefix]) => specifier.startsWith(prefix))
  if (alias !== undefined) return { kind: 'own', path: alias[1] + specifier.slice(alias[0].length) }
  return { kind: 'package', name: specifier }
}

/** Both are files of one adapter: `adapters/sqlite-outbox/worker.ts` and its neighbours. */
const sameAdapter = (from: string, to: string): boolean => {
  const folder = /^(?:gateway|server|simulators|dashboard\/src)\/adapters\/[^/]+\//.exec(from)?.[0]
  return folder !== undefined && to.startsWith(folder)
}

const judgeImport = (zone: Zone, from: string, { specifier, typeOnly }: ModuleImport): readonly Violation[] => {
  const violation = (rule: Rule, detail: string): readonly Violation[] => [{ rule, file: from, detail }]
  if (specifier === null) return zone.name === 'test' ? [] : violation('unreadable import', 'import of a computed name')
  const target = resolve(from, specifier)
  if (target.kind === 'package') {
    const allowed = typeOnly ? [...zone.packages, ...(zone.typesOf ?? [])] : zone.packages
    return allowed.some((pattern) => pattern.test(target.name)) ? [] : violation('package', specifier)
  }
  const hasAlias = Object.values(aliases).some((folder) => target.path.startsWith(folder))
  if (specifier.startsWith('.') && hasAlias && topOf(target.path) !== topOf(from)) return violation('alias', specifier)
  const allowed = zone.mayImport.some((pattern) => pattern.test(target.path)) || sameAdapter(from, target.path)
  return allowed ? [] : violation('own file', specifier)
}

const judgeModule = (module: Module): readonly Violation[] => {
  const zone = zoneOf(module.path)
  if (zone === undefined) return [{ rule: 'unknown folder', file: module.path, detail: 'no zone has rules for it' }]
  const found: Violation[] = module.imports.flatMap((item) => judgeImport(zone, module.path, item))
  const add = (rule: Rule, detail: string): void => void found.push({ rule, file: module.path, detail })
  for (const message of module.parseErrors) add('not parsed', message)
  if (module.defaultExport && zone.defaultExport !== true) add('default export', 'export by name')
  if (module.barrel || /(^|\/)index\.[cm]?[jt]sx?$/.test(module.path)) add('barrel', 'import the file that has it')
  return found
}

/** Everything in the tree that breaks the import law. */
export const breaches = (tree: Tree): readonly Violation[] => {
  const modules = [...tree].filter(([path]) => isCode(path)).map(([path, text]) => parseModule(path, text))
  const edges = new Map(
    modules.map((module) => [
      module.path,
      module.imports.flatMap(({ specifier, worker }) => {
        const target = specifier === null || worker ? null : resolve(module.path, specifier)
        return target?.kind === 'own' && tree.has(target.path) ? [target.path] : []
      }),
    ]),
  )
  const cycles = findCycles(edges).map((cycle): Violation => ({
    rule: 'cycle',
    file: cycle[0] ?? '',
    detail: cycle.join(' → '),
  }))
  return [...modules.flatMap(judgeModule), ...cycles]
}
