import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'

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

const liveWith = (folder: string, failpoint: string): Promise<Life> => {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      'test/faults/gateway-outbox-writer.ts',
      join(folder, 'outbox'),
      join(folder, 'acknowledged'),
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

  it('that does not exist stops the start instead of passing unnoticed', async () => {
    const { end, stderr } = await liveWith(await folderForTest(), 'start-nowhere')
    expect(end).not.toBe('SIGKILL')
    expect(stderr).toContain('GATEWAY_FAILPOINT=start-nowhere')
  })
})
