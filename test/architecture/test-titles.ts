import { parseSync } from 'oxc-parser'
import { isNode, visit } from './module-graph.ts'
import type { Node } from './module-graph.ts'

const isTest = (callee: unknown): boolean => {
  if (!isNode(callee)) return false
  if (callee.type === 'Identifier') return ['it', 'describe'].includes(String(callee['name']))
  if (callee.type === 'CallExpression') return isTest(callee['callee'])
  return callee.type === 'MemberExpression' && isTest(callee['object'])
}

const textOf = (node: unknown): string => {
  if (!isNode(node)) return ''
  if (node.type === 'Literal') return String(node['value'])
  const parts = node.type === 'TemplateLiteral' ? (node['quasis'] as { value: { raw: string } }[]) : []
  return parts.map(({ value }) => value.raw).join('…')
}

/** Titles of a file's tests and of their groups; what is filled in at run time is `…`. */
export const titlesOf = (path: string, source: string): readonly string[] => {
  const found: string[] = []
  visit(parseSync(path, source).program as unknown as Node, (node) => {
    if (node.type !== 'CallExpression' || !isTest(node['callee'])) return
    const title = textOf((node['arguments'] as readonly unknown[])[0])
    if (title !== '') found.push(title)
  })
  return found
}
