import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { unassigned } from '#domain/assignment/assignment.ts'
import { isFault } from '#domain/audit/chain.ts'
import { PumpId } from '#domain/ids.ts'
import { chainHash } from '#server/adapters/sqlite/audit-trail.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { followTrail } from '#server/core/audit-follow.ts'
import { byAdmin } from '#test/support/acts.ts'
import { eventually } from '#test/support/eventually.ts'
import { Program } from '#test/support/program.ts'

const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'audit-kills-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

const linesOf = (program: Program): number => program.output.split('\n').length - 1

const rowsIn = (file: string, table: string): number => {
  const { database } = openJournal(file)
  const row = database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()
  database.close()
  return Number(row?.['rows'])
}

describe('a server that is killed between two of its commits', () => {
  it('has an audit row for each change and a change for each row, in a chain that holds', async () => {
    const file = join(folder(), 'journal.db')
    let told = 0
    for (const after of [1, 2, 3, 5, 8, 13]) {
      const writer = new Program({ name: 'writer', args: ['test/faults/audit-writer.ts', file] })
      onTestFinished(() => writer[Symbol.asyncDispose]())
      await eventually(() => linesOf(writer) >= after || !writer.running, { within: 60_000, every: 1, what: 'changes' })
      await writer.kill('SIGKILL')
      expect(linesOf(writer), writer.output).toBeGreaterThanOrEqual(after)
      told += linesOf(writer)
      const changes = rowsIn(file, 'office_change')
      expect(rowsIn(file, 'audit')).toBe(changes)
      // What was told is there; one more may have been stored and not told.
      expect(changes).toBeGreaterThanOrEqual(told)
      const { auditReader, database } = openJournal(file)
      expect(isFault(followTrail(auditReader, chainHash, new Map()))).toBe(false)
      database.close()
    }
  })
})

describe('a replacement of the patients’ key that is killed', () => {
  it('leaves every label readable at each kill, and ends when it is let', async () => {
    const dir = folder()
    const file = join(dir, 'journal.db')
    const pumps = 2000
    const journal = openJournal(file)
    await journal.assignments.put(
      Array.from({ length: pumps }, (_, place) => ({
        pumpId: PumpId.parse(`P-${place}`),
        expectedVersion: 0,
        details: { ...unassigned, label: `Home ${place}` },
        ...byAdmin,
      })),
    )
    journal.database.close()
    const readable = async (): Promise<number> => {
      const opened = openJournal(file)
      const labels = (await opened.assignments.current()).filter(({ details }) => details?.label !== null)
      expect(opened.patients.unreadable().rows).toBe(0)
      opened.database.close()
      return labels.length
    }
    const run = (): Program => {
      const program = new Program({
        name: 'rotation',
        args: ['server/main.ts', 'patients', 'rotate-key'],
        env: { DATA_DIR: dir },
      })
      onTestFinished(() => program[Symbol.asyncDispose]())
      return program
    }
    for (const lines of [0, 1, 3, 6]) {
      const killed = run()
      await eventually(() => linesOf(killed) >= lines || !killed.running, {
        within: 60_000,
        every: 1,
        what: 'the rotation to go on',
      })
      await killed.kill('SIGKILL')
      expect(await readable()).toBe(pumps)
    }
    const last = run()
    expect(await last.ended(60_000), last.output).toBe(0)
    expect(await readable()).toBe(pumps)
  })
})
