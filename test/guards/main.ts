// Switches off one guard after the other in a copy of the repository and runs the test that has to see it: `node test/guards/main.ts [part of a
// name …]`. Ends with 1 when one of them goes unseen.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '#test/support/program.ts'
import { guards } from './guards.ts'
import type { Guard } from './guards.ts'

const left = ['node_modules', '.git', 'dashboard/node_modules']
const copyOf = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'guards-'))
  cpSync(repository, folder, {
    recursive: true,
    filter: (from) => !left.some((one) => from === join(repository, one)),
  })
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

type Verdict = 'seen' | 'NOT SEEN' | 'no such test'

/** `seen`: a test ran and failed. */
const verdictOn = (folder: string, { seenBy: [project, file, title] }: Guard): Verdict => {
  const report = join(folder, 'report.json')
  rmSync(report, { force: true })
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs')
  const pattern = title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  spawnSync(
    process.execPath,
    [vitest, 'run', '--project', project, file, '--reporter', 'json', '--outputFile', report, '-t', pattern],
    { cwd: folder, stdio: 'ignore' },
  )
  const { numFailedTests, numPassedTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>
  if ((numFailedTests ?? 0) > 0) return 'seen'
  return (numPassedTests ?? 0) > 0 ? 'NOT SEEN' : 'no such test'
}

const wanted = process.argv.slice(2)
const folder = copyOf()
try {
  for (const guard of guards) {
    const { name, file, from, to, seenBy } = guard
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue
    const path = join(folder, file)
    const whole = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      whole.replace(from, () => to),
    )
    const verdict = verdictOn(folder, guard)
    writeFileSync(path, whole)
    if (verdict !== 'seen') process.exitCode = 1
    process.stdout.write(`${verdict}: ${name} (${seenBy[1]}, ${JSON.stringify(seenBy[2])})\n`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
