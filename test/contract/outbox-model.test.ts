import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId, PumpId } from '#domain/ids.ts'
import { LaneFiles } from '#gateway/adapters/sqlite-outbox/lane-files.ts'
import { gatewayErrorCode } from '#gateway/core/errors.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'
import { numbersOf, outboxSets, unaccounted } from '#test/support/outbox-sets.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { NewRecord } from '#gateway/core/ports.ts'

/** Telemetry fills it in a few appends, so that thinning and dropping are part of most runs. */
const limits = { ...smallOutbox, telemetryBytes: 128 * 1024, quarantineRows: 20 }

interface BootModel {
  readonly first: number
  last: number
}

/** What the outside knows: what was acknowledged, what the server has, what was set aside. */
class Model {
  readonly boots = new Map<string, BootModel>()
  readonly lanes = new Map<number, Lane>()
  readonly stored = new Set<number>()
  readonly aside = new Set<number>()
  /** Named by tombstones that the server has. */
  readonly buried = new Set<number>()
}

/** The outbox on real files, with a kill that leaves them as they lie. */
class Real {
  readonly root = mkdtempSync(join(tmpdir(), 'outbox-model-'))
  readonly abandoned: LaneFiles[] = []
  folder = join(this.root, 'life-0')
  lives = 0
  nowMs = 0
  files: LaneFiles

  constructor() {
    this.files = this.open()
  }

  get boot(): string {
    return `boot-${this.lives}`
  }

  open(): LaneFiles {
    return new LaneFiles({
      folder: this.folder,
      bootId: BootId.parse(this.boot),
      limits,
      stamp: () => ({ monotonicMs: this.nowMs, wallAt: 1_767_600_000_000 + this.nowMs, clockQuality: 'unknown' }),
      die: (error) => {
        throw new Error('died', { cause: error })
      },
    })
  }

  endCleanly(): void {
    this.files[Symbol.dispose]()
    this.lives += 1
    this.nowMs = 0
    this.files = this.open()
  }

  kill(): void {
    const next = join(this.root, `life-${this.lives + 1}`)
    cpSync(this.folder, next, { recursive: true })
    // Its shared memory does not outlive a process that the copy never had.
    for (const lane of ['alarm', 'telemetry']) rmSync(join(next, `${lane}.db-shm`), { force: true })
    this.abandoned.push(this.files)
    this.folder = next
    this.lives += 1
    this.nowMs = 0
    this.files = this.open()
  }

  dispose(): void {
    for (const files of [...this.abandoned, this.files]) files[Symbol.dispose]()
    rmSync(this.root, { recursive: true, force: true })
  }
}

type Command = fc.Command<Model, Real>

const note = (model: Model, real: Real): void => {
  const { manifest, ledger } = real.files.depth()
  if (manifest === null) return
  model.boots.set(real.boot, { first: manifest.firstSeq, last: manifest.lastSeq })
  expect(ledger.settled + ledger.pending + ledger.tombstoned + ledger.quarantined).toBe(
    manifest.lastSeq - manifest.firstSeq + 1,
  )
}

const command = (name: string, run: (model: Model, real: Real) => void): Command => ({
  check: () => true,
  run: (model, real) => {
    run(model, real)
    note(model, real)
  },
  toString: () => name,
})

const records = (lane: Lane, count: number, real: Real): readonly NewRecord[] =>
  Array.from({ length: count }, (_, index) => {
    const stamp = { monotonicMs: real.nowMs + index * 400, wallAt: 1_767_600_000_000 + real.nowMs }
    const pumpId = PumpId.parse(`PUMP-${index % 3}`)
    return lane === 'alarm'
      ? { ...conditionRecord({ pumpId }), ...stamp }
      : { ...telemetryRecord({ pumpId }), ...stamp }
  })

const append = (lane: Lane, count: number): Command =>
  command(`append ${count} ${lane}`, (model, real) => {
    real.nowMs += 20_000
    try {
      const seqs = real.files.append(lane, records(lane, count, real))
      for (const seq of seqs) model.lanes.set(seq, lane)
    } catch (error) {
      // Refused, so nothing was promised; alarms have room.
      expect([lane, gatewayErrorCode(error)]).toEqual(['telemetry', 'GW_OUTBOX_FULL'])
    }
  })

const settle = (lane: Lane, limit: number): Command =>
  command(`settle ${limit} ${lane}`, (model, real) => {
    const told = real.files.file(lane).peek(limit, 'oldest').records
    for (const record of told) {
      model.stored.add(record.seq)
      if (record.kind === 'tombstone') for (const seq of numbersOf(record.body)) model.buried.add(seq)
    }
    const seqs = told.map(({ seq }) => seq)
    real.files.settle(seqs)
    real.files.settle(seqs)
  })

const quarantine = (lane: Lane): Command =>
  command(`quarantine ${lane}`, (model, real) => {
    const [oldest] = real.files.file(lane).peek(1, 'oldest').records
    if (oldest === undefined) return
    expect(real.files.file(lane).quarantine(oldest.seq, 'refused: test')).toHaveLength(1)
    model.aside.add(oldest.seq)
  })

const thin = (steps: number): Command =>
  command(`thin ${steps}`, (_model, real) => {
    for (let step = 0; step < steps && real.files.thin(); step += 1);
  })

const commands = fc.commands(
  [
    fc.integer({ min: 1, max: 5 }).map((count) => append('alarm', count)),
    fc.integer({ min: 1, max: 200 }).map((count) => append('telemetry', count)),
    fc.integer({ min: 50, max: 200 }).map((count) => append('telemetry', count)),
    fc.integer({ min: 1, max: 10 }).map((limit) => settle('alarm', limit)),
    fc.integer({ min: 1, max: 100 }).map((limit) => settle('telemetry', limit)),
    fc.constantFrom<Lane>('alarm', 'telemetry').map(quarantine),
    fc.integer({ min: 1, max: 5 }).map(thin),
    fc.constant(command('keep house', (_model, real) => real.files.tick())),
    fc.constant(command('end and start', (_model, real) => real.endCleanly())),
    fc.constant(command('kill and start', (_model, real) => real.kill())),
  ],
  { maxCommands: 40, size: 'max' },
)

/** Everything that was acknowledged is somewhere, and no number of any boot is missing. */
const judge = (model: Model, real: Real): number => {
  const alarms = new Set(real.files.alarm.peek(1_000_000, 'oldest').records.map(({ seq }) => seq))
  real.files[Symbol.dispose]()
  const sets = outboxSets(real.folder)
  real.files = real.open()
  const held = new Set(
    [...sets.values()].flatMap(({ pending, tombstoned, quarantined }) => [...pending, ...tombstoned, ...quarantined]),
  )
  for (const [seq, lane] of model.lanes) {
    if (model.stored.has(seq) || model.buried.has(seq)) continue
    expect([seq, held.has(seq)]).toEqual([seq, true])
    if (lane === 'alarm') expect([seq, alarms.has(seq) || model.aside.has(seq)]).toEqual([seq, true])
  }
  for (const [boot, { first, last }] of model.boots) {
    const { pending, tombstoned, quarantined } = sets.get(boot) ?? {
      pending: new Set<number>(),
      tombstoned: new Set<number>(),
      quarantined: new Set<number>(),
    }
    expect(unaccounted(first, last, model.stored, model.buried, pending, tombstoned, quarantined)).toEqual([])
    for (const seq of tombstoned.union(model.buried)) expect(model.lanes.get(seq) ?? 'telemetry').toBe('telemetry')
  }
  return [...sets.values()].reduce((sum, { tombstoned }) => sum + tombstoned.size, 0)
}

describe('the outbox against a model (property)', () => {
  it('accounts for every number through appends, verdicts, thinning, ends and kills', () => {
    let buried = 0
    fc.assert(
      fc.property(commands, (all) => {
        const real = new Real()
        try {
          const model = new Model()
          fc.modelRun(() => ({ model, real }), all)
          buried += judge(model, real)
        } finally {
          real.dispose()
        }
      }),
      { numRuns: Number(process.env['OUTBOX_RUNS'] ?? 25) },
    )
    // The runs did reach the tombstones.
    expect(buried).toBeGreaterThan(0)
  })
})
