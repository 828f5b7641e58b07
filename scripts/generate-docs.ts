// Writes docs/configuration.md from the schemas that the programs read their settings with.
// `--check` writes nothing and fails when the page is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configTable } from '#server/config.ts'

const page = fileURLToPath(new URL('../docs/configuration.md', import.meta.url))

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

/** The whole page as it has to be in docs/configuration.md. */
export const configurationPage = (): string => `# Configuration

<!-- Written by \`npm run docs\` from the programs' own schemas; edit those. -->

Every problem of a configuration is reported at once, by the name of the setting, and secrets are never printed.

## Server

Read from the environment. An empty value counts as not set.

${table(['variable', 'default', 'meaning'], serverRows())}
`

if (import.meta.main) {
  if (!process.argv.includes('--check')) writeFileSync(page, configurationPage())
  else if (readFileSync(page, 'utf8') !== configurationPage()) {
    process.stderr.write('docs/configuration.md is stale: run "npm run docs"\n')
    process.exitCode = 1
  }
}
