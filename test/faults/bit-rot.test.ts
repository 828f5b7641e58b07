import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, afterAll, describe, expect, it } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { LaneFiles } from '#gateway/adapters/sqlite-outbox/lane-files.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'
import { tokenOf } from '#test/support/power-cut/acknowledgements.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'
import type { QuarantineNotice } from '#gateway/core/ports.ts'
import type { Random } from '#simulators/core/random.ts'

// Bits flip and files are cut while they lie on the disk. The outbox opens all the same, gives back no row that is not as it was
// stored, and says what it misses: rows that are set aside by their number, a file that is set aside by its name.

const seed = Number(process.env['BIT_ROT_SEED'] ?? 20_260_113)
const flips = Number(process.env['BIT_FLIPS'] ?? 400)
const cuts = 60
const alarms = 120
const samples = 400

const open = (folder: string, boot: string, notices: QuarantineNotice[] = []): LaneFiles =>
  new LaneFiles({
    folder,
    bootId: BootId.parse(boot),
    limits: smallOutbox,
    quarantined: (notice) => notices.push(notice),
    die: (error) => {
      throw error
    },
  })

interface Outcome {
  readonly missing: number
  readonly changed: number
  readonly named: number
  readonly setAside: number
}

const flipOne =
  (random: Random) =>
  (bytes: Buffer): Buffer => {
    const at = random.whole(0, bytes.length - 1)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.whole(0, 7))
    return bytes
  }

const sum = (outcomes: readonly Outcome[]) => ({
  lostRows: outcomes.reduce((rows, { missing }) => rows + missing, 0),
  changed: outcomes.reduce((rows, { changed }) => rows + changed, 0),
  harmless: outcomes.filter(({ missing, setAside }) => missing + setAside === 0).length,
  setAside: outcomes.filter(({ setAside }) => setAside > 0).length,
  /** Something is missing, and nobody was told. */
  silent: outcomes.filter(({ missing, named, setAside }) => missing > 0 && named + setAside === 0).length,
  /** No file was set aside, and more is missing than was named. */
  unnamed: outcomes.filter(({ missing, named, setAside }) => setAside === 0 && missing > named).length,
  worst: Math.max(...outcomes.map(({ missing }) => missing)),
})

describe(`bit rot, seed ${seed}`, () => {
  let root: string
  /** Closed cleanly: all is in the two files. */
  let closed: string
  /** Killed: the newest rows are in the write-ahead logs. */
  let killed: string
  const stored = new Map<number, string>()

  beforeAll(() => {
    root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bit-rot-'))
    closed = join(root, 'closed')
    killed = join(root, 'killed')
    const files = open(closed, 'boot-1')
    const put = (lane: 'alarm' | 'telemetry', records: Parameters<LaneFiles['append']>[1]): void => {
      for (const [index, seq] of files.append(lane, records).entries()) {
        const record = records[index]
        if (record !== undefined) stored.set(seq, tokenOf({ ...record, seq, bootId: BootId.parse('boot-1') }) ?? '')
      }
    }
    for (let n = 0; n < alarms; n += 1) put('alarm', [conditionRecord({ episodeId: `episode-${n}` })])
    for (let n = 0; n < samples; n += 20)
      put(
        'telemetry',
        Array.from({ length: 20 }, (_, index) => telemetryRecord({ rateMlPerHour: n + index + 0.25 })),
      )
    // Somebody pulls the plug of the process: what is on the disk now is what a killed one leaves.
    mkdirSync(killed)
    for (const name of readdirSync(closed))
      if (!name.endsWith('-shm')) copyFileSync(join(closed, name), join(killed, name))
    files[Symbol.dispose]()
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  /** A copy of `from` with one file changed by `harm`, opened and read whole. */
  const harmed = (from: string, file: string, harm: (bytes: Buffer) => Buffer): Outcome => {
    const folder = join(root, 'harmed')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    for (const name of readdirSync(from)) copyFileSync(join(from, name), join(folder, name))
    writeFileSync(join(folder, file), harm(readFileSync(join(from, file))))
    const notices: QuarantineNotice[] = []
    using files = open(folder, 'boot-2', notices)
    const present = new Map<number, string>()
    for (const lane of [files.alarm, files.telemetry]) {
      const { records, quarantined } = lane.peek(100_000, 'oldest')
      notices.push(...quarantined)
      for (const record of records) if (stored.has(record.seq)) present.set(record.seq, tokenOf(record) ?? '')
    }
    // Life goes on, above every number that was ever given.
    expect(files.append('alarm', [conditionRecord()])[0]).toBeGreaterThan(Math.max(0, ...present.keys()))
    const setAside = Object.values(files.salvaged)
    for (const { setAside: name } of setAside) expect(existsSync(join(folder, name))).toBe(true)
    return {
      missing: [...stored.keys()].filter((seq) => !present.has(seq)).length,
      changed: [...present].filter(([seq, token]) => stored.get(seq) !== token).length,
      named: notices.length,
      setAside: setAside.length,
    }
  }

  it('of one bit in a file costs at most what is said, and never in silence', () => {
    const random = seededRandom(seed)
    const outcomes = Array.from({ length: flips }, (_, n) =>
      harmed(closed, n % 2 === 0 ? 'alarm.db' : 'telemetry.db', flipOne(random)),
    )
    const { lostRows, changed, harmless, setAside, silent, unnamed, worst } = sum(outcomes)
    console.log(
      `${flips} single bits flipped in files of ${stored.size} rows: ${harmless} harmless, ${setAside} files set aside, ${lostRows} rows lost ` +
        `(at most ${worst} by one bit), ${silent} losses in silence, ${changed} changed rows given back`,
    )
    expect({ changed, silent, unnamed }).toEqual({ changed: 0, silent: 0, unnamed: 0 })
    expect(harmless).toBeLessThan(flips)
  })

  it('of a cut file costs what it held, is told, and the rest goes on', () => {
    const random = seededRandom(seed + 1)
    const outcomes = Array.from({ length: cuts }, (_, n) =>
      harmed(closed, n % 2 === 0 ? 'alarm.db' : 'telemetry.db', (bytes) =>
        bytes.subarray(0, random.whole(0, bytes.length - 1)),
      ),
    )
    const { lostRows, changed, setAside, silent } = sum(outcomes)
    console.log(`${cuts} files cut: ${setAside} set aside, ${lostRows} rows lost, ${silent} losses in silence`)
    expect({ changed, silent }).toEqual({ changed: 0, silent: 0 })
  })

  it('of one bit in a write-ahead log gives back nothing that is not as it was stored', () => {
    const random = seededRandom(seed + 2)
    const outcomes = Array.from({ length: flips / 2 }, (_, n) =>
      harmed(killed, n % 2 === 0 ? 'alarm.db-wal' : 'telemetry.db-wal', flipOne(random)),
    )
    const { lostRows, changed, silent } = sum(outcomes)
    // SQLite takes the log up to the first frame that does not fit: the server finds the rest missing (reliability.md 3 rule 20).
    console.log(
      `${outcomes.length} single bits flipped in write-ahead logs: ${lostRows} rows cut off, ${silent} times without a word from the files, ` +
        `${changed} changed rows given back`,
    )
    expect(changed).toBe(0)
  })
})
