import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import type { Nurse } from '#test/support/nurse.ts'
import { Program } from '#test/support/program.ts'
import { sixPumps, System } from '#test/support/system.ts'

// The disk of the server is gone. What is left are a backup, the key of the patients at another place, and hubs that went on.

const away = mkdtempSync(join(tmpdir(), 'restore-drill-'))
let system: System

afterEach(async () => {
  await system[Symbol.asyncDispose]()
  rmSync(away, { recursive: true })
})

const serverFolder = (): string => join(system.dir, 'server')

const command = async (...args: readonly string[]): Promise<{ code: unknown; text: string }> => {
  const program = new Program({ name: 'server', args: ['server/main.ts', ...args], env: { DATA_DIR: serverFolder() } })
  const code = await program.ended(60_000)
  return { code, text: program.output }
}

const detached = async (nurse: Nurse, pumpId: string) =>
  (await nurse.openAlarms()).find((alarm) => alarm.pumpId === pumpId && alarm.code === 'cassette-detached')

const freshAlarm = async (nurse: Nurse, pumpId: string): Promise<void> => {
  await system.act(pumpId, 'cassette-off')
  await eventually(async () => (await detached(nurse, pumpId))?.condition === 'active', {
    within: 30_000,
    what: `the alarm of ${pumpId}`,
  })
}

const loseTheDisk = async (): Promise<void> => {
  system.server.child.kill('SIGKILL')
  await system.server.ended()
  const people = system.access()
  for (const name of readdirSync(serverFolder()))
    if (name !== 'log') rmSync(join(serverFolder(), name), { recursive: true })
  // Only the test knows the demonstration's passwords from there.
  writeFileSync(join(serverFolder(), 'demo-access.json'), JSON.stringify(people), { mode: 0o600 })
}

describe('a server whose disk is lost', () => {
  it('goes on from its backup: people, owners and what is active at the pumps by now', async () => {
    system = await System.start({ pumps: sixPumps.filter(({ protocol }) => protocol === 'ip1') })
    const before = await system.signIn('nurse')
    await freshAlarm(before, 'SIM-0001')
    const first = await detached(before, 'SIM-0001')
    const { name } = system.password('nurse')
    const accept = { requestId: 'drill-accept', expectedVersion: first?.version }
    expect((await before.request('POST', `/alarms/${first?.episodeId}/accept`, accept)).ok).toBe(true)

    const backups = join(away, 'backups')
    const keys = join(away, 'keys')
    const made = await command('backup', '--to', backups, '--patient-keys-to', keys)
    expect(made).toMatchObject({ code: 0 })
    const [backup = ''] = readdirSync(backups)
    const [key = ''] = readdirSync(keys)
    expect(readdirSync(join(backups, backup))).not.toContain('patient-keys')

    // After the backup: settled, so gone from the hub, and known to the lost disk alone.
    await freshAlarm(before, 'SIM-0002')
    await loseTheDisk()
    const where = ['--from', join(backups, backup), '--patient-keys', join(keys, key)]
    const restored = await command('restore', ...where, '--reason', 'drill')
    expect(restored).toMatchObject({ code: 0, text: expect.stringContaining('All sessions have ended') })
    await system.startServer()

    expect((await before.request('GET', '/me')).status).toBe(401)
    const nurse = await system.signIn('nurse')
    expect(await detached(nurse, 'SIM-0001')).toMatchObject({ episodeId: first?.episodeId, owner: { name } })
    await eventually(async () => (await detached(nurse, 'SIM-0002'))?.condition === 'active', {
      within: 30_000,
      what: 'the alarm that only the lost disk knew',
    })
    await freshAlarm(nurse, 'SIM-0004')
    expect(await command('audit', 'verify')).toMatchObject({
      code: 0,
      text: expect.stringContaining('The chain holds'),
    })
  })
})
