import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as gateway from '#gateway/adapters/private-files.ts'
import * as server from '#server/adapters/private-files.ts'
import { Program, repository } from '#test/support/program.ts'

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'private-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const write = (path: string, mode: number): string => {
  writeFileSync(path, 'x')
  chmodSync(path, mode)
  return path
}

const modeOf = (path: string): number => statSync(path).mode & 0o777

const isRoot = process.getuid?.() === 0
const nobody = 65_534

describe('private files of the server', () => {
  it('are for its account alone, whatever they were, and are named', () => {
    const dir = folder()
    for (const [name, mode] of [
      ['push-key', 0o644],
      ['patient-keys', 0o660],
      ['claim-pepper', 0o600],
      ['journal.db', 0o640],
      ['demo-access.json', 0o602],
      ['audit-heads.jsonl', 0o644],
    ] as const)
      write(join(dir, name), mode)
    expect(server.keepPrivate(dir).toSorted()).toEqual(['demo-access.json', 'journal.db', 'patient-keys', 'push-key'])
    expect(
      ['push-key', 'patient-keys', 'journal.db', 'demo-access.json'].map((name) => modeOf(join(dir, name))),
    ).toEqual(Array.from({ length: 4 }, () => 0o600))
    // Meant to be copied away.
    expect(modeOf(join(dir, 'audit-heads.jsonl'))).toBe(0o644)
    expect(server.keepPrivate(dir)).toEqual([])
  })

  it.skipIf(!isRoot)('that it may not mend stop its start, with what to do (needs root)', () => {
    const dir = folder()
    chownSync(dir, nobody, nobody)
    write(join(dir, 'push-key'), 0o644)
    const url = `file://${join(repository, 'server/adapters/private-files.ts')}`
    const code = `import(${JSON.stringify(url)}).then((m) => m.keepPrivate(${JSON.stringify(dir)})).catch((e) => console.log(e.code, e.message))`
    const said = execFileSync(process.execPath, ['-e', code], { uid: nobody, gid: nobody, encoding: 'utf8', cwd: '/' })
    expect(said).toMatch(/^SRV_CONFIG others on this machine may use .*push-key \(mode 644\).*chmod 600 as its owner/)
    expect(modeOf(join(dir, 'push-key'))).toBe(0o644)
  })

  it('are mended at its start, which goes on; a file of hooks that everybody may read is told', async () => {
    const dir = folder()
    const hooks = write(join(folder(), 'hooks.json'), 0o644)
    writeFileSync(hooks, '[]')
    write(join(dir, 'push-key'), 0o644)
    writeFileSync(join(dir, 'push-key'), 'ab'.repeat(32))
    const env = { PORT: '0', DATA_DIR: dir, DEMO: '1', PAGING_HOOKS_FILE: hooks }
    await using program = new Program({ name: 'server', args: ['server/main.ts'], env })
    await program.says(/"address":"http/)
    expect(program.output).toMatch(/"file":"push-key","msg":"others on this machine could use a private file/)
    expect(program.output).toContain('everybody on this machine may read what pages are sent with: chmod 600')
    expect(modeOf(join(dir, 'push-key'))).toBe(0o600)
  })
})

describe('private files of a hub', () => {
  it('are mended and named; it starts all the same', async () => {
    const dir = folder()
    mkdirSync(join(dir, 'identity'))
    mkdirSync(join(dir, 'mqtt-tls'))
    const open = [
      write(join(dir, 'identity', 'hub-key.pem'), 0o644),
      write(join(dir, 'identity', 'pairing.json'), 0o640),
      write(join(dir, 'mqtt-tls', 'ca.key'), 0o604),
    ]
    write(join(dir, 'identity', 'next-key.json'), 0o600)
    write(join(dir, 'mqtt-tls', 'ca.crt'), 0o644)
    const found = await gateway.keepPrivate(dir)
    expect(found.map(({ file }) => file).toSorted()).toEqual(open.toSorted())
    expect(found.every(({ mended }) => mended)).toBe(true)
    expect(open.map(modeOf)).toEqual([0o600, 0o600, 0o600])
    expect(await gateway.keepPrivate(dir)).toEqual([])
    expect(await gateway.keepPrivate(join(dir, 'nothing'))).toEqual([])
  })

  it('such as its configuration are open to all or not by the last digit', async () => {
    const file = write(join(folder(), 'gateway.yaml'), 0o640)
    expect(await gateway.isOpenToAll(file)).toBe(false)
    chmodSync(file, 0o644)
    expect(await gateway.isOpenToAll(file)).toBe(true)
    expect(await gateway.isOpenToAll('/nowhere/at/all')).toBe(false)
  })
})
