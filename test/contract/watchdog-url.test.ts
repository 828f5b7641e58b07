import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { FailingService } from '#test/support/failing-service.ts'
import { Program } from '#test/support/program.ts'

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'server-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const server = (env: Readonly<Record<string, string>>): Program => {
  const program = new Program({
    name: 'server',
    args: ['server/main.ts'],
    env: { LOG_LEVEL: 'info', PORT: '0', ...env },
  })
  onTestFinished(() => program[Symbol.asyncDispose]())
  return program
}

describe('the server and a watchdog outside', () => {
  it('the watchdog hears of it while it runs, and nothing after a kill; secrets of paging are the owner’s alone', async () => {
    await using watchdog = await FailingService.start()
    watchdog.behaviour = { status: 200 }
    const dir = folder()
    const program = server({
      DATA_DIR: dir,
      DEADMAN_URL: `${watchdog.url}/ping/secret-id`,
      DEADMAN_EVERY_S: '5',
      OUTGOING_HOSTS: watchdog.host,
    })
    await eventually(() => watchdog.received.length >= 2, { within: 30_000, what: 'two pings' })
    expect(watchdog.received[0]).toMatchObject({ method: 'GET', path: '/ping/secret-id' })
    for (const file of ['push-key', 'push-receipt-key']) expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600)
    await program.kill('SIGKILL')
    expect(program.output).not.toContain('secret-id')
  })

  it('a watchdog that is not reached is said in the log, and the server goes on', async () => {
    const program = server({ DATA_DIR: folder(), DEADMAN_URL: 'http://127.0.0.1:1/x', OUTGOING_HOSTS: '127.0.0.1' })
    await program.says(/"reason":"unreachable","msg":"the watchdog was not reached"/)
    expect(program.running).toBe(true)
  })

  it('a file of hooks that cannot be used ends the start with its reason', async () => {
    const dir = folder()
    const file = join(dir, 'hooks.yaml')
    writeFileSync(
      file,
      "- { name: pager, for: everybody, send: { template: slack, url: 'http://example.org/secret' } }",
    )
    const program = server({ DATA_DIR: dir, PAGING_HOOKS_FILE: file })
    expect(await program.ended()).toBe(1)
    expect(program.output).toContain('the URL of pager must be https, or its host must stand in OUTGOING_HOSTS')
    expect(program.output).not.toContain('secret')
  })
})
