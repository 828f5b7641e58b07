import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { BootId, HubId, PumpId, UserId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type { EventRecord } from '#domain/uplink/records.ts'
import { recordsOfHub } from '#server/adapters/sqlite/hub-log.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import type { Journal } from '#server/adapters/sqlite/open-journal.ts'

const hub1 = HubId.parse('hub-1')
const lind = { userId: UserId.parse('u-lind'), name: 'j.lind' }
const act = { requestId: 'request-1', hubId: hub1, kind: 'note' as const, text: 'Line is slow', by: lind }

const eventOf = (seq: number): EventRecord => ({
  seq,
  bootId: BootId.parse('boot-1'),
  pumpId: PumpId.parse('P-1'),
  monotonicMs: 0,
  wallAt: 0,
  clockQuality: 'ntp',
  lane: 'alarm',
  kind: 'event',
  body: { event: 'program-set', detail: { from: 2, to: 4, reason: 'Anna’s rate' }, measurementStatus: ['valid'] },
})

const keep = (journal: Journal, hubId: HubId, seq: number) =>
  journal.alarms.commit({
    at: instant(0),
    appends: [],
    hubId,
    received: [],
    records: [
      {
        hubId,
        record: eventOf(seq),
        numbering: 0,
        occurredAt: instant(seq * 10),
        uncertaintyMs: 2,
        receivedAt: instant(seq * 100),
        late: seq === 1,
      },
    ],
  })

it('acts on a hub survive the end of the server, and one sent twice is kept once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hub-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const journal = openJournal(join(folder, 'journal.db'))
  await journal.hubLog.add({ ...act, at: instant(1000) })
  await journal.hubLog.add({ ...act, text: 'again', at: instant(2000) })
  await journal.hubLog.add({ ...act, requestId: 'request-2', kind: 'visit', at: instant(3000) })
  await journal.alarms[Symbol.asyncDispose]()
  const again = openJournal(join(folder, 'journal.db'))
  expect(again.hubLog.of(hub1, 10).map(({ kind, text, at }) => [kind, text, at])).toEqual([
    ['visit', 'Line is slow', 3000],
    ['note', 'Line is slow', 1000],
  ])
  expect(again.hubLog.since(2500).map(({ by }) => by)).toEqual([lind])
  expect(again.hubLog.of(HubId.parse('hub-2'), 10)).toEqual([])
  await again.alarms[Symbol.asyncDispose]()
})

it('the newest records of one hub come by their arrival, without figures and words, by an index', async () => {
  await using stack = new AsyncDisposableStack()
  const journal = openJournal(':memory:')
  stack.use(journal.alarms)
  for (const seq of [1, 2, 3]) await keep(journal, hub1, seq)
  await keep(journal, HubId.parse('hub-2'), 4)
  const records = journal.hubLog.records(hub1, 2)
  expect(records.map(({ seq, what, late }) => [seq, what, late])).toEqual([
    [3, 'program-set', false],
    [2, 'program-set', false],
  ])
  expect(JSON.stringify(records)).not.toContain('Anna')
  expect(Object.keys(records[0] ?? {})).not.toContain('detail')
  const plan = journal.database
    .prepare(`EXPLAIN QUERY PLAN ${recordsOfHub}`)
    .all()
    .map(({ detail }) => String(detail))
    .join('; ')
  expect(plan).toContain('hub_record_of_hub')
  expect(plan).not.toContain('TEMP B-TREE')
})
