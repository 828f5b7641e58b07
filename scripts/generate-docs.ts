// Writes docs/configuration.md and docs/scenario.schema.json from the schemas that the programs read their files with.
// `--check` writes nothing and fails when one of them is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import { ConfigSchema, environmentTable } from '#gateway/config.ts'
import { configTable } from '#server/config.ts'
import { ScenarioFile } from '#simulators/scenario-file.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text: string): string => `\`${text}\``

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

const serverRows = (): readonly (readonly string[])[] =>
  configTable().map((row) => [
    code(row.key),
    row.default === null ? '' : code(row.default),
    row.secret ? `${row.description} Secret.` : row.description,
  ])

/** The part of JSON Schema that zod writes for the gateway's file. */
interface Schema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
}

const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.string().exactOptional(),
    description: z.string().exactOptional(),
    default: z.unknown().exactOptional(),
    enum: z.array(z.unknown()).exactOptional(),
    const: z.unknown().exactOptional(),
    anyOf: z.array(Schema).exactOptional(),
    minimum: z.number().exactOptional(),
    maximum: z.number().exactOptional(),
    properties: z.record(z.string(), Schema).exactOptional(),
    required: z.array(z.string()).exactOptional(),
    items: Schema.exactOptional(),
  }),
)

const valuesOf = (schema: Schema): string => {
  const choices = schema.enum ?? schema.anyOf?.map((option) => option.const)
  if (choices !== undefined) return choices.map((choice) => code(textOf(choice))).join(', ')
  if (schema.type === 'integer') return `whole number, ${schema.minimum} to ${schema.maximum}`
  if (schema.type === 'boolean') return '`true`, `false`'
  return schema.type === 'array' ? 'list' : schema.type === 'object' ? '' : 'text'
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** One row per setting, a setting inside a list written as `list[].setting`. */
const gatewayRows = (schema: Schema, path = ''): readonly (readonly string[])[] =>
  Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = `${path}${key}`
    const hasDefault = property.default !== undefined && !['[]', '""'].includes(JSON.stringify(property.default))
    const must = schema.required?.includes(key) ? 'required' : ''
    const inside =
      property.items === undefined ? gatewayRows(property, `${name}.`) : gatewayRows(property.items, `${name}[].`)
    const own = [
      code(name),
      hasDefault ? code(textOf(property.default)) : must,
      valuesOf(property),
      property.description ?? '',
    ]
    return [own, ...inside]
  })

const gatewaySchema = (): Schema =>
  Schema.parse(z.toJSONSchema(ConfigSchema(profiles), { io: 'input', unrepresentable: 'any' }))

const protocolRows = (): readonly (readonly string[])[] =>
  [...profiles.values()].flatMap(({ id, settings }) => {
    const rows = gatewayRows(Schema.parse(z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })))
    return rows.length === 0 ? [[code(id), '', '', '', 'Nothing to choose.']] : rows.map((row) => [code(id), ...row])
  })

/** The whole page as it has to be in docs/configuration.md. */
export const configurationPage = (): string => `# Configuration

<!-- Written by \`npm run docs\` from the programs' own schemas; edit those. -->

Every problem of a configuration is reported at once, by the name of the setting, and secrets are never printed.

## Server

Read from the environment. An empty value counts as not set.

${table(['variable', 'default', 'meaning'], serverRows())}

## Gateway

Read from a YAML or JSON file. A setting that is not listed here is refused.

${table(['setting', 'default', 'values', 'meaning'], gatewayRows(gatewaySchema()))}

\`ports[].settings\` by protocol:

${table(['protocol', 'setting', 'default', 'values', 'meaning'], protocolRows())}

\`--config FILE\` or the variable \`GATEWAY_CONFIG\` names the file. Other variables win over what it says:

${table(
  ['variable', 'meaning'],
  Object.entries(environmentTable).map(([name, meaning]) => [code(name), meaning]),
)}
`

/** For editors: what a scenario file may say. */
const scenarioSchema = (): string =>
  `${JSON.stringify(z.toJSONSchema(ScenarioFile, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`

const pages: readonly (readonly [name: string, content: () => string])[] = [
  ['configuration.md', configurationPage],
  ['scenario.schema.json', scenarioSchema],
]

if (import.meta.main)
  for (const [name, content] of pages) {
    const path = fileURLToPath(new URL(`../docs/${name}`, import.meta.url))
    if (!process.argv.includes('--check')) writeFileSync(path, content())
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== content()) {
      process.stderr.write(`docs/${name} is stale: run "npm run docs"\n`)
      process.exitCode = 1
    }
  }
