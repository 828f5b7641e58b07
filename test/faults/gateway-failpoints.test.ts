import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, open as openFile, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { outboxSets, unaccounted } from '#test/support/outbox-sets.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'

const root = join(import.meta.dirname, '../..')

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-failpoint-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

interface Life {
  readonly end: number | NodeJS.Signals | null
  readonly stderr: string
}

/** `telemetryKiB`: the quota of its telemetry, so small that it is thinned all the time. */
const liveWith = (folder: string, failpoint: string, telemetryKiB?: number): Promise<Life> => {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      'test/faults/gateway-outbox-writer.ts',
      join(folder, 'outbox'),
      join(folder, 'acknowledged'),
      ...(telemetryKiB === undefined ? [] : [String(telemetryKiB)]),
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, GATEWAY_FAILPOINT: failpoint } },
  )
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ end: signal ?? code, stderr })))
}

const acknowledgedIn = async (folder: string): Promise<readonly number[]> => {
  const file = join(folder, 'acknowledged')
  return existsSync(file) ? (await readFile(file, 'utf8')).split('\n').filter(Boolean).map(Number) : []
}

describe('a kill at a failpoint', () => {
  it.each([
    'start-locked',
    'start-ready',
    'append-alarm:20',
    'append-telemetry:3',
    'committed-alarm:20',
    'committed-telemetry:3',
  ])('at %s loses nothing that was acknowledged, and leaves no hole', async (failpoint) => {
    const folder = await folderForTest()
    for (let life = 0; life < 2; life += 1) {
      const { end, stderr } = await liveWith(folder, failpoint)
      expect(end).toBe('SIGKILL')
      expect(stderr).toContain(failpoint.split(':')[0])
    }
    const acknowledged = await acknowledgedIn(folder)
    await using outbox = await openSqliteOutbox({
      folder: join(folder, 'outbox'),
      bootId: BootId.parse('boot-after'),
      quarantined: (notice) => expect.unreachable(`row ${notice.seq} was set aside: ${notice.reason}`),
      salvaged: () => expect.unreachable('a file was damaged'),
      died: () => {},
    })
    const kept = [...(await outbox.peek('alarm', 100_000)), ...(await outbox.peek('telemetry', 100_000))]
    const seqs = new Set(kept.map(({ seq }) => seq))
    expect(acknowledged.filter((seq) => !seqs.has(seq))).toEqual([])
    expect(acknowledged.length > 0).toBe(!failpoint.startsWith('start-'))
    for (const ofBoot of Map.groupBy(kept, ({ bootId }) => bootId).values()) {
      const numbers = ofBoot.map(({ seq }) => seq)
      expect(Math.max(...numbers) - Math.min(...numbers) + 1).toBe(numbers.length)
    }
  })

  it.each([
    'thin-step:2',
    'thin-step:3',
    'thin-committed',
    'thin-committed:4',
    'tombstone-copied',
    'tombstone-copied:3',
    'start-tombstones',
  ])('at %s leaves each number waiting or in one tombstone, and no tombstone twice', async (failpoint) => {
    const folder = await folderForTest()
    // A start can only be cut short in the middle of a copy when the life before left one.
    const lives = failpoint === 'start-tombstones' ? ['thin-committed', failpoint] : [failpoint, failpoint]
    for (const place of lives) {
      const { end, stderr } = await liveWith(folder, place, 256)
      expect([end, stderr]).toEqual(['SIGKILL', expect.stringContaining(place.split(':')[0]!)])
    }
    const outbox = await openSqliteOutbox({
      folder: join(folder, 'outbox'),
      bootId: BootId.parse('boot-after'),
      limits: smallOutbox,
      quarantined: (notice) => expect.unreachable(`row ${notice.seq} was set aside: ${notice.reason}`),
      salvaged: () => expect.unreachable('a file was damaged'),
      died: () => {},
    })
    const tombstones = (await outbox.peek('alarm', 1_000_000)).flatMap((record) =>
      record.kind === 'tombstone' ? [record.body.id] : [],
    )
    await outbox[Symbol.asyncDispose]()
    expect(new Set(tombstones).size).toBe(tombstones.length)
    expect(tombstones.length).toBeGreaterThan(0)
    const sets = [...outboxSets(join(folder, 'outbox')).values()]
    const held = new Set(sets.flatMap(({ pending, tombstoned }) => [...pending, ...tombstoned]))
    expect((await acknowledgedIn(folder)).filter((seq) => !held.has(seq))).toEqual([])
    for (const { pending, tombstoned } of sets) {
      expect(pending.intersection(tombstoned).size).toBe(0)
      const numbers = [...pending.union(tombstoned)].toSorted((a, b) => a - b)
      expect(unaccounted(numbers[0]!, numbers.at(-1)!, pending, tombstoned)).toEqual([])
    }
  })

  it.each(['start-salvage', 'start-set-aside'])(
    'at %s carries every good row over at the next start',
    async (failpoint) => {
      const folder = await folderForTest()
      expect((await liveWith(folder, 'committed-alarm:300')).end).toBe('SIGKILL')
      const path = join(folder, 'outbox/alarm.db')
      {
        // Out of the log and into the file, where the damage is.
        using file = new DatabaseSync(path)
        file.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      }
      const acknowledged = await acknowledgedIn(folder)
      const whole = await readFile(path)
      const leaf = Array.from({ length: whole.length / 4096 }, (_, page) => page).filter(
        (page) => whole[page * 4096] === 0x0d && whole.subarray(page * 4096, (page + 1) * 4096).includes('"episodeId"'),
      )
      const file = await openFile(path, 'r+')
      await file.write(Buffer.alloc(100, 0xa5), 0, 100, leaf[Math.floor(leaf.length / 2)]! * 4096)
      await file.close()

      expect((await liveWith(folder, failpoint)).end).toBe('SIGKILL')
      const salvaged: number[] = []
      await using outbox = await openSqliteOutbox({
        folder: join(folder, 'outbox'),
        bootId: BootId.parse('boot-after'),
        limits: smallOutbox,
        quarantined: (notice) => expect.unreachable(`row ${notice.seq} was set aside: ${notice.reason}`),
        salvaged: (_lane, rows) => salvaged.push(rows),
        died: () => {},
      })
      const kept = new Set(
        [...(await outbox.peek('alarm', 100_000)), ...(await outbox.peek('telemetry', 100_000))].map(({ seq }) => seq),
      )
      // One page is gone, and what lay on it.
      const lost = acknowledged.filter((seq) => !kept.has(seq))
      expect(lost.length).toBeGreaterThan(0)
      expect(lost.length).toBeLessThan(40)
      expect(salvaged).toHaveLength(1)
      expect(
        (await readdir(join(folder, 'outbox'))).filter((name) => /^alarm\.damaged-.*\.db$/.test(name)),
      ).toHaveLength(1)
    },
  )

  it('that does not exist stops the start instead of passing unnoticed', async () => {
    const { end, stderr } = await liveWith(await folderForTest(), 'start-nowhere')
    expect(end).not.toBe('SIGKILL')
    expect(stderr).toContain('GATEWAY_FAILPOINT=start-nowhere')
  })
})
