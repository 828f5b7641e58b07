import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { BootId, PumpId } from '#domain/ids.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { openDatabase } from '#server/adapters/sqlite/database.ts'
import { journalMigrations } from '#server/adapters/sqlite/journal-migrations.ts'
import { openSqliteTelemetryStore } from '#server/adapters/sqlite/telemetry-store.ts'
import { Nurse } from '#test/support/nurse.ts'
import { Program } from '#test/support/program.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'

// What the first version that ran whole left on its disks (test/vectors/first-schema), under the code of today.

const kept = join(import.meta.dirname, '../vectors/first-schema')

const folderForTest = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'first-schema-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

const fail = (error: unknown): never => {
  throw error
}

const laidOut = (name: string, file: string): string => {
  using database = new DatabaseSync(file)
  database.exec(readFileSync(join(kept, name), 'utf8'))
  return file
}

const rowsOf = (database: DatabaseSync, table: string): unknown[] => database.prepare(`SELECT * FROM ${table}`).all()

/** Each table with its rows, of a file that is only read. */
const contentOf = (file: string): ReadonlyMap<string, readonly unknown[]> => {
  using database = new DatabaseSync(file, { readOnly: true })
  const names = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all()
  return new Map(names.map(({ name }) => [String(name), rowsOf(database, String(name))]))
}

describe('the first journal', () => {
  it('is brought to the newest schema with every row and column of it', () => {
    const file = laidOut('journal.sql', join(folderForTest(), 'journal.db'))
    const before = contentOf(file)
    using database = openDatabase(file, journalMigrations)
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: journalMigrations.length })
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([])
    for (const [table, rows] of before) {
      expect(rowsOf(database, table), table).toEqual(rows.map((row) => expect.objectContaining(row as object)))
    }
    expect(before.get('alarm_event')).toHaveLength(82)
  })

  it('is served as it was left: the same alarms are open, the closed one has its story, and people sign in', async () => {
    const dir = folderForTest()
    laidOut('journal.sql', join(dir, 'journal.db'))
    for (const name of ['demo-access.json', 'assignments.yaml']) cpSync(join(kept, name), join(dir, name))
    const [person] = DemoAccess.parse(JSON.parse(readFileSync(join(kept, 'demo-access.json'), 'utf8'))).users
    // Twice: what a start changes does not keep the next one from starting.
    for (const start of ['after the upgrade', 'again']) {
      await using program = new Program({
        name: 'server',
        args: ['server/main.ts'],
        env: {
          LOG_LEVEL: 'info',
          PORT: '0',
          DATA_DIR: dir,
          DEMO_ACCOUNTS: '1',
          ASSIGNMENTS_FILE: join(dir, 'assignments.yaml'),
        },
      })
      const [, port] = await program.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
      const nurse = await Nurse.signIn(`http://localhost:${port}`, person?.name ?? '', person?.password ?? '')
      const open = await nurse.openAlarms()
      expect(
        open.map(({ episodeId, pumpId, code, priority, condition }) => [episodeId, pumpId, code, priority, condition]),
        start,
      ).toEqual(
        expect.arrayContaining([
          ['b3b60ab4-3d6b-4809-8591-d3cca2f1a7af', 'P-0002', 'reservoir-empty', 'high', 'active'],
          ['e4b9de33-0d34-4f03-9ab5-0f446f41d583', 'P-0001', 'occlusion-downstream', 'high', 'latched'],
        ]),
      )
      const { alarm, history } = await nurse.alarm('1ff99ba8-843f-4519-bc31-75763beb941d')
      expect(alarm).toMatchObject({
        code: 'air-in-line',
        condition: 'closed',
        response: 'closed',
        startedAt: 1_795_722_467_209,
        resolved: { class: 'true-and-acted', finding: 'air', by: { name: 'm.osei' } },
      })
      expect(history.map(({ what, by }) => [what, by?.name ?? null])).toEqual([
        ['opened', null],
        ['accepted', 'm.osei'],
        ['ended', null],
        ['resolved', 'm.osei'],
        ['closed', null],
      ])
    }
  })
})

describe('the first telemetry', () => {
  it('is read with the values it was written with', async () => {
    const file = laidOut('telemetry.sql', join(folderForTest(), 'telemetry.db'))
    const Sample = z.object({ at_ms: z.int(), rate_ml_per_hour: z.number().nullable(), infused_total_ml: z.number() })
    const samples = z.array(Sample).parse(contentOf(file).get('sample'))
    const [first, last] = [samples.at(0)?.at_ms ?? 0, samples.at(-1)?.at_ms ?? 0]
    await using store = openSqliteTelemetryStore(file)
    const pump = PumpId.parse('P-0001')
    const { buckets } = await store.history(pump, { from: first, to: last + 1, maxPoints: 2_000 })
    expect(samples.length).toBe(262)
    expect(buckets.length).toBeGreaterThan(200)
    const newest = await store.latest(pump)
    expect(newest?.at).toBe(last)
    expect(newest?.sample.infusedTotalMl).toBe(samples.at(-1)?.infused_total_ml)
  })
})

describe('the outbox of the first hub', () => {
  it('gives the records that waited in it, as they were written', async () => {
    const folder = folderForTest()
    mkdirSync(join(folder, 'outbox'))
    const file = laidOut('outbox-telemetry.sql', join(folder, 'outbox', 'telemetry.db'))
    const written = contentOf(file).get('records') as readonly { readonly seq: number; readonly body: string }[]
    await using outbox = await openSqliteOutbox({
      folder: join(folder, 'outbox'),
      bootId: BootId.parse('boot-of-today'),
      limits: smallOutbox,
      quarantined: fail,
      salvaged: () => fail(new Error('nothing is damaged')),
      died: fail,
    })
    const waiting = await outbox.peek('telemetry', 100)
    expect(waiting.map(({ seq, body }) => [seq, body])).toEqual(
      written.map(({ seq, body }) => [seq, expect.objectContaining(JSON.parse(body) as object)]),
    )
    expect(waiting).toHaveLength(7)
  })
})
