import { parseSync } from 'oxc-parser'
import { isNode, visit } from './module-graph.ts'
import type { Node } from './module-graph.ts'
import type { Tree } from './source-tree.ts'

/**
 * Names of what a line of the log may tell (security.md 11): ids, codes, counts, places, addresses of machines. Nothing here is a
 * word about a patient or a secret; a new name is judged before it is added.
 */
export const tellable: ReadonlySet<string> = new Set(
  `address alarms before bootId broker build bytes changed channel check claimId clock code conditions count detail deviceId duty err factors
  failing fault file from heldBack host hub hubId hubs keyId keyIds lane lost mended ms needed node oldKeyId oldUntil origin path
  place places platform port ports problem program proxies pumpId pumps quality reason reasons refusal refusesAlarms roots row rows
  seq server setAside signal sounding stuck teamId telemetry tls to topic trace trouble userId validTo what why`.split(
    /\s+/,
  ),
)

/** Whole objects that are told, each judged: strict bodies for simulated pumps, ids of an enrolment, a step of the clock, a row that was set aside. */
const tellableWhole: ReadonlySet<string> = new Set([
  'gateway/compose.ts ...notice',
  'gateway/compose/hub-clock.ts ...step',
  'server/core/channels/fan-out.ts ...facts',
  'server/core/channels/fan-out.ts facts',
  'server/http/routes/hub-uplink.ts ...enrolled',
  'server/http/routes/simulators.ts ...request.body',
  'server/http/routes/simulators.ts ...body',
])

const levels = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])

const textOf = (source: string, node: unknown): string =>
  isNode(node) ? source.slice(Number(node['start']), Number(node['end'])) : ''

/** Names that are bound to fixed texts in a file, and to nothing else. */
const fixedTexts = (program: Node): ReadonlySet<string> => {
  const fixed = new Map<string, boolean>()
  visit(program, (node) => {
    if (node.type !== 'VariableDeclarator' || !isNode(node['id']) || node['id'].type !== 'Identifier') return
    const name = String(node['id']['name'])
    const isText = isNode(node['init']) && node['init'].type === 'Literal'
    fixed.set(name, isText && fixed.get(name) !== false)
  })
  return new Set([...fixed].flatMap(([name, isFixed]) => (isFixed ? [name] : [])))
}

const isLogCall = (node: Node, source: string): boolean => {
  const callee = node['callee']
  if (node.type !== 'CallExpression' || !isNode(callee) || callee.type !== 'MemberExpression') return false
  const property = callee['property']
  return isNode(property) && levels.has(String(property['name'])) && /\blog$/i.test(textOf(source, callee['object']))
}

const factProblems = (path: string, source: string, facts: unknown): readonly string[] => {
  if (!isNode(facts) || facts.type === 'Literal') return []
  if (facts.type !== 'ObjectExpression') {
    const whole = `${path} ${textOf(source, facts)}`
    return tellableWhole.has(whole) ? [] : [`${whole} is told whole`]
  }
  return (facts['properties'] as readonly Node[]).flatMap((property) => {
    const text = textOf(source, property)
    if (property.type === 'SpreadElement')
      return tellableWhole.has(`${path} ${text}`) ? [] : [`${path} ${text} is told whole`]
    const key = property['key']
    const name = isNode(key) ? String(key['name'] ?? key['value']) : ''
    return tellable.has(name) ? [] : [`${path} tells ${name}`]
  })
}

const sentenceProblems = (
  path: string,
  source: string,
  sentence: unknown,
  fixed: ReadonlySet<string>,
): readonly string[] => {
  if (!isNode(sentence) || sentence.type === 'Literal') return []
  const text = textOf(source, sentence)
  return fixed.has(text) ? [] : [`${path} says ${text}, which is no fixed sentence`]
}

/** Lines of the programs' logs that tell what is not on the list, or whose sentence is made up of parts. */
export const logProblems = (tree: Tree): readonly string[] =>
  [...tree]
    .filter(([path]) => /^(?:server|gateway)\/.*\.ts$/.test(path))
    .flatMap(([path, source]) => {
      const { program } = parseSync(path, source)
      const root = program as unknown as Node
      const fixed = fixedTexts(root)
      const found: string[] = []
      visit(root, (node) => {
        if (!isLogCall(node, source)) return
        const [first, second] = node['arguments'] as readonly unknown[]
        const isSentence = isNode(first) && first.type === 'TemplateLiteral'
        found.push(...(isSentence ? sentenceProblems(path, source, first, fixed) : factProblems(path, source, first)))
        found.push(...sentenceProblems(path, source, second, fixed))
      })
      return found
    })
