import { parseSync } from 'oxc-parser'

export interface ModuleImport {
  /** null when it is not a literal and nobody can tell what is imported. */
  readonly specifier: string | null
  readonly typeOnly: boolean
  /** A worker's file: it runs elsewhere, so it makes no cycle, but the law holds for it. */
  readonly worker: boolean
}

export interface Module {
  readonly path: string
  readonly imports: readonly ModuleImport[]
  readonly defaultExport: boolean
  /** Nothing but `export … from`, or an `export *`: a barrel. */
  readonly barrel: boolean
  readonly parseErrors: readonly string[]
}

export interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'

/** Every node of a syntax tree with its parent, parents first. */
export const visit = (node: Node, see: (node: Node, parent: Node | null) => void, parent: Node | null = null): void => {
  see(node, parent)
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const item of value) if (isNode(item)) visit(item, see, node)
    if (isNode(value)) visit(value, see, node)
  }
}

const literal = (node: unknown): string | null =>
  isNode(node) && node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : null

const isIdentifier = (node: unknown, name: string): boolean =>
  isNode(node) && node.type === 'Identifier' && node['name'] === name

/** Imports that only a look at the syntax tree finds: `import('x')`, types `import('x').Y`, `require('x')`, `new URL('x', import.meta.url)`. */
const expressionImports = (program: Node): readonly ModuleImport[] => {
  const found: ModuleImport[] = []
  visit(program, (node) => {
    const [first, second] = Array.isArray(node['arguments']) ? (node['arguments'] as readonly unknown[]) : []
    if (node.type === 'ImportExpression')
      found.push({ specifier: literal(node['source']), typeOnly: false, worker: false })
    else if (node.type === 'TSImportType')
      found.push({ specifier: literal(node['source'] ?? node['argument']), typeOnly: true, worker: false })
    else if (node.type === 'CallExpression' && isIdentifier(node['callee'], 'require'))
      found.push({ specifier: literal(first), typeOnly: false, worker: false })
    else if (node.type === 'NewExpression' && isIdentifier(node['callee'], 'URL') && isNode(second)) {
      const specifier = literal(first)
      const ours =
        second.type === 'MemberExpression' && isNode(second['object']) && second['object'].type === 'MetaProperty'
      if (ours && specifier !== null && /\.[cm]?[jt]sx?$/.test(specifier))
        found.push({ specifier, typeOnly: false, worker: true })
    }
  })
  return found
}

/** What one source text imports and exports. */
export const parseModule = (path: string, text: string): Module => {
  const result = parseSync(path, text)
  const program = result.program as unknown as Node & { readonly body: readonly Node[] }
  const imports = result.module.staticImports.map((item) => ({
    specifier: item.moduleRequest.value,
    typeOnly: item.entries.length > 0 && item.entries.every((entry) => entry.isType),
    worker: false,
  }))
  const exportEntries = result.module.staticExports.flatMap((item) => item.entries)
  const reexports = program.body.flatMap((node) => {
    const source = literal(node['source'])
    if (source === null || !node.type.startsWith('Export')) return []
    return [{ specifier: source, typeOnly: node['exportKind'] === 'type', worker: false }]
  })
  return {
    path,
    imports: [...imports, ...reexports, ...expressionImports(program)],
    defaultExport: exportEntries.some(
      ({ exportName }) => (exportName.kind as string) === 'Default' || exportName.name === 'default',
    ),
    barrel:
      program.body.some((node) => node.type === 'ExportAllDeclaration') ||
      (reexports.length > 0 && reexports.length === program.body.length),
    parseErrors: result.errors.map((error) => error.message),
  }
}

/** Each cycle once, as the paths along it. */
export const findCycles = (edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] => {
  const done = new Set<string>()
  const cycles: (readonly string[])[] = []
  const follow = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at !== -1) {
      cycles.push([...trail.slice(at), path])
      return
    }
    if (done.has(path)) return
    for (const next of edges.get(path) ?? []) follow(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) follow(path, [])
  return cycles
}
