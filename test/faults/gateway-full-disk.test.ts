import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mkdtemp, rm } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { DiskProof } from '#gateway/adapters/sqlite-outbox/disk-proof.ts'
import { LaneFiles } from '#gateway/adapters/sqlite-outbox/lane-files.ts'
import { defaultLimits } from '#gateway/adapters/sqlite-outbox/limits.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { gatewayErrorCode } from '#gateway/core/errors.ts'
import { eventually } from '#test/support/eventually.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'
import { breakableDisk, fillDisk, freeBytes, mayMount, smallDisk } from '#test/support/small-disk.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'
import type { OutboxLimits } from '#gateway/adapters/sqlite-outbox/limits.ts'
import type { NewRecord } from '#gateway/core/ports.ts'

const root = join(import.meta.dirname, '../..')
const mebibyte = 1024 * 1024
const limits: OutboxLimits = {
  ...defaultLimits,
  telemetryBytes: 8 * mebibyte,
  reserveBytes: 4 * mebibyte,
  ballastBytes: 2 * mebibyte,
}
const nothingKept: OutboxLimits = { ...limits, reserveBytes: 0, ballastBytes: 0 }

const openOn = (disk: string, boot: string, kept = limits): LaneFiles =>
  new LaneFiles({
    folder: join(disk, 'outbox'),
    bootId: BootId.parse(boot),
    limits: kept,
    // Time stands still: housekeeping takes none, so it never rests.
    stamp: () => ({ monotonicMs: 0, wallAt: 1_767_600_000_000, clockQuality: 'unknown' }),
    die: (error) => {
      throw new Error('died', { cause: error })
    },
  })

/** Keeps house until nothing changes any more. */
const settleDown = (files: LaneFiles): void => {
  for (let tick = 0; tick < 100; tick += 1) files.tick()
}

/** Appends one by one until it is refused, at most `most`. Returns how many were taken. */
const appendUntilRefused = (files: LaneFiles, record: () => NewRecord, most: number): number => {
  for (let taken = 0; taken < most; taken += 1)
    try {
      files.append(record().lane, [record()])
    } catch (error) {
      if (gatewayErrorCode(error) !== 'GW_OUTBOX_FULL') throw error
      return taken
    }
  return most
}

/** Alarms that fit on a disk on which nothing is free. */
const alarmsOnFullDisk = (kept: OutboxLimits): number => {
  const disk = smallDisk(24)
  const files = openOn(disk, 'boot-1', kept)
  settleDown(files)
  files.append('alarm', [conditionRecord()])
  files.append('telemetry', [telemetryRecord()])
  using hog = fillDisk(disk)
  expect([hog.bytes > 0, freeBytes(disk)]).toEqual([true, 0])
  const taken = appendUntilRefused(files, conditionRecord, 100_000)
  expect(files.trouble()).toMatchObject({ refusesAlarms: true })
  expect(files.alarm.peek(200_000, 'oldest').records).toHaveLength(1 + taken)
  files.alarm.execute('PRAGMA quick_check')
  return taken
}

describe.skipIf(!mayMount)('a full disk (needs root to mount a small one)', () => {
  it('takes alarms into the reserve; without a reserve it takes none', () => {
    const [kept, without] = [alarmsOnFullDisk(limits), alarmsOnFullDisk(nothingKept)]
    console.log(`alarms stored on a full disk: ${kept} with a reserve of 4 MiB and 2 MiB ballast, ${without} without`)
    expect(kept).toBeGreaterThan(5_000)
    expect(without).toBeLessThan(100)
  })

  it('refuses telemetry at worst, never an alarm, and goes on when there is room again', () => {
    const disk = smallDisk(24)
    const files = openOn(disk, 'boot-1')
    settleDown(files)
    {
      using hog = fillDisk(disk)
      expect(hog.bytes).toBeGreaterThan(0)
      let telemetry = 0
      for (let second = 0; second < 2_000; second += 1) {
        files.append('alarm', [conditionRecord()])
        telemetry += appendUntilRefused(files, telemetryRecord, 10)
        if (second % 50 === 0) {
          files.tick()
          while (files.thin());
        }
      }
      expect(files.depth().alarm.rows).toBeGreaterThanOrEqual(2_000)
      expect(files.trouble()).not.toBeNull()
      console.log(`on a full disk: 2000 alarms and ${telemetry} of 20000 samples taken`)
    }
    settleDown(files)
    for (let second = 0; second < 10; second += 1) {
      files.append('alarm', [conditionRecord()])
      files.append('telemetry', [telemetryRecord()])
    }
    settleDown(files)
    const { ledger, manifest, storage } = files.depth()
    expect(ledger.settled + ledger.pending + ledger.tombstoned + ledger.quarantined).toBe(
      manifest!.lastSeq - manifest!.firstSeq + 1,
    )
    expect(storage!.ballastBytes).toBe(limits.ballastBytes)
    expect(storage!.reserveBytes).toBeGreaterThan(limits.reserveBytes * 0.85)
    expect(files.trouble()).toBeNull()
    files[Symbol.dispose]()
  })

  it('lets the hub start: the ballast makes room for the log that a clean end has deleted', () => {
    const disk = smallDisk(40)
    const kept = { ...limits, ballastBytes: defaultLimits.ballastBytes }
    const first = openOn(disk, 'boot-1', kept)
    settleDown(first)
    first.append('alarm', [conditionRecord()])
    first[Symbol.dispose]()
    using hog = fillDisk(disk)
    expect(hog.bytes).toBeGreaterThan(0)
    expect(existsSync(join(disk, 'outbox/ballast'))).toBe(true)
    const second = openOn(disk, 'boot-2', kept)
    expect(existsSync(join(disk, 'outbox/ballast'))).toBe(false)
    expect(statSync(join(disk, 'outbox/alarm.db-wal')).size).toBeGreaterThan(2 * mebibyte)
    expect(appendUntilRefused(second, conditionRecord, 3_000)).toBe(3_000)
    second[Symbol.dispose]()
  })
})

describe.skipIf(!mayMount)('a disk that turns read-only (needs root and ext4 on a loop device)', () => {
  it('takes no further change from the moment on, which is asked with a file that leaves nothing behind', (context) => {
    const disk = breakableDisk(24)
    if (disk === null) return context.skip('this kernel has no ext4 that can be broken')
    const before = readdirSync(disk.path)
    using proof = new DiskProof(disk.path)
    for (let commits = 0; commits < 3; commits += 1) proof.check()
    expect(readdirSync(disk.path)).toEqual(before)
    disk.breakDown()
    expect(() => proof.check()).toThrow(/EROFS|EIO/)
  })

  it('ends the hub by SIGKILL after one line; it says why it does not start, and starts when the disk is well', async (context) => {
    const disk = breakableDisk(48)
    if (disk === null) return context.skip('this kernel has no ext4 that can be broken')
    const notes = await mkdtemp(join(tmpdir(), 'outbox-read-only-'))
    onTestFinished(() => rm(notes, { recursive: true, force: true }))
    const log = join(notes, 'acknowledged')
    const folder = join(disk.path, 'outbox')
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'test/faults/gateway-outbox-writer.ts', folder, log],
      { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)))
    const acknowledged = async (): Promise<readonly number[]> =>
      existsSync(log) ? (await readFile(log, 'utf8')).split('\n').filter(Boolean).map(Number) : []
    await eventually(async () => (await acknowledged()).length >= 100, { within: 30_000 })
    disk.breakDown()
    expect(await ended).toBe('SIGKILL')
    const lines = stderr.split('\n').filter(Boolean)
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 60, code: 'GW_OUTBOX_IO' })

    const open = () =>
      openSqliteOutbox({
        folder,
        bootId: BootId.parse('boot-after'),
        limits: smallOutbox,
        quarantined: (notice) => expect.unreachable(`row ${notice.seq} was set aside`),
        salvaged: () => expect.unreachable('a file was damaged'),
        died: () => {},
      })
    await expect(open()).rejects.toMatchObject({
      code: 'GW_OUTBOX_READONLY',
      message: expect.stringContaining('read-only'),
    })
    disk.repair()
    await using outbox = await open()
    const kept = [...(await outbox.peek('alarm', 1_000_000)), ...(await outbox.peek('telemetry', 1_000_000))]
    const seqs = new Set(kept.map(({ seq }) => seq))
    expect((await acknowledged()).filter((seq) => !seqs.has(seq))).toEqual([])
  })
})
