import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { AssignmentList } from '#domain/assignment/api.ts'
import { OnCallNow } from '#domain/on-call/api.ts'
import { eventuallyPasses } from '#test/support/eventually.ts'
import { Program } from '#test/support/program.ts'

// Commands as processes, beside a server that runs.

const open = () => {
  const dir = mkdtempSync(join(tmpdir(), 'office-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Program => {
    const program = new Program({ name: 'server', args: ['server/main.ts', ...args], env: { DATA_DIR: dir, ...env } })
    onTestFinished(() => program[Symbol.asyncDispose]())
    return program
  }
  const say = async (...args: readonly string[]): Promise<{ code: unknown; text: string }> => {
    const program = start(args)
    return { code: await program.ended(), text: program.output }
  }
  const file = (name: string, content: string): string => {
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  return { dir, start, say, file }
}

const always = 'weekdays: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "00:00"'

describe('teams, rotas and assignments by command', () => {
  it('are followed by a running demonstration within 5 s, a new person too', async () => {
    const { dir, start, say, file } = open()
    const program = start([], { PORT: '0', DEMO_ACCOUNTS: '1', LOG_LEVEL: 'info' })
    const [, port] = await program.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
    const url = `http://localhost:${port}`
    const { users } = DemoAccess.parse(JSON.parse(readFileSync(join(dir, 'demo-access.json'), 'utf8')))
    const lead = users.find(({ role }) => role === 'lead')
    const signedIn = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ name: lead?.name, password: lead?.password }),
    })
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    const get = async (path: string): Promise<unknown> =>
      (await fetch(`${url}/api/v1${path}`, { headers: { cookie } })).json()

    const now = OnCallNow.parse(await get('/on-call'))
    expect(now.teams[0]?.duty).toMatchObject({ primary: { name: 'm.osei' }, backup: { name: 'j.lind' } })
    expect(now.teams[0]?.gaps).toEqual([])

    await say('user', 'add', '--name', 'k.adu', '--role', 'nurse')
    const rota = file('rota.yaml', `team: all\ntimeZone: Europe/Berlin\nentries: [{ ${always}, primary: k.adu }]\n`)
    expect(await say('rota', 'import', rota)).toMatchObject({
      code: 0,
      text: expect.stringContaining('at every moment'),
    })
    const assignments = file('assignments.yaml', 'SIM-1: { label: Home 12, phone: +49 30 1234567 }\n')
    expect(await say('assignments', 'import', assignments)).toMatchObject({ text: '1 pumps read, 1 changed: SIM-1\n' })
    await eventuallyPasses(
      async () => {
        expect(OnCallNow.parse(await get('/on-call')).teams[0]?.duty.primary?.name).toBe('k.adu')
        expect(AssignmentList.parse(await get('/assignments')).assignments[0]?.details).toMatchObject({
          label: 'Home 12',
          hasPhone: true,
        })
      },
      { within: 20_000 },
    )
    expect(program.output).not.toContain('1234567')
  })

  it('say what is wrong, and where nobody is on call', async () => {
    const { say, file } = open()
    await say('user', 'add', '--name', 'm.osei', '--role', 'nurse')
    const rota = (team: string, entry: string) =>
      file('rota.yaml', `team: ${team}\ntimeZone: Europe/Berlin\nentries: [{ ${entry} }]\n`)
    expect(await say('rota', 'import', rota('north', `${always}, primary: m.osei`))).toMatchObject({
      code: 1,
      text: expect.stringContaining('Make it with: server team add north'),
    })
    expect(await say('team', 'add', 'north', '--name', 'North')).toMatchObject({ code: 0 })
    expect(await say('team', 'members', 'north', '--users', 'm.osei,nobody')).toMatchObject({
      code: 1,
      text: 'Nobody of these can be on call: nobody\n',
    })
    expect(await say('rota', 'import', rota('north', `${always}, primary: nobody`))).toMatchObject({
      code: 1,
      text: 'there is no user named "nobody" who can be on call\n',
    })
    const days = 'weekdays: [mon, tue, wed, thu, fri, sat, sun], from: "07:00", to: "19:00", primary: m.osei'
    expect((await say('rota', 'import', rota('north', days))).text).toContain('NOBODY is primary from')
    const list = await say('team', 'list')
    expect(list.text).toContain('north (North): nobody')
    expect(list.text).toMatch(/on call now: primary (m\.osei|NOBODY), backup nobody, lead nobody/)
  })
})

describe('accounts by command', () => {
  it(
    'get another role, are disabled and enabled, and a wall screen is one of a team',
    { timeout: 120_000 },
    async () => {
      const { say } = open()
      expect((await say('user', 'add', '--name', 'k.adu', '--role', 'nurse')).code).toBe(0)
      expect((await say('user', 'role', '--name', 'k.adu', '--role', 'lead')).text).toContain(
        'k.adu is lead from now on.',
      )
      expect((await say('user', 'role', '--name', 'nobody', '--role', 'lead')).code).toBe(1)
      expect((await say('user', 'disable', '--name', 'k.adu')).text).toContain('signed out everywhere')
      expect((await say('user', 'enable', '--name', 'k.adu')).code).toBe(0)
      expect((await say('user', 'add', '--name', 'wall', '--role', 'kiosk')).text).toContain('A kiosk needs --team')
      expect((await say('user', 'add', '--name', 'wall', '--role', 'kiosk', '--team', 'east')).text).toContain(
        'no team',
      )
      expect((await say('user', 'add', '--name', 'wall', '--role', 'kiosk', '--team', 'all')).code).toBe(0)
      expect((await say('user', 'role', '--name', 'wall', '--role', 'nurse')).code).toBe(1)
    },
  )
})
