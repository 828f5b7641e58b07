import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { unassigned } from '#domain/assignment/assignment.ts'
import type { AuditNote } from '#domain/audit/entry.ts'
import { HubId, PumpId, UserId } from '#domain/ids.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { instant } from '#domain/time.ts'
import { headFile } from '#server/adapters/audit-head-file.ts'
import { auditSigner, isSignedBy } from '#server/adapters/audit-signer.ts'
import { SqliteAuditReader } from '#server/adapters/sqlite/audit-reader.ts'
import { chainHash } from '#server/adapters/sqlite/audit-trail.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { followTrail } from '#server/core/audit-follow.ts'
import { AuditCheck } from '#server/core/audit-check.ts'
import { AuditHeads } from '#server/core/audit-heads.ts'
import { byAdmin, serverAdmin } from '#test/support/acts.ts'
import { eventually } from '#test/support/eventually.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { Program } from '#test/support/program.ts'
import { openServerBench, occlusion, pump1, pumpReport } from '#test/support/server-bench.ts'

const log = pino({ level: 'silent' })

const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'audit-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

const open = (file = ':memory:') => {
  const journal = openJournal(file)
  onTestFinished(() => journal.alarms[Symbol.asyncDispose]())
  return journal
}

const notes = (count: number): readonly AuditNote[] =>
  Array.from({ length: count }, (_, place) => ({
    at: instant(1_000 + place),
    actor: `u-${place % 3}`,
    action: 'patient.view',
    object: `pump:P-${place}`,
  }))

const follow = (database: DatabaseSync, heads: ReadonlyMap<number, string> = new Map()) =>
  followTrail(new SqliteAuditReader(database), chainHash, heads)

/** What somebody does who owns the file. */
const unguarded = (database: DatabaseSync): void => {
  for (const trigger of ['audit_no_update', 'audit_no_delete', 'audit_only_append'])
    database.exec(`DROP TRIGGER ${trigger}`)
}

const setUp = async (dir: string) => {
  const clock = new ManualClock()
  const journal = open(join(dir, 'journal.db'))
  const signer = auditSigner(new Uint8Array(32).fill(7))
  const file = join(dir, 'heads', 'audit-heads.jsonl')
  const heads = () =>
    new AuditHeads({
      reader: journal.auditReader,
      signer,
      copies: [headFile(file, dir)],
      clock,
      scheduler: clock,
      log,
    })
  return { clock, journal, signer, file, heads }
}

const say = async (dir: string, ...args: readonly string[]) => {
  const program = new Program({ name: 'server', args: ['server/main.ts', ...args], env: { DATA_DIR: dir } })
  onTestFinished(() => program[Symbol.asyncDispose]())
  return { code: await program.ended(60_000), text: program.output }
}

describe('the audit trail in SQLite', () => {
  it.each([
    "UPDATE audit SET actor = 'u-9' WHERE seq = 2",
    'DELETE FROM audit WHERE seq = 4',
    'DELETE FROM audit',
    'INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 2',
    'INSERT INTO audit SELECT 6, ts, actor, action, outcome, object, before_hash, after_hash, prev_hash, hash FROM audit WHERE seq = 4',
    'INSERT INTO audit SELECT 5, ts, actor, action, outcome, object, before_hash, after_hash, prev_hash, hash FROM audit WHERE seq = 4',
  ])('refuses: %s', async (statement) => {
    const { audit, database } = open()
    await audit.note(notes(4))
    expect(() => database.exec(statement)).toThrow(/append-only/)
    expect(follow(database)).toMatchObject({ seq: 4 })
  })

  it('shows every row that somebody who owns the file changes, deletes, moves or cuts off', async () => {
    const rows = 6
    const attempt = async (attack: (database: DatabaseSync) => void) => {
      const { audit, auditReader, database } = open()
      await audit.note(notes(rows))
      const heads = new Map([[rows, auditReader.end().hash]])
      unguarded(database)
      attack(database)
      return { alone: follow(database), withHead: follow(database, heads) }
    }
    for (let seq = 1; seq <= rows; seq += 1) {
      const changed = await attempt((database) => database.exec(`UPDATE audit SET ts = ts + 1 WHERE seq = ${seq}`))
      expect(changed.alone).toEqual({ seq, problem: 'changed' })
      const deleted = await attempt((database) => database.exec(`DELETE FROM audit WHERE seq = ${seq}`))
      // The last row alone is a cut tail.
      expect(deleted.alone).toEqual(
        seq === rows ? expect.objectContaining({ seq: rows - 1 }) : { seq, problem: 'missing' },
      )
      expect(deleted.withHead).toEqual({ seq, problem: seq === rows ? 'cut-off' : 'missing' })
      const odd = await attempt((database) => database.exec(`UPDATE audit SET action = 'nothing' WHERE seq = ${seq}`))
      expect(odd.alone).toEqual({ seq, problem: 'unreadable' })
      const cut = await attempt((database) => database.exec(`DELETE FROM audit WHERE seq >= ${seq}`))
      expect(cut.alone).toMatchObject({ seq: seq - 1 })
      expect(cut.withHead).toEqual({ seq, problem: 'cut-off' })
      if (seq === rows) continue
      const moved = await attempt((database) =>
        database.exec(`UPDATE audit SET seq = -seq WHERE seq IN (${seq}, ${seq + 1});
          UPDATE audit SET seq = 2 * ${seq} + 1 + seq WHERE seq < 0`),
      )
      expect(moved.alone).toMatchObject({ seq })
    }
  })

  it('is one chain for two processes that write at once', async () => {
    const file = join(folder(), 'journal.db')
    const server = open(file)
    const command = open(file)
    for (let turn = 0; turn < 5; turn += 1) {
      await server.onCall.putTeam(TeamId.parse('north'), `North ${turn}`, byAdmin)
      await command.audit.note(notes(2))
    }
    expect(follow(server.database)).toMatchObject({ seq: 15 })
  })

  it('says who changed what, from which content to which, and holds none of it', async () => {
    const { assignments, auditReader, database } = open()
    const details = { ...unassigned, label: 'Rose Cottage', phone: '+49 30 1234567' }
    const pumpId = PumpId.parse('P-1')
    await assignments.put([{ pumpId, expectedVersion: 0, details, ...byAdmin }])
    await assignments.put([{ pumpId, expectedVersion: 1, details: { ...details, therapy: 'pain' }, ...byAdmin }])
    await assignments.put([{ pumpId, expectedVersion: 2, details: null, ...byAdmin }])
    const [end, second, first] = auditReader.find({}, 9)
    expect(first).toMatchObject({
      actor: 'command-line',
      action: 'assignment.set',
      object: 'assignment:P-1',
      beforeHash: null,
    })
    expect(second?.beforeHash).toBe(first?.afterHash)
    expect(second?.afterHash).not.toBe(first?.afterHash)
    expect(end).toMatchObject({ action: 'assignment.end', beforeHash: second?.afterHash, afterHash: null })
    const all = JSON.stringify(database.prepare('SELECT actor, action, object FROM audit').all())
    expect(all).not.toMatch(/Rose|1234567|pain/)
  })

  it('finds by person, act, object with or without its kind, outcome and time, newest first', async () => {
    const { audit, auditReader } = open()
    await audit.note(notes(9))
    await audit.note([
      {
        at: instant(2_000),
        actor: 'u-1',
        action: 'permission.use',
        outcome: 'refused',
        object: 'permission:alarm.act',
      },
    ])
    const found = (query: Parameters<typeof auditReader.find>[0]) => auditReader.find(query, 100).map(({ seq }) => seq)
    expect(found({ actor: 'u-1' })).toEqual([10, 8, 5, 2])
    expect(found({ action: 'permission.use' })).toEqual([10])
    expect(found({ object: 'pump:P-3' })).toEqual([4])
    expect(found({ object: 'P-3' })).toEqual([4])
    expect(found({ outcome: 'refused' })).toEqual([10])
    expect(found({ from: 1_007, to: 2_000 })).toEqual([9, 8])
    expect(found({ actor: 'u-1', before: 8 })).toEqual([5, 2])
  })
})

describe('a change and its row', () => {
  const broken = "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'broken'); END"

  it('are stored together or not at all', async () => {
    const { assignments, onCall, hubs, watches, acceptances, database, change } = open()
    const pumpId = PumpId.parse('P-1')
    database.exec(broken)
    const refused = { code: 'SRV_JOURNAL_UNAVAILABLE' }
    const north = TeamId.parse('north')
    await expect(
      assignments.put([{ pumpId, expectedVersion: 0, details: unassigned, ...byAdmin }]),
    ).rejects.toMatchObject(refused)
    await expect(onCall.putTeam(north, 'North', byAdmin)).rejects.toMatchObject(refused)
    await expect(onCall.putMembers(north, [], byAdmin)).rejects.toMatchObject(refused)
    await expect(
      watches.append([{ type: 'watch-started', pumpId, at: 1, by: serverAdmin, note: '' }]),
    ).rejects.toMatchObject(refused)
    await expect(acceptances.add({ by: serverAdmin, at: 1 })).rejects.toMatchObject(refused)
    const claim = { claimId: 'c-1', hubId: HubId.parse('hub-1'), hubName: 'x', codeMac: new Uint8Array(32), tries: 5 }
    await expect(
      hubs.addClaim({ ...claim, createdAt: instant(0), expiresAt: instant(1) }, serverAdmin),
    ).rejects.toMatchObject(refused)
    expect(() => change((note) => note({ at: instant(1), actor: 'x', action: 'user.add', object: 'user:x' }))).toThrow(
      expect.objectContaining(refused),
    )
    const left = ['patient_use', 'team', 'shift_event', 'shift_accepted', 'office_change', 'claim', 'hub']
    for (const table of left)
      expect([table, database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows']]).toEqual([table, 0])
  })

  it('of an alarm go together, too; what a hub delivers is stored whatever becomes of the trail', async () => {
    const bench = await openServerBench()
    onTestFinished(() => bench.close())
    bench.heartbeat([pumpReport(pump1)])
    await bench.condition(pump1, occlusion('ep-1'))
    const [alarm] = bench.alarms.desk.list({ state: 'open', limit: 9 })
    if (alarm === undefined) throw new Error('there is an alarm')
    const accept = (requestId: string) =>
      bench.alarms.desk.act(
        { userId: UserId.parse('u-1'), name: 'Osei' },
        { kind: 'accept', episodeId: alarm.episodeId, expectedVersion: alarm.version, requestId },
      )
    bench.database.exec(broken)
    await expect(accept('request-1')).rejects.toMatchObject({ code: 'SRV_JOURNAL_UNAVAILABLE' })
    expect(bench.alarms.desk.list({ state: 'open', limit: 9 })[0]?.owner).toBeNull()
    await bench.condition(pump1, occlusion('ep-2', { code: 'air-in-line' }))
    expect(bench.alarms.desk.list({ state: 'open', limit: 9 })).toHaveLength(2)
    expect(bench.auditReader.end().seq).toBe(0)
    bench.database.exec('DROP TRIGGER broken')
    expect(await accept('request-2')).toMatchObject({ outcome: 'ok' })
    expect(await accept('request-2')).toMatchObject({ outcome: 'ok' })
    expect(bench.auditReader.find({}, 9)).toMatchObject([
      { seq: 1, actor: 'u-1', action: 'alarm.accept', object: `alarm:${alarm.episodeId}`, outcome: 'done' },
    ])
  })
})

describe('signed heads', () => {
  it('are copied at start and every hour, are signed, and survive a restart', async () => {
    const { clock, journal, signer, file, heads } = await setUp(folder())
    const first = heads()
    await first.start()
    expect(first.state).toMatchObject({ copied: { seq: 0 }, away: false, failing: 0 })
    await journal.audit.note(notes(3))
    clock.advance(3_600_000)
    await eventually(() => first.state.copied?.seq === 3, { within: 10_000, what: 'the hourly head' })
    const kept = await headFile(file, '/').kept()
    expect(kept.map(({ seq }) => seq)).toEqual([0, 3])
    expect(kept.every((head) => isSignedBy(signer.publicKey, head))).toBe(true)
    expect(isSignedBy(signer.publicKey, { ...kept[1]!, seq: 2 })).toBe(false)
    expect(isSignedBy(auditSigner(new Uint8Array(32).fill(8)).publicKey, kept[1]!)).toBe(false)
    const again = heads()
    await again.start()
    expect([...again.signed.keys()]).toEqual([0, 3])
    first[Symbol.dispose]()
    again[Symbol.dispose]()
  })

  it('that cannot be copied are tried again, and said', async () => {
    const dir = folder()
    const { clock, heads, file } = await setUp(dir)
    writeFileSync(join(dir, 'heads'), 'in the way')
    const blocked = heads()
    await blocked.start()
    expect(blocked.state).toMatchObject({ copied: null, failing: 1 })
    rmSync(join(dir, 'heads'))
    clock.advance(5 * 60_000)
    await eventually(() => blocked.state.failing === 0, { within: 10_000, what: 'the second try' })
    expect(readFileSync(file, 'utf8')).toMatch(/"seq":0/)
    blocked[Symbol.dispose]()
  })

  it('show a running server that the end of its trail is gone', async () => {
    const { clock, journal, heads } = await setUp(folder())
    await journal.audit.note(notes(1200))
    const copied = heads()
    await copied.start()
    const check = (): AuditCheck =>
      new AuditCheck({
        reader: journal.auditReader,
        hash: chainHash,
        signed: () => copied.signed,
        clock,
        scheduler: clock,
        log,
      })
    const whole = check()
    whole.start()
    clock.advance(1_000)
    expect(whole.state).toMatchObject({ verifiedTo: 1200, fault: null })
    unguarded(journal.database)
    journal.database.exec('DELETE FROM audit WHERE seq > 1190')
    const after = check()
    after.start()
    clock.advance(1_000)
    expect(after.state).toMatchObject({ verifiedTo: 1190, fault: { seq: 1191, problem: 'cut-off' } })
    // The other one finds it within its day.
    clock.advance(24 * 3_600_000 + 10_000)
    expect(whole.state.fault).toMatchObject({ seq: 1191 })
    whole[Symbol.dispose]()
    after[Symbol.dispose]()
    copied[Symbol.dispose]()
  })
})

describe('server audit', () => {
  it('verify says that the chain holds, or which row is the first bad one; a copy elsewhere needs no secret', async () => {
    const dir = folder()
    const { text: added } = await say(dir, 'team', 'add', 'north', '--name', 'North')
    expect(added).toContain('Team north')
    await say(dir, 'team', 'add', 'south')
    const good = await say(dir, 'audit', 'verify')
    expect(good).toMatchObject({ code: 0, text: expect.stringContaining('The chain holds: rows 1 to 2') })
    expect(good.text).toContain('No signed head')
    const exported = await say(dir, 'audit', 'export', '--actor', 'command-line')
    expect(exported.text.trim().split('\n')).toHaveLength(3)
    const csv = await say(dir, 'audit', 'export', '--format', 'csv', '--action', 'team.name')
    expect(csv.text).toMatch(
      /^seq,time,actor,.*\r\n2,\d{4}-\d\d-\d\dT[\d:.]+Z,command-line,team.name,done,team:south,,/,
    )

    const key = (await say(dir, 'audit', 'key')).text.trim()
    const database = new DatabaseSync(join(dir, 'journal.db'))
    unguarded(database)
    database.exec("UPDATE audit SET actor = 'u-9' WHERE seq = 2")
    database.close()
    const elsewhere = folder()
    const none = await say(elsewhere, 'audit', 'verify', '--key', key)
    expect(none).toMatchObject({ code: 1, text: expect.stringContaining('cannot be read as a database') })
    const bad = await say(elsewhere, 'audit', 'verify', '--database', join(dir, 'journal.db'), '--key', key)
    expect(bad).toMatchObject({
      code: 1,
      text: expect.stringContaining('BROKEN at row 2: this row is not what its hash'),
    })
  })
})
