import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Program } from '#test/support/program.ts'

const settleMs = 3_000

/** The same Node on a `.ts` file that does nothing but stay, with no flags and no caches, for comparison. */
export const startEmptyProcess = async (
  folder: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Program> => {
  const file = join(folder, 'empty.ts')
  writeFileSync(file, 'setInterval(() => {}, 1e9)\n')
  const program = new Program({ name: 'empty', args: [...args, file], env })
  await pause(settleMs)
  return program
}
