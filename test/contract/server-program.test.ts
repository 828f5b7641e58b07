import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { eventually } from '#test/support/eventually.ts'
import { LiveClient } from '#test/support/live-bench.ts'
import { Program } from '#test/support/program.ts'

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'server-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const server = (args: readonly string[], env: Readonly<Record<string, string>>): Program => {
  const program = new Program({ name: 'server', args: ['server/main.ts', ...args], env: { LOG_LEVEL: 'info', ...env } })
  onTestFinished(() => program[Symbol.asyncDispose]())
  return program
}

const listening = async (program: Program): Promise<string> => {
  const [, port] = await program.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
  return `http://localhost:${port}`
}

const signIn = async (url: string, name: string, password: string): Promise<Response> =>
  fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ name, password }),
  })

describe('the server as a program', () => {
  it('listens, lets the demonstration in, and ends cleanly with a live socket open', async () => {
    const dir = folder()
    const program = server([], { PORT: '0', DATA_DIR: dir, DEMO_ACCOUNTS: '1' })
    const url = await listening(program)
    const file = join(dir, 'demo-access.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const access = DemoAccess.parse(JSON.parse(readFileSync(file, 'utf8')))
    expect(access.users.map(({ role }) => role)).toEqual(['nurse', 'lead', 'engineer', 'admin'])
    expect(access.claim?.code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/)
    const [nurse] = access.users
    if (nurse === undefined) throw new Error('no nurse')
    const answer = await signIn(url, nurse.name, nurse.password)
    expect(await answer.json()).toMatchObject({ role: 'nurse', demo: true })

    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    const client = new LiveClient(url.replace('localhost', '127.0.0.1'), { cookie, origin: url })
    await eventually(() => client.socket.connected)
    client.hello(null)
    await eventually(() => client.heartbeats.length > 0)
    program.child.kill('SIGTERM')
    expect(await program.ended(3000)).toBe(0)
    await eventually(() => client.disconnected !== null)
  })

  it('keeps accounts, passwords and sessions over a kill', async () => {
    const dir = folder()
    const first = server([], { PORT: '0', DATA_DIR: dir, DEMO_ACCOUNTS: '1' })
    const url = await listening(first)
    const read = (): DemoAccess => DemoAccess.parse(JSON.parse(readFileSync(join(dir, 'demo-access.json'), 'utf8')))
    const before = read()
    const [nurse] = before.users
    const answer = await signIn(url, nurse?.name ?? '', nurse?.password ?? '')
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    first.child.kill('SIGKILL')
    await first.ended()
    const second = server([], { PORT: '0', DATA_DIR: dir, DEMO_ACCOUNTS: '1' })
    const again = await listening(second)
    expect(read().users).toEqual(before.users)
    expect((await fetch(`${again}/api/v1/me`, { headers: { cookie } })).status).toBe(200)
  })

  it('says in one line that its port is taken, and ends with 1', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as AddressInfo
    const program = server([], { PORT: String(port), DATA_DIR: folder() })
    expect(await program.ended()).toBe(1)
    expect(program.output).toContain(`Cannot listen on 127.0.0.1:${port}: the port is in use`)
    expect(program.output).not.toContain('    at ')
  })

  it('leaves a folder to the server that uses it, and takes it over when that one is dead', async () => {
    const dir = folder()
    const first = server([], { PORT: '0', DATA_DIR: dir, DEMO_ACCOUNTS: '1' })
    const url = await listening(first)
    const access = readFileSync(join(dir, 'demo-access.json'), 'utf8')
    const second = server([], { PORT: '0', DATA_DIR: dir, DEMO_ACCOUNTS: '1' })
    expect(await second.ended()).toBe(1)
    expect(second.output.trim()).toBe(`Another server process uses ${dir}.`)
    expect(readFileSync(join(dir, 'demo-access.json'), 'utf8')).toBe(access)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    await first.kill('SIGKILL')
    await listening(server([], { PORT: '0', DATA_DIR: dir }))
  })

  it('says in one line that its folder cannot be used, and ends with 1', async () => {
    const program = server([], { PORT: '0', DATA_DIR: '/dev/null/data' })
    expect(await program.ended()).toBe(1)
    expect(program.output).toMatch(/^DATA_DIR \/dev\/null\/data cannot be used: ENOTDIR[^\n]*\n$/)
  })

  it('names every setting that cannot be used, and ends with 1', async () => {
    const program = server([], { PORT: '99999', HUB_SILENT_MS: 'soon', DATA_DIR: folder() })
    expect(await program.ended()).toBe(1)
    expect(program.output).toContain('PORT: must be at most 65535')
    expect(program.output).toContain('HUB_SILENT_MS: must be a whole number')
  })

  it('names what is wrong in the assignments file', async () => {
    const program = server([], { PORT: '0', DATA_DIR: folder(), ASSIGNMENTS_FILE: '/nowhere/assignments.yaml' })
    expect(await program.ended()).toBe(1)
    expect(program.output).toContain('ASSIGNMENTS_FILE /nowhere/assignments.yaml')
    expect(program.output).not.toContain('    at ')
  })

  it('makes an account whose password works, once per name', async () => {
    const dir = folder()
    const add = server(['user', 'add', '--name', 'B. Okafor', '--role', 'nurse'], { DATA_DIR: dir })
    expect(await add.ended()).toBe(0)
    const password = /Password: (\S+)/.exec(add.output)?.[1] ?? ''
    const twice = server(['user', 'add', '--name', 'b. okafor', '--role', 'lead'], { DATA_DIR: dir })
    expect(await twice.ended()).toBe(1)
    const url = await listening(server([], { PORT: '0', DATA_DIR: dir }))
    expect((await signIn(url, 'B. Okafor', password)).status).toBe(200)
    expect((await signIn(url, 'B. Okafor', `${password}x`)).status).toBe(401)
  })

  it('lists hubs, revokes one, and lets it in again by a claim of its own', async () => {
    const dir = folder()
    const say = async (...args: readonly string[]): Promise<{ code: unknown; text: string }> => {
      const program = server(args, { DATA_DIR: dir })
      return { code: await program.ended(), text: program.output }
    }
    expect((await say('hub', 'list')).text).toContain('No hub yet')
    const made = await say('claim', 'create', '--name', 'Home 1')
    const hub = /Hub: {3}(hub-\S+)/.exec(made.text)?.[1] ?? ''
    expect((await say('hub', 'list')).text).toContain(`${hub} (Home 1): active, paired never, heard never`)
    expect(await say('hub', 'revoke', '--hub', hub)).toMatchObject({ code: 0 })
    expect((await say('hub', 'list')).text).toContain(`${hub} (Home 1): revoked`)
    expect((await say('claim', 'create', '--hub', hub)).text).toMatch(new RegExp(`Hub: {3}${hub}\nClaim: `))
    for (const wrong of [
      ['hub', 'revoke', '--hub', 'hub-nobody'],
      ['claim', 'create', '--hub', 'hub-nobody'],
    ])
      expect(await say(...wrong)).toMatchObject({ code: 1, text: expect.stringContaining('There is no hub') as string })
    expect((await say('claim', 'create', '--hub', hub, '--name', 'Home 1')).code).toBe(1)
  })

  it('prints a claim for a new hub, and help', async () => {
    const dir = folder()
    const claim = server(['claim', 'create', '--name', 'Home 1'], { DATA_DIR: dir })
    expect(await claim.ended()).toBe(0)
    expect(claim.output).toMatch(/Claim: \S+\nCode: {2}\S{4}-\S{4}-\S{4}\n/)
    const help = server(['--help'], {})
    expect(await help.ended()).toBe(0)
    expect(help.output).toContain('user add')
    const wrong = server(['dance'], {})
    expect(await wrong.ended()).toBe(1)
  })
})
