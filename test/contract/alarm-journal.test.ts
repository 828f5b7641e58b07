import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { MemoryJournal } from '#test/support/memory-journal.ts'
import { alarmJournalContract } from './alarm-journal.contract.ts'

alarmJournalContract(
  'in memory',
  () => {
    const journal = new MemoryJournal()
    return { alarms: journal, receipts: journal, nonces: journal }
  },
  null,
)

let file = ''
alarmJournalContract(
  'SQLite',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'journal-'))
    file = join(folder, 'journal.db')
    const journal = openJournal(file)
    onTestFinished(async () => {
      await journal.alarms[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    })
    return journal
  },
  async (was) => {
    await was.alarms[Symbol.asyncDispose]()
    const journal = openJournal(file)
    onTestFinished(() => journal.alarms[Symbol.asyncDispose]())
    return journal
  },
)
