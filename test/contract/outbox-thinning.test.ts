import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId, PumpId } from '#domain/ids.ts'
import { LaneFiles } from '#gateway/adapters/sqlite-outbox/lane-files.ts'
import { defaultLimits } from '#gateway/adapters/sqlite-outbox/limits.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'
import { outboxSets, unaccounted } from '#test/support/outbox-sets.ts'
import type { OutboxLimits } from '#gateway/adapters/sqlite-outbox/limits.ts'
import type { NewRecord, QuarantineNotice, Stamp } from '#gateway/core/ports.ts'

const mebibyte = 1024 * 1024
const smallLimits: OutboxLimits = {
  ...defaultLimits,
  telemetryBytes: mebibyte,
  reserveBytes: 256 * 1024,
  ballastBytes: 64 * 1024,
}

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-thin-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

class Hub {
  nowMs = 0
  readonly files: LaneFiles
  readonly notices: QuarantineNotice[] = []

  constructor(folder: string, boot: string, limits = smallLimits) {
    this.files = new LaneFiles({
      folder,
      bootId: BootId.parse(boot),
      limits,
      stamp: () => this.stamp(),
      quarantined: (notice) => this.notices.push(notice),
      die: (error) => {
        throw new Error('died', { cause: error })
      },
    })
  }

  stamp(): Stamp {
    return { monotonicMs: this.nowMs, wallAt: 1_767_600_000_000 + this.nowMs, clockQuality: 'unknown' }
  }

  /** One second of ten pumps at 1 Hz. */
  second(pumps = 10): void {
    this.nowMs += 1_000
    this.files.append(
      'telemetry',
      Array.from({ length: pumps }, (_, pump) => this.sample(pump)),
    )
  }

  sample(pump: number): NewRecord {
    const pumpId = PumpId.parse(`PUMP-${pump}`)
    return {
      ...telemetryRecord({ pumpId, rateMlPerHour: 10 + ((this.nowMs / 1_000) % 5) }),
      ...this.stamp(),
    }
  }

  thinAll(): number {
    let steps = 0
    while (this.files.thin()) steps += 1
    return steps
  }
}

const bodiesOf = (files: LaneFiles): string[] =>
  files.telemetry.peek(1_000_000, 'oldest').records.map(({ kind }) => kind)

describe('the telemetry quota', () => {
  it('thins the oldest minutes at 80 %, names them in tombstones, and leaves no number unaccounted for', async () => {
    const folder = await folderForTest()
    const hub = new Hub(folder, 'boot-1')
    for (let second = 0; second < 1_200; second += 1) {
      hub.second()
      hub.thinAll()
    }
    const { ledger, manifest, tombstoned, storage } = hub.files.depth()
    expect(tombstoned).toBeGreaterThan(5_000)
    expect(storage!.telemetryBytes).toBeLessThan(0.82 * mebibyte)
    const { firstSeq, lastSeq } = manifest!
    expect(ledger.settled + ledger.pending + ledger.tombstoned + ledger.quarantined).toBe(lastSeq - firstSeq + 1)
    expect(bodiesOf(hub.files)[0]).toBe('thinned')
    // The live picture asks for the newest: that is never a thinned one.
    expect(hub.files.telemetry.peek(50, 'newest').records.every(({ kind }) => kind === 'telemetry')).toBe(true)
    // They come before all others, so nobody looks ahead of them.
    expect(hub.files.telemetry.peek(50, 'oldest', firstSeq).records).toEqual([])
    hub.files[Symbol.dispose]()

    const { pending, tombstoned: buried, quarantined } = outboxSets(folder).get('boot-1')!
    expect(unaccounted(firstSeq, lastSeq, pending, buried, quarantined)).toEqual([])
    expect(pending.intersection(buried).size).toBe(0)
    expect(buried.size).toBe(tombstoned)
  })

  it('thins harder and then drops the oldest; alarms are never touched', async () => {
    const folder = await folderForTest()
    const hub = new Hub(folder, 'boot-1', { ...smallLimits, telemetryBytes: 320 * 1024 })
    const alarms = hub.files.append(
      'alarm',
      Array.from({ length: 200 }, () => conditionRecord()),
    )
    for (let second = 0; second < 400; second += 1) {
      hub.second()
      hub.thinAll()
    }
    // Samples five minutes apart: thinning finds nothing to gather.
    for (let round = 0; round < 100; round += 1) {
      hub.nowMs += 300_000
      hub.second(40)
      hub.thinAll()
    }
    const reasons = new Set(
      hub.files.alarm
        .peek(100_000, 'oldest')
        .records.flatMap((record) => (record.kind === 'tombstone' ? [record.body.reason] : [])),
    )
    expect(reasons).toEqual(new Set(['thinned', 'dropped']))
    const kept = hub.files.alarm.peek(100_000, 'oldest').records.filter(({ kind }) => kind === 'condition')
    expect(kept.map(({ seq }) => seq)).toEqual(alarms)
    const { manifest } = hub.files.depth()
    hub.files[Symbol.dispose]()
    const { pending, tombstoned, quarantined } = outboxSets(folder).get('boot-1')!
    expect(unaccounted(manifest!.firstSeq, manifest!.lastSeq, pending, tombstoned, quarantined)).toEqual([])
  })

  it('thins what earlier boots left, under numbers of this one', async () => {
    const folder = await folderForTest()
    const first = new Hub(folder, 'boot-1')
    for (let second = 0; second < 200; second += 1) first.second()
    const last = first.files.depth().manifest!.lastSeq
    first.files[Symbol.dispose]()
    const second = new Hub(folder, 'boot-2', { ...smallLimits, telemetryBytes: 256 * 1024 })
    expect(second.thinAll()).toBeGreaterThan(0)
    const [oldest] = second.files.telemetry.peek(1, 'oldest').records
    expect(oldest).toMatchObject({ kind: 'thinned', bootId: 'boot-2', body: { of: { bootId: 'boot-1' } } })
    expect(oldest!.seq).toBeGreaterThan(last)
    const { manifest } = second.files.depth()
    second.files[Symbol.dispose]()
    const sets = outboxSets(folder)
    const one = sets.get('boot-1')!
    const two = sets.get('boot-2')!
    expect(unaccounted(1, last, one.pending, one.tombstoned)).toEqual([])
    expect(unaccounted(manifest!.firstSeq, manifest!.lastSeq, two.pending, two.tombstoned)).toEqual([])
  })

  it('drops what has waited longer than it may, in hours the hub has run; a wall clock that jumps drops nothing', async () => {
    const folder = await folderForTest()
    const hub = new Hub(folder, 'boot-1', { ...smallLimits, telemetryDays: 1 })
    hub.second()
    hub.files.tick()
    const hour = 3_600_000
    for (let hours = 0; hours < 24; hours += 1) {
      hub.nowMs += hour
      hub.files.tick()
      hub.thinAll()
    }
    expect(hub.files.depth().telemetry.rows).toBe(10)
    hub.second()
    hub.nowMs += 2 * hour
    hub.files.tick()
    hub.thinAll()
    expect(hub.files.depth()).toMatchObject({ telemetry: { rows: 10 }, tombstoned: 10 })
    hub.files[Symbol.dispose]()
  })

  it('sets a damaged row aside on the way and goes on', async () => {
    const folder = await folderForTest()
    const hub = new Hub(folder, 'boot-1')
    for (let second = 0; second < 120; second += 1) hub.second()
    hub.files.telemetry.execute('UPDATE records SET wall_ms = wall_ms + 1 WHERE seq = 77')
    hub.files.telemetry.limitPages(1)
    hub.files[Symbol.dispose]()
    const again = new Hub(folder, 'boot-2', { ...smallLimits, telemetryBytes: 64 * 1024 })
    again.thinAll()
    expect(again.notices).toMatchObject([{ seq: 77, lane: 'telemetry', reason: 'crc' }])
    again.files[Symbol.dispose]()
    const { pending, tombstoned, quarantined } = outboxSets(folder).get('boot-1')!
    expect([...quarantined]).toEqual([77])
    expect(unaccounted(1, 1_200, pending, tombstoned, quarantined)).toEqual([])
  })

  it('refuses telemetry that has no room and takes alarms all the same', async () => {
    const hub = new Hub(await folderForTest(), 'boot-1')
    hub.files.telemetry.limitPages(hub.files.telemetry.pages)
    const refused = (): void => {
      for (let second = 0; second < 100; second += 1) hub.second()
    }
    expect(refused).toThrow(expect.objectContaining({ code: 'GW_OUTBOX_FULL' }))
    expect(hub.files.trouble()).toMatchObject({
      refusesAlarms: false,
      text: expect.stringContaining('no room left to store measurements'),
    })
    expect(hub.files.append('alarm', [conditionRecord()])).toHaveLength(1)
    hub.files[Symbol.dispose]()
  })
})

describe('the quarantine', () => {
  it('keeps key, reason and hash when its bodies have outgrown the cap', async () => {
    const folder = await folderForTest()
    const hub = new Hub(folder, 'boot-1', { ...smallLimits, quarantineBytes: 2_000 })
    const seqs = hub.files.append(
      'alarm',
      Array.from({ length: 20 }, () => conditionRecord()),
    )
    for (const seq of seqs) expect(hub.files.alarm.quarantine(seq, 'refused: schema')).toHaveLength(1)
    const rows = hub.files.alarm.read(() => hub.files.alarm.statement('quarantineWithBody').all(100))
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.reduce((sum, row) => sum + Number(row['bytes']), 0)).toBeLessThanOrEqual(2_000)
    expect(rows.at(-1)?.['seq']).toBe(seqs.at(-1))
    expect(hub.files.depth()).toMatchObject({ quarantined: 20, ledger: { quarantined: 20, pending: 0 } })
    hub.files[Symbol.dispose]()
    expect(outboxSets(folder).get('boot-1')!.quarantined.size).toBe(20)
  })

  it('of telemetry becomes a tombstone beyond its rows, of alarms never', async () => {
    const folder = await folderForTest()
    const hub = new Hub(folder, 'boot-1', { ...smallLimits, quarantineRows: 5 })
    for (let second = 0; second < 3; second += 1) hub.second()
    const alarms = hub.files.append(
      'alarm',
      Array.from({ length: 10 }, () => conditionRecord()),
    )
    for (let seq = 1; seq <= 12; seq += 1) hub.files.telemetry.quarantine(seq, 'refused: store: beyond retention')
    for (const seq of alarms) hub.files.alarm.quarantine(seq, 'refused: schema')
    hub.thinAll()
    expect(hub.files.depth()).toMatchObject({ quarantined: 15, tombstoned: 7 })
    const { manifest, ledger } = hub.files.depth()
    expect(ledger.settled + ledger.pending + ledger.tombstoned + ledger.quarantined).toBe(
      manifest!.lastSeq - manifest!.firstSeq + 1,
    )
    hub.files[Symbol.dispose]()
  })
})
