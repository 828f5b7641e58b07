import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { UserId } from '#domain/ids.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { createSqliteAccounts } from '#server/adapters/sqlite-accounts.ts'
import { FailingService } from '#test/support/failing-service.ts'
import { Program } from '#test/support/program.ts'

describe('server page test', () => {
  let dir: string
  let service: FailingService
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'server-'))
    service = await FailingService.start()
    await run('user', 'add', '--name', 'osei', '--role', 'nurse')
  })
  afterEach(async () => {
    await service[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true })
  })

  const run = async (...args: readonly string[]): Promise<{ code: number | string; output: string }> => {
    const hooks = join(dir, 'hooks.yaml')
    const url = `${service.url}/secret-topic`
    writeFileSync(hooks, JSON.stringify([{ name: 'her ntfy', for: { user: 'Osei' }, send: { template: 'ntfy', url } }]))
    await using program = new Program({
      name: 'server',
      args: ['server/main.ts', ...args],
      env: { DATA_DIR: dir, PAGING_HOOKS_FILE: hooks, OUTGOING_HOSTS: service.host },
    })
    return { code: await program.ended(30_000), output: program.output }
  }

  it('says what became of it, and ends with 0 when something took it', async () => {
    expect(await run('page', 'test', '--user', 'osei')).toEqual({ code: 0, output: 'webhook her ntfy: taken\n' })
    expect(JSON.parse(service.received[0]?.body.toString() ?? '')).toMatchObject({
      topic: 'secret-topic',
      title: 'Test page',
    })
    service.behaviour = { status: 403 }
    expect(await run('page', 'test', '--user', 'osei')).toEqual({
      code: 1,
      output: 'webhook her ntfy: refused: not-allowed\n',
    })
  })

  it('that gets through ends what is known of not reaching her, for a server that runs beside it, too', async () => {
    const journal = openJournal(join(dir, 'journal.db'))
    onTestFinished(() => journal.alarms[Symbol.asyncDispose]())
    const user = await createSqliteAccounts(journal.database, journal.change).userByName('osei')
    const person = { userId: user?.userId ?? UserId.parse('u-?'), name: 'osei' }
    await journal.pages.commit([], {
      yes: [],
      no: [{ person, simulated: false, since: 1, reason: 'webhook: refused' }],
    })
    service.behaviour = { status: 403 }
    await run('page', 'test', '--user', 'osei')
    expect(await journal.pages.unreached()).toHaveLength(1)
    service.behaviour = { status: 200 }
    await run('page', 'test', '--user', 'osei')
    expect(await journal.pages.unreached()).toEqual([])
  })

  it('names who has no device and no hook, and who does not exist', async () => {
    await run('user', 'add', '--name', 'lind', '--role', 'lead')
    expect(await run('page', 'test', '--user', 'lind')).toMatchObject({
      code: 1,
      output: expect.stringContaining('lind has no device and no hook'),
    })
    expect(await run('page', 'test', '--user', 'who')).toMatchObject({
      code: 1,
      output: 'There is no user named who.\n',
    })
    expect(await run('page', 'test')).toMatchObject({ code: 1, output: 'page test needs --user NAME\n' })
  })
})
