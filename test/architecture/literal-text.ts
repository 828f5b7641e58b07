import { parseSync } from 'oxc-parser'
import { isNode, visit } from './module-graph.ts'
import type { Node } from './module-graph.ts'

/** Attributes that somebody reads or hears. */
const spoken = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'aria-placeholder',
  'title',
  'alt',
  'placeholder',
  'label',
])

/** Symbols of units are the same in every language. */
const units = /(?<!\p{L})(?:mL\/h|mL|mmHg|min|ms|kB|Hz|dB)(?!\p{L})/gu

const wordy = (text: unknown): text is string =>
  typeof text === 'string' && /\p{L}{2,}/u.test(text.replaceAll(units, ''))

const nodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : [])

/** Text that an expression may put on the screen as it stands: literals, also inside `a ? b : c`, `a && b` and templates. */
const textsOf = (node: unknown): readonly string[] => {
  if (!isNode(node)) return []
  switch (node.type) {
    case 'Literal':
      return wordy(node['value']) ? [node['value']] : []
    case 'TemplateLiteral':
      return nodes(node['quasis']).flatMap((part) => {
        const { raw } = (part['value'] ?? {}) as { readonly raw?: unknown }
        return wordy(raw) ? [raw] : []
      })
    case 'ConditionalExpression':
      return [...textsOf(node['consequent']), ...textsOf(node['alternate'])]
    case 'LogicalExpression':
      return [...textsOf(node['left']), ...textsOf(node['right'])]
    case 'BinaryExpression':
      return node['operator'] === '+' ? [...textsOf(node['left']), ...textsOf(node['right'])] : []
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
      return textsOf(node['expression'])
  }
  return []
}

const nameOf = (node: unknown): string => (isNode(node) && typeof node['name'] === 'string' ? node['name'] : '')

/** Words that stand in a component instead of in the messages: another language could never replace them. */
export const literalTexts = (path: string, source: string): readonly string[] => {
  const { program } = parseSync(path, source)
  const found: string[] = []
  visit(program as unknown as Node, (node, parent) => {
    if (node.type === 'JSXText' && wordy(node['value'])) found.push(node['value'].trim())
    if (node.type === 'JSXExpressionContainer' && parent?.type === 'JSXElement') found.push(...textsOf(node))
    if (node.type === 'JSXExpressionContainer' && parent?.type === 'JSXFragment') found.push(...textsOf(node))
    if (node.type === 'JSXAttribute' && spoken.has(nameOf(node['name']))) found.push(...textsOf(node['value']))
  })
  return found
}

/** Imports by which words would come into a component past the language that was chosen. */
export const wordImports = (source: string): readonly string[] =>
  [...source.matchAll(/^import (?!type)[^;\n]*from '([^']*)'/gm)].flatMap(([, from = '']) =>
    /#dashboard\/core\/(messages|[\w-]*words)\.ts$|#domain\/.*words\.ts$|#domain\/alarm\/(?:catalogue|advice)\.ts$/.test(
      from,
    )
      ? [from]
      : [],
  )
