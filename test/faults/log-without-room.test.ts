import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { repository } from '#test/support/program.ts'
import { fillDisk, mayMount, smallDisk } from '#test/support/small-disk.ts'

// A program's log is a file, and its disk takes nothing any more. What watches pumps must not stop for that.

const programs = ['gateway', 'server'] as const

/** A program whose standard output is this file. */
const writingTo = (file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const output = openSync(file, 'a')
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['pipe', output, 'pipe'],
  })
  closeSync(output)
  onTestFinished(() => void child.kill('SIGKILL'))
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  return { child, errors: () => errors }
}

describe('a log whose disk is full', () => {
  it.each(programs)('holds nobody up and ends nothing: %s', async (program) => {
    const { child, errors } = writingTo('/dev/full', ['test/support/log-writer.ts', program, '100'])
    await eventually(() => errors().includes('still here'), { within: 20_000, what: 'the last line to be over' })
    child.stdin?.end()
    await eventually(() => child.exitCode !== null, { within: 20_000 })
    expect(child.exitCode).toBe(0)
  })

  it.skipIf(!mayMount).each(programs)(
    'keeps a mebibyte until there is room, and says how much is missing then: %s (needs root to mount a small disk)',
    async (program) => {
      const lines = 3_000
      const disk = smallDisk(8)
      const file = join(disk, 'log')
      const hog = fillDisk(disk)
      const { child, errors } = writingTo(file, ['test/support/log-writer.ts', program, String(lines)])
      await eventually(() => errors().includes('still here'), { within: 20_000, what: 'the last line to be over' })
      hog[Symbol.dispose]()
      child.stdin?.write('\n')
      const written = (): readonly { readonly msg: string; readonly nth?: number; readonly lost?: number }[] =>
        readFileSync(file, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as { msg: string })
      await eventually(() => readFileSync(file, 'utf8').includes('could not be written'), { within: 20_000 })
      const all = written()
      const kept = all.flatMap(({ nth }) => (nth === undefined ? [] : [nth]))
      expect(kept).toEqual(Array.from({ length: kept.length }, (_, nth) => nth + 1))
      expect(kept.length).toBeGreaterThan(900)
      // The last of them, a fatal one, had no room either.
      const missing = all.find(({ msg }) => msg.includes('missing'))?.lost ?? 0
      const late = all.filter(({ msg }) => msg === 'one more' || msg === 'the last of them').length
      expect(kept.length + missing + late).toBe(lines + 2)
    },
  )

  it('does not keep the server from answering', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'log-without-room-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const port = await freePort()
    const env = { DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'trace' }
    const { child } = writingTo('/dev/full', ['server/main.ts'], env)
    const answers = async (): Promise<boolean> => {
      const answer = await fetch(`http://localhost:${port}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(
        () => null,
      )
      return answer?.ok === true
    }
    await eventually(answers, { within: 60_000, what: 'the server to answer' })
    // Each of them is logged.
    for (let nth = 0; nth < 20; nth += 1) await fetch(`http://localhost:${port}/api/v1/nowhere`)
    expect(await answers()).toBe(true)
    child.kill('SIGTERM')
    await eventually(() => child.exitCode !== null, { within: 20_000 })
    expect(child.exitCode).toBe(0)
  })
})
