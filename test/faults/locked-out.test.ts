import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { Program } from '#test/support/program.ts'
import { System } from '#test/support/system.ts'
import type { HubStatus } from '#gateway/core/health.ts'

// A hub is shut out and let in again, with the commands that people use, while everything runs.

const pump = { id: 'SIM-0001', protocol: 'ip1', wire: 'tcp', settings: 'rateMlPerHour=120' } as const

const command = async (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const program = new Program({ name, args: [`${name}/main.ts`, ...args], env })
  onTestFinished(() => program[Symbol.asyncDispose]())
  return { code: await program.ended(30_000), text: program.output }
}

it('a revoked hub keeps everything and says why, and delivers all of it once after it has paired again', async () => {
  const system = await System.start({ pumps: [pump] })
  onTestFinished(() => system[Symbol.asyncDispose]())
  const dataDir = join(system.dir, 'server')
  const status = async () => (await (await fetch(`${system.gatewayStatusUrl}/status`)).json()) as HubStatus
  const { hubId } = await status()
  const nurse = await system.signIn('nurse')
  const shown = async () => (await nurse.hubs()).find((hub) => hub.hubId === hubId)?.state
  const authAlarm = async () => (await nurse.openAlarms()).find(({ code }) => code === 'hub-auth-failed')

  const revoked = await command('server', ['hub', 'revoke', '--hub', String(hubId)], { DATA_DIR: dataDir })
  const revokedAt = Date.now()
  expect(revoked.code).toBe(0)
  await system.server.says(/"code":"revoked"/)
  console.info(`first refused ${Date.now() - revokedAt} ms after the command had ended`)
  await eventually(async () => (await shown()) === 'revoked', { within: 20_000, what: 'the server to show it' })
  await eventually(authAlarm, { within: 50_000, what: 'the alarm that it goes on sending' })
  expect((await authAlarm())?.unverifiedPumps).toEqual([pump.id])
  const reasons = async () => (await status()).conditions.map(({ code, text }) => `${code}: ${text}`)
  await eventually(
    async () => (await reasons()).some((reason) => reason.startsWith('hub-auth-failed: locked out: the key')),
    {
      within: 20_000,
      what: 'the hub to say why',
    },
  )
  const { telemetry } = (await status()).outbox
  await eventually(async () => (await status()).outbox.telemetry.rows >= telemetry.rows + 5, {
    within: 30_000,
    what: 'the outbox to grow',
  })

  const claim = await command('server', ['claim', 'create', '--hub', String(hubId)], { DATA_DIR: dataDir })
  const [, claimId = '', code = ''] = /Claim: (\S+)\nCode: {2}(\S+)/.exec(claim.text) ?? []
  const enrol = ['enrol', '--server', system.url, '--claim', claimId, '--data', join(system.dir, 'hub'), '--code']
  const mistyped = await command('gateway', [...enrol, '0000-0000-0000'])
  expect(mistyped).toMatchObject({
    code: 3,
    text: expect.stringContaining('Not paired: the server refuses the claim') as string,
  })
  expect(await command('gateway', [...enrol, code])).toMatchObject({
    code: 0,
    text: expect.stringContaining(`Paired with ${system.url} as ${hubId}`) as string,
  })

  await eventually(async () => (await shown()) === 'live', { within: 30_000, what: 'the hub to be heard again' })
  await eventually(async () => (await authAlarm())?.condition !== 'active', {
    within: 20_000,
    what: 'the alarm to end',
  })
  expect((await status()).conditions.map((condition) => condition.code)).not.toContain('hub-auth-failed')

  const journal = new DatabaseSync(join(dataDir, 'journal.db'), { readOnly: true })
  const samples = new DatabaseSync(join(dataDir, 'telemetry.db'), { readOnly: true })
  onTestFinished(() => {
    journal.close()
    samples.close()
  })
  const count = (database: DatabaseSync, table: string): number =>
    Number(database.prepare(`SELECT count(*) AS n FROM ${table} WHERE hub_id = ?`).get(String(hubId))?.['n'])
  const ranges = (): string =>
    JSON.stringify(
      journal.prepare('SELECT first_seq, last_seq FROM received_range WHERE hub_id = ?').all(String(hubId)),
    )
  // One range without a hole, and one effect for each number in it.
  await eventually(
    async () => {
      const { manifest, outbox } = await status()
      if (manifest === null || outbox.alarm.rows + outbox.telemetry.rows > 0) return false
      const { firstSeq, lastSeq } = manifest
      const effects = count(journal, 'received_hash') + count(samples, 'sample')
      return (
        ranges() === JSON.stringify([{ first_seq: firstSeq, last_seq: lastSeq }]) && effects === lastSeq - firstSeq + 1
      )
    },
    { within: 60_000, every: 200, what: 'every record to be on the server once' },
  )
  expect(await eventually(async () => (await nurse.pumps()).find(({ link }) => link === 'up'))).toBeDefined()
})
