import { mkdtemp, open as openFile, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { LaneFiles } from '#gateway/adapters/sqlite-outbox/lane-files.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { hotStatements, schema, sql } from '#gateway/adapters/sqlite-outbox/sql.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'
import { MemoryOutbox } from './outbox-memory.ts'
import { outboxContract } from './outbox.contract.ts'
import type { Outbox, QuarantineNotice } from '#gateway/core/ports.ts'

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const rethrow = (error: unknown): never => {
  throw error
}

const openIn = async (
  folder: string,
  boot = 'boot-1',
  notices: QuarantineNotice[] = [],
  salvaged: string[] = [],
): Promise<Outbox> =>
  openSqliteOutbox({
    folder,
    bootId: BootId.parse(boot),
    limits: smallOutbox,
    quarantined: (notice) => notices.push(notice),
    salvaged: (lane, rows) => salvaged.push(`${lane} ${rows}`),
    died: (error) => {
      throw error
    },
  })

outboxContract('memory', async () => {
  const notices: QuarantineNotice[] = []
  const outbox = new MemoryOutbox(BootId.parse('boot-1'), (notice) => notices.push(notice))
  return { outbox, notices, [Symbol.asyncDispose]: () => outbox[Symbol.asyncDispose]() }
})

outboxContract('sqlite', async () => {
  const notices: QuarantineNotice[] = []
  const outbox = await openIn(await folderForTest(), 'boot-1', notices)
  return { outbox, notices, [Symbol.asyncDispose]: () => outbox[Symbol.asyncDispose]() }
})

describe('the SQLite outbox', () => {
  it('keeps unsettled records over a restart and numbers on above both files', async () => {
    const folder = await folderForTest()
    const first = await openIn(folder, 'boot-1')
    const kept = await first.append([conditionRecord({ episodeId: 'kept' })])
    const gone = await first.append([conditionRecord({ episodeId: 'gone' })])
    await first.settle(gone)
    await first[Symbol.asyncDispose]()

    await using second = await openIn(folder, 'boot-2')
    expect(await second.peek('alarm', 10)).toMatchObject([{ seq: kept[0], bootId: 'boot-1' }])
    const [next] = await second.append([conditionRecord()])
    expect(next).toBeGreaterThan(Math.max(...kept, ...gone))
    expect((await second.depth()).manifest).toEqual({ firstSeq: next, lastSeq: next })
  })

  it('remembers the boots that wrote into it, newest first, and forgets them with the file', async () => {
    const folder = await folderForTest()
    const namedBy = (boot: string): readonly string[] => {
      using files = new LaneFiles({ folder, bootId: BootId.parse(boot), limits: smallOutbox, die: rethrow })
      return files.depth().earlierBoots
    }
    expect(namedBy('boot-1')).toEqual([])
    for (let boot = 2; boot < 20; boot += 1) namedBy(`boot-${boot}`)
    const earlier = namedBy('boot-20')
    expect(earlier.slice(0, 2)).toEqual(['boot-19', 'boot-18'])
    expect(earlier).toHaveLength(16)
    await rm(join(folder, 'alarm.db'))
    expect(namedBy('boot-21')).toEqual([])
  })

  it('refuses a second opener while the first lives', async () => {
    const folder = await folderForTest()
    await using first = await openIn(folder)
    await expect(openIn(folder, 'boot-2')).rejects.toMatchObject({ code: 'GW_OUTBOX_LOCKED' })
    expect((await first.depth()).alarm.rows).toBe(0)
  })

  it('quarantines a row whose bytes changed at rest and gives the others', async () => {
    const folder = await folderForTest()
    const first = await openIn(folder)
    const seqs = await first.append([conditionRecord(), conditionRecord({ episodeId: 'episode-2' }), conditionRecord()])
    await first[Symbol.asyncDispose]()
    using file = new DatabaseSync(join(folder, 'alarm.db'))
    file.prepare("UPDATE records SET body = replace(body, 'high', 'low') WHERE seq = ?").run(seqs[1]!)
    file.close()

    const notices: QuarantineNotice[] = []
    await using second = await openIn(folder, 'boot-2', notices)
    expect((await second.peek('alarm', 10)).map(({ seq }) => seq)).toEqual([seqs[0], seqs[2]])
    expect(notices).toMatchObject([{ seq: seqs[1], lane: 'alarm', reason: 'crc' }])
    expect(await second.depth()).toMatchObject({ alarm: { rows: 2 }, quarantined: 1 })
  })

  it('sets a damaged file aside, carries its good rows over and goes on', async () => {
    const folder = await folderForTest()
    const first = await openIn(folder)
    const seqs = await first.append(
      Array.from({ length: 300 }, (_, n) => conditionRecord({ episodeId: `episode-${n}` })),
    )
    await first[Symbol.asyncDispose]()
    const file = await openFile(join(folder, 'alarm.db'), 'r+')
    const page = Math.floor((await file.readFile()).indexOf('episode-150') / 4096)
    await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096)
    await file.close()

    const salvaged: string[] = []
    await using second = await openIn(folder, 'boot-2', [], salvaged)
    const left = await second.peek('alarm', 500)
    expect(left.length).toBeGreaterThan(0)
    expect(left.length).toBeLessThan(seqs.length)
    expect(salvaged).toEqual([`alarm ${left.length}`])
    expect((await second.depth()).earlierBoots).toEqual([])
    expect(await readdir(folder)).toContain('alarm.damaged-boot-2.db')
    await second.append([conditionRecord()])
  })

  it.each([
    ['the first page', [0], 0],
    ['three pages of rows', [3, 9, 20], 60],
    ['the first page and one of rows', [0, 9], 20],
  ])('carries over what the other pages hold when %s cannot be read', async (_what, damaged, mostLost) => {
    const folder = await folderForTest()
    const first = await openIn(folder)
    const alarms = Array.from({ length: 400 }, (_, n) => conditionRecord({ episodeId: `episode-${n}` }))
    await first.append(alarms)
    await first.append([conditionRecord({ episodeId: 'episode-last' })])
    const samples = first.append(Array.from({ length: 300 }, () => telemetryRecord()))
    first.hurry()
    await samples
    await first[Symbol.asyncDispose]()
    for (const lane of ['alarm', 'telemetry']) {
      const path = join(folder, `${lane}.db`)
      const whole = await readFile(path)
      const leaves = Array.from({ length: whole.length / 4096 }, (_, page) => page).filter(
        (page) => page > 0 && whole[page * 4096] === 0x0d && whole.subarray(page * 4096).includes('PUMP-0001'),
      )
      const file = await openFile(path, 'r+')
      for (const page of damaged)
        await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, (page === 0 ? 0 : leaves[page % leaves.length]!) * 4096)
      await file.close()
    }
    const salvaged: string[] = []
    await using second = await openIn(folder, 'boot-2', [], salvaged)
    const left = await second.peek('alarm', 1_000)
    expect(left.length).toBeGreaterThanOrEqual(401 - mostLost)
    expect(new Set(left.map(({ seq }) => seq)).size).toBe(left.length)
    expect(salvaged).toHaveLength(2)
    const names = await readdir(folder)
    expect(names).toEqual(expect.arrayContaining(['alarm.damaged-boot-2.db', 'telemetry.damaged-boot-2.db']))
    const [next] = await second.append([conditionRecord()])
    expect(next).toBeGreaterThan(Math.max(...left.map(({ seq }) => seq)))
  })

  it('commits telemetry without being hurried, and 200 rows at once', async () => {
    await using outbox = await openIn(await folderForTest())
    const started = performance.now()
    await outbox.append(Array.from({ length: 200 }, () => telemetryRecord()))
    expect(performance.now() - started).toBeLessThan(900)
    await outbox.append([telemetryRecord()])
    expect((await outbox.depth()).telemetry.rows).toBe(201)
  })

  it('never makes an alarm wait for the telemetry group', async () => {
    await using outbox = await openIn(await folderForTest())
    const order: string[] = []
    const telemetry = outbox.append([telemetryRecord()]).then(() => order.push('telemetry'))
    await outbox.append([conditionRecord()]).then(() => order.push('alarm'))
    outbox.hurry()
    await telemetry
    expect(order).toEqual(['alarm', 'telemetry'])
  })

  it('answers its hot queries by number, never by a scan', () => {
    using database = new DatabaseSync(':memory:')
    database.exec(schema)
    for (const name of hotStatements) {
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql[name]}`).all()
      for (const step of plan) {
        const detail = String(step['detail'])
        // A walk along the primary key that stops at LIMIT is no scan of the table.
        if (/ LIMIT /.test(sql[name])) expect(detail).not.toMatch(/TEMP B-TREE/)
        else expect(detail).not.toMatch(/^SCAN/)
      }
    }
    const scan = database.prepare('EXPLAIN QUERY PLAN SELECT seq FROM records WHERE pump_id = ?').all()
    expect(String(scan[0]?.['detail'])).toMatch(/^SCAN/)
  })
})
