import { parseSync } from 'oxc-parser'
import { isNode, visit } from './module-graph.ts'
import type { Node } from './module-graph.ts'
import { isCode } from './source-tree.ts'
import type { Tree } from './source-tree.ts'

export interface Finding {
  readonly file: string
  readonly line: number
  readonly what: string
}

/** Time, chance and the outside world come into these folders as arguments. */
const isPure = (path: string): boolean => /^(domain|(gateway|server|simulators|dashboard\/src)\/core)\//.test(path)

const impureGlobals = new Set([
  'Date',
  'Temporal',
  'performance',
  'crypto',
  'process',
  'globalThis',
  'window',
  'self',
  'console',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'requestAnimationFrame',
  'queueMicrotask',
  'Buffer',
])

/** A name that only labels something: a property, a key, a member's name in a type. */
const isLabel = (node: Node, parent: Node | null): boolean => {
  if (parent === null || parent['computed'] === true) return false
  if (parent.type === 'MemberExpression') return parent['property'] === node
  if (parent.type === 'TSQualifiedName') return parent['right'] === node
  return parent['key'] === node && parent['shorthand'] !== true
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** Clocks, timers, randomness and globals of a platform in the pure folders. */
export const impurities = (tree: Tree): readonly Finding[] =>
  [...tree]
    .filter(([path]) => isCode(path) && isPure(path))
    .flatMap(([path, text]) => {
      const found: Finding[] = []
      visit(parseSync(path, text).program as unknown as Node, (node, parent) => {
        if (node.type !== 'Identifier' || isLabel(node, parent)) return
        const name = String(node['name'])
        const line = lineAt(text, Number(node['start']))
        if (impureGlobals.has(name) && !isCalendar(path, node, parent)) found.push({ file: path, line, what: name })
        // `Math` by itself could be given another name and asked for `random` there.
        if (name === 'Math' && !hasHarmlessMember(node, parent, 'random'))
          found.push({ file: path, line, what: 'Math.random' })
      })
      return found
    })

const hasHarmlessMember = (node: Node, parent: Node | null, harmful: string): boolean => {
  const named = parent?.type === 'MemberExpression' && parent['object'] === node && parent['computed'] !== true
  const property = named ? parent['property'] : null
  return isNode(property) && property['name'] !== harmful
}

/** `Temporal` reckons with days and zones where the import law lets its package in; `Temporal.Now` is a clock (adr/0020). */
const isCalendar = (path: string, node: Node, parent: Node | null): boolean =>
  path.startsWith('domain/on-call/') &&
  node['name'] === 'Temporal' &&
  (parent?.type === 'ImportSpecifier' || parent?.type === 'TSQualifiedName' || hasHarmlessMember(node, parent, 'Now'))

/** This rule and its planted cases name what they look for. */
const ownFiles = /^test\/architecture\/hygiene(\.test)?\.ts$/

const patterns: readonly { readonly what: string; readonly in: RegExp; readonly pattern: RegExp }[] = [
  { what: 'machine path', in: /./, pattern: /(?<![\w.])\/(?:(?:home|Users)\/\w|work\/|root\/)/ },
  { what: 'unfinished mark', in: /./, pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/ },
  {
    what: 'test switched off or singled out',
    in: /^test\//,
    pattern: /\b(?:it|test|describe)\.(?:skip|only|todo|fails)\b/,
  },
  {
    // The one file checks chain, name, key and dates itself (docs/adr/0015).
    what: 'TLS without verification',
    in: /^(?!gateway\/adapters\/http-uplink\/dateless-connect\.ts$)(?!.*\.md$)/,
    pattern:
      /rejectUnauthorized['"]?\s*[:=](?!\s*true\b)|NODE_TLS_REJECT_UNAUTHORIZED|checkServerIdentity\s*[:=]\s*\(\)\s*=>\s*(?:undefined|null|\{\s*\})/,
  },
  { what: 'code hidden from coverage', in: /./, pattern: /(?:v8|c8|istanbul|node:coverage) ignore/ },
  { what: 'compiler switched off', in: /./, pattern: /@ts-(?:ignore|nocheck)/ },
  { what: 'linter switched off without a reason', in: /./, pattern: /(?:es|ox)lint-disable(?!-next-line .* -- \w)/ },
]

/** Words that do not belong into a finished file. */
export const marks = (tree: Tree): readonly Finding[] =>
  [...tree].flatMap(([file, text]) =>
    text
      .split('\n')
      .flatMap((content, index) =>
        patterns
          .filter((candidate) => !ownFiles.test(file) && candidate.in.test(file) && candidate.pattern.test(content))
          .map(({ what }) => ({ file, line: index + 1, what })),
      ),
  )

/** Source files (tests apart) longer than `limit` lines, with their length as the line. */
export const longFiles = (tree: Tree, limit: number): readonly Finding[] =>
  [...tree]
    .filter(([path]) => isCode(path) && !path.startsWith('test/'))
    .map(([file, text]) => ({ file, line: text.trimEnd().split('\n').length, what: `more than ${limit} lines` }))
    .filter((finding) => finding.line > limit)
