import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { LaneFiles } from '#gateway/adapters/sqlite-outbox/lane-files.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { conditionRecord } from '#test/support/gateway-records.ts'
import { eventually } from '#test/support/eventually.ts'

const root = join(import.meta.dirname, '../..')
const kills = 8
/** Acknowledged records between start and kill: the kill falls into the middle of commits. */
const recordsPerLife = [40, 300]

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-kill-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const acknowledgedIn = async (file: string): Promise<readonly number[]> =>
  existsSync(file) ? (await readFile(file, 'utf8')).split('\n').filter(Boolean).map(Number) : []

describe('SIGKILL', () => {
  it('never takes an acknowledged record, and leaves no hole in a boot’s numbers', async () => {
    const folder = await folderForTest()
    const log = join(folder, 'acknowledged')
    for (let life = 0; life < kills; life += 1) {
      const before = (await acknowledgedIn(log)).length
      const wanted = before + recordsPerLife[life % recordsPerLife.length]!
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', 'test/faults/gateway-outbox-writer.ts', join(folder, 'outbox'), log],
        { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
      )
      const exited = new Promise<NodeJS.Signals | number | null>((resolve) =>
        child.once('exit', (code, signal) => resolve(signal ?? code)),
      )
      await eventually(async () => (await acknowledgedIn(log)).length >= wanted, { within: 20_000 })
      child.kill('SIGKILL')
      expect(await exited).toBe('SIGKILL')
    }

    const acknowledged = await acknowledgedIn(log)
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
    await using outbox = await openSqliteOutbox({
      folder: join(folder, 'outbox'),
      bootId: BootId.parse('boot-after'),
      quarantined: (notice) => expect.unreachable(`row ${notice.seq} was set aside: ${notice.reason}`),
      salvaged: () => expect.unreachable('a file was damaged'),
      died: () => {},
    })
    const kept = [...(await outbox.peek('alarm', 1_000_000)), ...(await outbox.peek('telemetry', 1_000_000))]
    const keptSeqs = new Set(kept.map(({ seq }) => seq))
    expect(acknowledged.filter((seq) => !keptSeqs.has(seq))).toEqual([])
    for (const boot of new Set(kept.map(({ bootId }) => bootId))) {
      const seqs = kept.filter(({ bootId }) => bootId === boot).map(({ seq }) => seq)
      expect(Math.max(...seqs) - Math.min(...seqs) + 1).toBe(seqs.length)
    }
    console.log(`${kills} kills, ${acknowledged.length} acknowledged records, 0 lost`)
  })
})

describe('an I/O error in a commit', () => {
  it('ends the process at once: no retry, no close', async () => {
    const folder = await folderForTest()
    const deaths: unknown[] = []
    const files = new LaneFiles({
      folder,
      bootId: BootId.parse('boot-1'),
      die: (error) => {
        deaths.push(error)
        throw error
      },
    })
    files.append('alarm', [conditionRecord()])
    // A lock that another connection holds fails the commit with a code that is neither success nor "full".
    using other = new DatabaseSync(join(folder, 'alarm.db'))
    other.exec('BEGIN IMMEDIATE')
    expect(() => files.append('alarm', [conditionRecord()])).toThrow()
    expect(deaths).toHaveLength(1)
    other.exec('ROLLBACK')
  })

  it('is told from a full disk, which is refused and leaves nothing behind', async () => {
    const folder = await folderForTest()
    using files = new LaneFiles({
      folder,
      bootId: BootId.parse('boot-1'),
      die: (error) => {
        throw new Error('died', { cause: error })
      },
    })
    files.append('alarm', [conditionRecord()])
    // The file may not grow any more: what SQLite answers is what a full disk answers.
    files.alarm.limitPages(files.alarm.pages)
    const many = Array.from({ length: 500 }, () => conditionRecord())
    expect(() => files.append('alarm', many)).toThrow(expect.objectContaining({ code: 'GW_OUTBOX_FULL' }))
    expect(files.alarm.rows).toBe(1)
    files.alarm.limitPages(1_000_000)
    expect(files.append('alarm', [conditionRecord()])).toEqual([2])
  })
})
