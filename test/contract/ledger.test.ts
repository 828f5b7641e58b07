import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId, EpisodeId, HubId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import { openDatabase } from '#server/adapters/sqlite/database.ts'
import { journalMigrations } from '#server/adapters/sqlite/journal-migrations.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { graceMs, HubLedgers } from '#server/core/ledger/hub-ledger.ts'
import type { SubjectCommand } from '#server/core/link-commands.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { telemetry } from '#test/support/uplink-records.ts'

const hubId = HubId.parse('hub-1')
const bootId = BootId.parse('boot-1')
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const { pumpId } = telemetry(1)

const bench = (file = ':memory:') => {
  const clock = new ManualClock()
  const journal = openJournal(file)
  onTestFinished(async () => {
    if (journal.database.isOpen) await journal.alarms[Symbol.asyncDispose]()
  })
  const commands: SubjectCommand[] = []
  let episodes = 0
  const ledgers = new HubLedgers({
    store: journal.ledger,
    alarms: {
      system: async (all) => {
        commands.push(...all)
      },
    },
    picture: { hub: () => null, pump: () => null },
    keptDays: 90,
    clock,
    scheduler: clock,
    newEpisodeId: () => EpisodeId.parse(`e-${(episodes += 1)}`),
    log,
  })
  let highest = 0
  const arrive = async (seqs: readonly number[], of = 0) => {
    highest = Math.max(highest, ...seqs)
    const stored = seqs.map((seq) => ({ pumpId, bootId, seq, at: clock.now(), late: false, of }))
    const received = seqs.map((seq) => ({ lane: 'telemetry' as const, bootId, seq, hash: null }))
    await journal.receipts.addAll([{ hubId, received, stored }])
  }
  const beat = (change: Partial<Heartbeat['outbox']> = {}, lastSeq = highest) => {
    const empty = { rows: 0, oldestAgeMs: null }
    ledgers.heartbeat(
      hubId,
      {
        v: 1,
        bootId,
        monotonicMs: clock.monotonic(),
        wallAt: clock.now(),
        clockQuality: 'ntp',
        anchor: null,
        versions: { gateway: '0', node: '24' },
        manifest: { firstSeq: 1, lastSeq },
        outbox: { alarm: empty, telemetry: empty, quarantined: 0, tombstoned: 0, diskFreeBytes: null, ...change },
        ports: [],
        pumps: [],
        conditions: [],
      },
      clock.now(),
    )
  }
  const told = () => commands.map(({ command }) => command.type)
  /** A minute of a healthy hub. */
  const minute = async () => {
    clock.advance(60_000)
    beat()
    await ledgers.look()
  }
  return { clock, journal, ledgers, commands, arrive, beat, told, minute }
}

const many = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at)

describe('the ledger in the journal', () => {
  it('counts each record once, in the transaction that proves its arrival, and keeps it over a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const { arrive, journal, clock } = bench(join(folder, 'journal.db'))
    await arrive(many(1, 50))
    clock.advance(1000)
    await arrive(many(51, 60))
    await arrive([61], 40)
    await journal.receipts.refuse(hubId, [
      { bootId, seq: 62 },
      { bootId, seq: 63 },
    ])
    await journal.receipts.refuse(hubId, [{ bootId, seq: 63 }])
    await journal.alarms[Symbol.asyncDispose]()
    const again = openJournal(join(folder, 'journal.db'))
    onTestFinished(async () => again.alarms[Symbol.asyncDispose]())
    const [boot] = await again.ledger.boots(hubId, 0)
    expect(boot).toMatchObject({
      bootId,
      received: [[1, 61]],
      refused: [[62, 63]],
      told: null,
      hours: [{ pumpId, stored: 61, late: 0, thinned: 40, first: { seq: 1 }, last: { seq: 60 } }],
    })
  })

  it('takes tombstones over that came before it was there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'journal.db')
    const before = openDatabase(
      file,
      journalMigrations.slice(
        0,
        journalMigrations.findIndex(({ name }) => name === 'ledger'),
      ),
    )
    const body = {
      id: 't-1',
      bootId: 'boot-0',
      ranges: [
        [1, 5],
        [9, 9],
      ],
      count: 6,
      firstWallAt: 0,
      lastWallAt: 0,
    }
    before
      .prepare(
        `INSERT INTO hub_record (hub_id, boot_id, seq, pump_id, kind, occurred_at, uncertainty_ms, received_at, late, record)
         VALUES ('hub-1', 'boot-1', 10, NULL, 'tombstone', 0, 0, 0, 0, ?)`,
      )
      .run(JSON.stringify({ kind: 'tombstone', body: { ...body, reason: 'thinned' } }))
    before.close()
    const journal = openJournal(file)
    onTestFinished(async () => journal.alarms[Symbol.asyncDispose]())
    await journal.ledger.tell([{ hubId, bootId: BootId.parse('boot-0'), firstSeq: 1, lastSeq: 9, at: 1000 }])
    const [boot] = await journal.ledger.boots(hubId, 0)
    expect(boot?.tombstones).toEqual([
      [1, 5],
      [9, 9],
    ])
  })

  it('takes up a tombstone with its record', async () => {
    const { journal, arrive, clock } = bench()
    await arrive(many(1, 10))
    await journal.alarms.commit({
      at: clock.now(),
      appends: [],
      hubId,
      received: [{ lane: 'alarm', bootId, seq: 40, hash: 'h' }],
      records: [
        {
          hubId,
          numbering: 0,
          occurredAt: clock.now(),
          uncertaintyMs: 0,
          receivedAt: clock.now(),
          late: false,
          record: {
            seq: 40,
            bootId,
            lane: 'alarm',
            kind: 'tombstone',
            pumpId: null,
            monotonicMs: 0,
            wallAt: 0,
            clockQuality: 'ntp',
            body: {
              id: 't',
              bootId,
              ranges: [[11, 39]],
              count: 29,
              firstWallAt: 0,
              lastWallAt: 0,
              reason: 'dropped',
            },
          },
        },
      ],
    })
    const [boot] = await journal.ledger.boots(hubId, 0)
    expect([boot?.received, boot?.tombstones]).toEqual([
      [
        [1, 10],
        [40, 40],
      ],
      [[11, 39]],
    ])
  })

  it('forgets hours that are older than readings are kept', async () => {
    const { journal, arrive } = bench()
    await arrive([1, 2])
    await journal.ledger.expire(hubId, instant(Date.UTC(2030, 0, 1)))
    expect(await journal.ledger.boots(hubId, 0)).toEqual([])
  })
})

describe('records that are missing', () => {
  it('raise an alarm of the hub after the grace period, and end it when they come', async () => {
    const { arrive, commands, told, minute, ledgers } = bench()
    await arrive(many(1, 100))
    await arrive(many(111, 200))
    for (let minutes = 0; minutes < 3; minutes += 1) await minute()
    expect((await ledgers.of(hubId, 24)).total).toMatchObject({ produced: 200, stored: 190, unaccounted: 10 })
    for (let minutes = 3; minutes < graceMs / 60_000; minutes += 1) await minute()
    expect(told()).not.toContain('raise-derived')
    for (let minutes = 0; minutes < 3; minutes += 1) await minute()
    expect(told().filter((type) => type === 'raise-derived')).toHaveLength(1)
    expect(commands.at(-1)).toMatchObject({
      subject: { kind: 'hub', hubId },
      command: { code: 'records-unaccounted', text: expect.stringContaining('10 records') as string },
    })
    await arrive(many(101, 110))
    await minute()
    expect(told().at(-1)).toBe('end-derived')
    expect((await ledgers.of(hubId, 24)).total).toMatchObject({ produced: 200, stored: 200, unaccounted: 0 })
  })

  it('raise none while they wait on the hub, are thinned or refused, or the hub is silent', async () => {
    const { arrive, told, clock, beat, ledgers, journal } = bench()
    await arrive(many(1, 100))
    await arrive(many(301, 400))
    await journal.receipts.refuse(
      hubId,
      many(101, 120).map((seq) => ({ bootId, seq })),
    )
    for (let minutes = 0; minutes < 40; minutes += 1) {
      clock.advance(60_000)
      const telemetry = { rows: 180, oldestAgeMs: (minutes + 2) * 60_000 }
      if (minutes < 20) beat({ telemetry, quarantined: 20 })
      await ledgers.look()
    }
    expect(told()).not.toContain('raise-derived')
    expect((await ledgers.of(hubId, 24)).total).toMatchObject({ stored: 200, refused: 20, waiting: 180 })
  })

  it('are found at the end of a boot that told of more than it sent', async () => {
    const { arrive, minute, beat, ledgers } = bench()
    await arrive(many(1, 100))
    beat({}, 130)
    await minute()
    await minute()
    expect((await ledgers.of(hubId, 1)).total).toMatchObject({ produced: 130, stored: 100, unaccounted: 30 })
  })
})
