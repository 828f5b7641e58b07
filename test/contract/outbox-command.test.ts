import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, open as openFile, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'
import type { Outbox } from '#gateway/core/ports.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** `gateway outbox …` as a person types it. */
const gatewayOutbox = async (...args: readonly string[]): Promise<Ended> => {
  try {
    const { stdout, stderr } = await run(process.execPath, ['gateway/main.ts', 'outbox', ...args], {
      cwd: root,
      env: { ...process.env, GATEWAY_CONFIG: undefined, GATEWAY_DATA_DIR: undefined, NODE_NO_WARNINGS: '1' },
    })
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as Ended
    return { code, stdout, stderr }
  }
}

const hubForTest = async (): Promise<{ data: string; open: (boot?: string) => Promise<Outbox> }> => {
  const data = await mkdtemp(join(tmpdir(), 'outbox-command-'))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  const open = (boot = 'boot-1'): Promise<Outbox> =>
    openSqliteOutbox({
      folder: join(data, 'outbox'),
      bootId: BootId.parse(boot),
      limits: smallOutbox,
      quarantined: () => {},
      salvaged: () => {},
      died: () => {},
    })
  return { data, open }
}

describe('gateway outbox', () => {
  it('tells what waits while the hub runs, without holding it up', async () => {
    const { data, open } = await hubForTest()
    await using outbox = await open()
    await outbox.append(Array.from({ length: 12 }, () => conditionRecord()))
    const [bad] = await outbox.append([conditionRecord()])
    await outbox.quarantine(bad!, 'refused: schema at body.code')
    const telemetry = outbox.append([telemetryRecord(), telemetryRecord()])
    outbox.hurry()
    await telemetry
    const [words, json] = await Promise.all([
      gatewayOutbox('--data', data),
      gatewayOutbox('--data', data, '--json'),
      outbox.append([conditionRecord()]),
    ])
    expect(words.stderr).toBe('')
    expect(words.stdout).toContain('the hub is running')
    expect(words.stdout).toMatch(/^alarms +1[23] /m)
    expect(words.stdout).toMatch(/^measurements +2 /m)
    expect(words.stdout).toContain(`alarm: condition ${bad} of PUMP-0001`)
    expect(words.stdout).toContain('refused: schema at body.code')
    expect(JSON.parse(json.stdout)).toMatchObject({
      running: true,
      telemetry: { rows: 2, thinned: 0 },
      quarantined: 1,
      quarantinedRows: [{ seq: bad, bodyKept: true, reason: 'refused: schema at body.code' }],
      setAside: [],
    })
  })

  it('tells the same when the hub does not run, with the limits of its configuration', async () => {
    const { data, open } = await hubForTest()
    const outbox = await open()
    await outbox.append([conditionRecord()])
    await outbox[Symbol.asyncDispose]()
    const config = join(data, 'gateway.json')
    await writeFile(
      config,
      JSON.stringify({
        name: 'hub-1',
        dataDir: data,
        server: { url: 'http://127.0.0.1:1' },
        mqtt: {},
        outbox: { telemetryMiB: 16, reserveMiB: 2 },
      }),
    )
    const { code, stdout } = await gatewayOutbox('--config', config)
    expect(code).toBe(0)
    expect(stdout).toContain('the hub is not running')
    expect(stdout).toMatch(/Room for measurements +\d+ KiB of 16 MiB/)
    expect(stdout).toMatch(/Kept free for alarms .* of 2 MiB/)
    await using again = await open('boot-2')
    expect((await again.depth()).alarm.rows).toBe(1)
  })

  it('says what is missing, and how it is used', async () => {
    const { data } = await hubForTest()
    expect(await gatewayOutbox('--data', data)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no outbox in'),
    })
    expect((await gatewayOutbox('--help')).stdout).toContain('gateway outbox verify')
    expect(await gatewayOutbox('empty')).toMatchObject({ code: 2 })
    expect(await gatewayOutbox('verify', join(data, 'nowhere.db'))).toMatchObject({ code: 2 })
    expect(await gatewayOutbox('--wrong')).toMatchObject({ code: 2 })
  })
})

describe('gateway outbox verify', () => {
  it('calls good files good, also while the hub runs', async () => {
    const { data, open } = await hubForTest()
    await using outbox = await open()
    await outbox.append(Array.from({ length: 700 }, () => conditionRecord()))
    const { code, stdout } = await gatewayOutbox('verify', '--data', data)
    expect(stdout).toMatch(/alarm\.db: good\. 700 rows read, 0 with a wrong checksum/)
    expect(stdout).toContain('telemetry.db: good')
    expect(code).toBe(0)
  })

  it('finds a single changed value that SQLite’s own check does not see', async () => {
    const { data, open } = await hubForTest()
    const outbox = await open()
    const seqs = await outbox.append(Array.from({ length: 5 }, () => conditionRecord()))
    await outbox[Symbol.asyncDispose]()
    {
      using file = new DatabaseSync(join(data, 'outbox/alarm.db'))
      file.prepare('UPDATE records SET mono_ms = mono_ms + 1 WHERE seq = ?').run(seqs[2]!)
    }
    const { code, stdout } = await gatewayOutbox('verify', join(data, 'outbox/alarm.db'))
    expect(stdout).toContain('DAMAGED')
    expect(stdout).toContain(`row ${seqs[2]} of records has a wrong checksum`)
    expect(code).toBe(1)
  })

  it('calls a file with a damaged page, a damaged head, or foreign content damaged', async () => {
    const { data, open } = await hubForTest()
    const outbox = await open()
    await outbox.append(Array.from({ length: 300 }, (_, n) => conditionRecord({ episodeId: `episode-${n}` })))
    await outbox[Symbol.asyncDispose]()
    const path = join(data, 'outbox/alarm.db')
    const whole = await readFile(path)
    const page = Math.floor(whole.indexOf('episode-150') / 4096)
    for (const at of [page * 4096, 0]) {
      await writeFile(path, whole)
      const file = await openFile(path, 'r+')
      await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, at)
      await file.close()
      const { code, stdout } = await gatewayOutbox('verify', path, '--json')
      expect(code).toBe(1)
      expect(JSON.parse(stdout).problems.length).toBeGreaterThan(0)
    }
    const foreign = join(data, 'foreign.db')
    {
      using file = new DatabaseSync(foreign)
      file.exec('CREATE TABLE t (a)')
    }
    await appendFile(foreign, '')
    expect(await gatewayOutbox('verify', foreign)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('this is no outbox file'),
    })
  })
})
