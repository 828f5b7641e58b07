import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '#server/adapters/sqlite/database.ts'
import * as sql from '#server/adapters/sqlite/journal-sql.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'

const newFile = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'deep', 'test.db')
}
const table = { name: 'table', sql: 'CREATE TABLE t (a INTEGER NOT NULL) STRICT' }

const plan = (database: DatabaseSync, statement: string) =>
  database
    .prepare(`EXPLAIN QUERY PLAN ${statement}`)
    .all()
    .map((row) => String(row['detail']))

describe('an SQLite file', () => {
  it('is WAL and synchronous=FULL, makes its folder and runs each migration once', () => {
    const file = newFile()
    openDatabase(file, [table]).close()
    const database = openDatabase(file, [table, { name: 'more', sql: 'INSERT INTO t VALUES (1)' }])
    onTestFinished(() => database.close())
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    expect(database.prepare('SELECT a FROM t').all()).toEqual([{ a: 1 }])
  })

  it('is refused when a newer release wrote it', () => {
    const file = newFile()
    openDatabase(file, [table, { name: 'more', sql: 'SELECT 1' }]).close()
    expect(() => openDatabase(file, [table])).toThrow(expect.objectContaining({ code: 'SRV_DATABASE_UNUSABLE' }))
  })

  it('is refused when it is something else', () => {
    const file = newFile()
    openDatabase(file, []).close()
    writeFileSync(file, 'this is a text file and not a database, whatever its name says '.repeat(100))
    expect(() => openDatabase(file, [table])).toThrow(expect.objectContaining({ code: 'SRV_DATABASE_UNUSABLE' }))
  })

  it('keeps nothing of a transaction or a migration that fails half-way', () => {
    const file = newFile()
    const broken = { name: 'broken', sql: 'CREATE TABLE half (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1)' }
    expect(() => openDatabase(file, [table, broken])).toThrow(
      expect.objectContaining({ code: 'SRV_DATABASE_UNUSABLE' }),
    )
    const database = openDatabase(file, [table])
    onTestFinished(() => database.close())
    const failing = () =>
      database.transaction(() => {
        database.exec('INSERT INTO t VALUES (1)')
        throw new Error('half-way')
      })
    expect(failing).toThrow('half-way')
    expect(database.prepare('SELECT count(*) AS rows FROM t').get()).toEqual({ rows: 0 })
    expect(database.isTransaction).toBe(false)
  })
})

describe('every hot statement of the journal', () => {
  const hot = {
    currentVersion: sql.currentVersion,
    eventsOfSubject: sql.eventsOfSubject,
    eventsAfter: sql.eventsAfter,
    rangesOfBoot: sql.rangesOfBoot,
    deleteRange: sql.deleteRange,
    hashOf: sql.hashOf,
    bootOf: sql.bootOf,
    anchorsOfBoot: sql.anchorsOfBoot,
    keyById: sql.keyById,
    hubHeard: sql.hubHeard,
    openClaim: sql.openClaim,
    tryClaim: sql.tryClaim,
    useClaim: sql.useClaim,
    takeEnrolNonce: sql.takeEnrolNonce,
    openNonces: sql.openNonces,
    knownBefore: sql.knownBefore,
    knownAfter: sql.knownAfter,
  }

  it.each(Object.entries(hot))('%s searches an index', async (_name, statement) => {
    const journal = openJournal(':memory:')
    onTestFinished(() => journal.alarms[Symbol.asyncDispose]())
    const steps = plan(journal.database, statement)
    expect(steps.length).toBeGreaterThan(0)
    for (const step of steps) expect(step).toMatch(/^SEARCH /)
  })

  it('would be caught scanning', async () => {
    const journal = openJournal(':memory:')
    onTestFinished(() => journal.alarms[Symbol.asyncDispose]())
    expect(plan(journal.database, 'SELECT hash FROM received_hash WHERE hash = ?').join()).toMatch(/^SCAN /)
  })
})
