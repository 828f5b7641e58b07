import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { LaneFiles } from '#gateway/adapters/sqlite-outbox/lane-files.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'
import { conditionRecord } from '#test/support/gateway-records.ts'

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-kill-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

describe('an I/O error in a commit', () => {
  it('ends the process at once: no retry, no close', async () => {
    const folder = await folderForTest()
    const deaths: unknown[] = []
    const files = new LaneFiles({
      folder,
      bootId: BootId.parse('boot-1'),
      limits: smallOutbox,
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
      limits: smallOutbox,
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
