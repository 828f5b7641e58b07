import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BootId, HubId } from '#domain/ids.ts'
import { BatchReply } from '#domain/uplink/verdicts.ts'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { openDatabase } from '#server/adapters/sqlite/database.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { enrolHub } from '#test/support/enrolled-hub.ts'
import { eventually } from '#test/support/eventually.ts'
import { Program } from '#test/support/program.ts'
import { breakableDisk, mayMount } from '#test/support/small-disk.ts'
import type { SigningHub } from '#test/support/signing-hub.ts'
import { condition } from '#test/support/uplink-records.ts'

// ext4 turns read-only under a server at work, as it does when the disk below it fails.

const table = { name: 'table', sql: 'CREATE TABLE t (a INTEGER NOT NULL) STRICT' }
const bootId = BootId.parse('boot-1')
const noExt4 = 'this kernel has no ext4 that can be broken'

/** Sends alarms one by one and remembers which the server has taken. */
class Hub {
  readonly taken: number[] = []
  readonly #url: string
  readonly #signing: SigningHub
  #seq = 0

  constructor(url: string, signing: SigningHub) {
    this.#url = url
    this.#signing = signing
  }

  /** HTTP status. */
  async send(seq = (this.#seq += 1)): Promise<number> {
    const body = {
      v: 1,
      bootId,
      anchor: { monotonicMs: seq * 1_000, serverAt: Date.now(), errorMs: 5 },
      records: [condition(seq)],
    }
    const request = this.#signing.request('/hub/v1/alarm', body, Date.now(), { authority: new URL(this.#url).host })
    const { host: _, ...headers } = request.headers
    const answer = await fetch(`${this.#url}${request.url}`, { method: 'POST', headers, body: request.payload })
    if (!answer.ok) {
      await answer.body?.cancel()
      return answer.status
    }
    const { verdicts } = BatchReply.parse(await answer.json())
    if (verdicts.some(({ verdict }) => verdict === 'stored')) this.taken.push(seq)
    return answer.status
  }
}

const started = async (folder: string): Promise<{ readonly server: Program; readonly url: string }> => {
  const env = { DATA_DIR: folder, PORT: '0', DEMO_ACCOUNTS: '1' }
  const server = new Program({ name: 'server', args: ['server/main.ts'], env })
  const [, port] = await server.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
  return { server, url: `http://localhost:${port}` }
}

describe.skipIf(!mayMount)('a server’s disk that turns read-only (needs root and ext4 on a loop device)', () => {
  it('believes no commit any more, not even one that has nothing to write, and leaves nothing else in the folder', (context) => {
    const disk = breakableDisk(24)
    if (disk === null) return context.skip(noExt4)
    using database = openDatabase(join(disk.path, 'test.db'), [table])
    const add = database.prepare('INSERT INTO t VALUES (1)')
    const files = readdirSync(disk.path)
    for (let nth = 0; nth < 3; nth += 1) database.transaction(() => add.run())
    expect(readdirSync(disk.path)).toEqual(files)
    disk.breakDown()
    expect(() => database.transaction(() => {})).toThrow('takes no changes any more')
    expect(() => database.transaction(() => {})).toThrow('takes no changes any more')
  })

  it('is no reason not to open a database when it has room for no further file', (context) => {
    const disk = breakableDisk(24)
    if (disk === null) return context.skip(noExt4)
    const file = join(disk.path, 'test.db')
    using first = openDatabase(file, [table])
    const fill = (): void => {
      for (let nth = 0; ; nth += 1) writeFileSync(join(disk.path, `empty-${nth}`), '')
    }
    expect(fill).toThrow('ENOSPC')
    using second = openDatabase(file, [table])
    expect(first.isOpen).toBe(true)
    second.transaction(() => second.exec('INSERT INTO t VALUES (1)'))
    expect(second.prepare('SELECT a FROM t').all()).toEqual([{ a: 1 }])
  })

  it('refuses alarms from then on, and has every one it took after the repair', async (context) => {
    const disk = breakableDisk(48)
    if (disk === null) return context.skip(noExt4)
    const folder = join(disk.path, 'server')
    mkdirSync(folder)
    await using owned = new AsyncDisposableStack()
    const first = await started(folder)
    owned.use(first.server)
    const access = DemoAccess.parse(JSON.parse(readFileSync(join(folder, 'demo-access.json'), 'utf8')))
    const hub = new Hub(first.url, await enrolHub(first.url, access.claim?.id ?? '', access.claim?.code ?? ''))
    let answered = 200
    const atWork = (async () => {
      while (answered === 200) answered = await hub.send()
    })()
    await eventually(() => hub.taken.length >= 100, { within: 30_000, what: 'a hundred alarms to be taken' })
    disk.breakDown()
    await atWork
    expect(answered).toBe(503)
    // Those that were refused, as a hub tries again, and those that come new.
    for (let nth = 0; nth < 20; nth += 1) expect(await hub.send(hub.taken.length + 1 + nth)).toBe(503)
    const isReady = async (): Promise<boolean> => (await fetch(`${first.url}/readyz`)).ok
    await eventually(async () => !(await isReady()), { within: 30_000, what: 'the server to say that it is not ready' })
    await first.server.says(/nobody is paged, and screens are cut off/, 30_000)
    await first.server.kill('SIGTERM')
    disk.repair()

    const second = await started(folder)
    await second.server.kill('SIGTERM')
    const journal = openJournal(join(folder, 'journal.db'))
    owned.use(journal.alarms)
    const [known] = await journal.hubs.names()
    const ranges = await journal.receipts.received(HubId.parse(known?.hubId ?? ''), bootId)
    const kept = (seq: number): boolean => ranges.some(([from, to]) => seq >= from && seq <= to)
    expect(hub.taken.filter((seq) => !kept(seq))).toEqual([])
  })
})
