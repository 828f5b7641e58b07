import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { ServerConfig } from '../config.ts'

/** One sentence after `server`, such as `hub list`. */
export interface Command {
  readonly words: string
  /** Lines of `server --help`. */
  readonly usage: string
  /**
   * `args`: what follows the words. Resolves with the exit code: 0 done, 1 not done. Throws `ServerError` for what cannot be
   * done, and the TypeError of `parseArgs` for wrong use.
   */
  run(config: ServerConfig, args: readonly string[]): Promise<number>
}

/** `--name value` of each of these names; anything else is wrong use. */
export const optionsOf = <Name extends string>(
  args: readonly string[],
  ...names: readonly Name[]
): Readonly<Partial<Record<Name, string>>> => parse(args, names, false).values

/** The same with one word besides, such as a file. */
export const operandAndOptionsOf = <Name extends string>(args: readonly string[], ...names: readonly Name[]) => {
  const { values, positionals } = parse(args, names, true)
  return { operand: positionals.length === 1 ? (positionals[0] ?? null) : null, ...values }
}

const parse = <Name extends string>(args: readonly string[], names: readonly Name[], allowPositionals: boolean) => {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]))
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals, options })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- strict parsing lets no other name and no other type through
  return { values: values as Partial<Record<Name, string>>, positionals }
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Says what is wrong on standard error; the exit code of a command that did nothing. */
export const complain = (line: string): number => {
  process.stderr.write(`${line}\n`)
  return 1
}

export const serverVersion = (): string => {
  const file = join(import.meta.dirname, '..', '..', 'package.json')
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version
}
