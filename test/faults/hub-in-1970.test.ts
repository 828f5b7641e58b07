import { X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { pinOf } from '#gateway/adapters/http-uplink/chain-check.ts'
import { Authority } from '#test/support/certificates.ts'
import { eventually } from '#test/support/eventually.ts'
import { FakeTime } from '#test/support/faketime.ts'
import { freePort } from '#test/support/free-port.ts'
import { Program } from '#test/support/program.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'
import { startTlsTerminator } from '#test/support/tls-terminator.ts'
import { startGatewayProcess } from './gateway-process.ts'

// A hub without a battery clock, behind a line that lets out HTTPS alone: it starts in 1970, pairs, delivers, and lives through the
// steps that a time server or a person makes. Everything has to arrive once, and with dates that are true.

const dayMs = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'hub-in-1970-'))
const fake = FakeTime.at(join(folder, 'clock'))
const missing = (['faketime', 'openssl'] as const).filter((service) => findService(service) === null)
if (missing.length > 0 && servicesRequired()) throw new Error(missing.map(missingService).join('; '))
for (const service of missing) console.warn(missingService(service))

interface StoredRecord {
  readonly kind: string
  readonly occurredAt: number
  readonly receivedAt: number
  readonly uncertaintyMs: number
  readonly record: { readonly wallAt: number; readonly body: { readonly event?: string; readonly detail?: object } }
}

const started = async (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const program = new Program({ name, args: [`${name}/main.ts`, ...args], env })
  onTestFinished(() => program[Symbol.asyncDispose]())
  return program
}

it.skipIf(fake === null || missing.length > 0)(
  'a hub that starts in 1970 pairs over TLS and loses and misdates nothing, whatever its clock is set to',
  async () => {
    if (fake === null) return
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const startedAt = Date.now()
    const authority = new Authority(join(folder, 'authority'))
    const made = authority.make('server')
    // A file of roots may hold several.
    writeFileSync(join(folder, 'roots.pem'), `${new Authority(join(folder, 'other')).root}${authority.root}`)
    const [plainPort, pumpPort] = [await freePort(), await freePort()]
    const terminator = await startTlsTerminator(() => plainPort, made)
    onTestFinished(() => terminator[Symbol.asyncDispose]())
    const dataDir = join(folder, 'server')
    mkdirSync(dataDir)
    const environment = { PORT: String(plainPort), DATA_DIR: dataDir, PUBLIC_ORIGINS: terminator.url.origin }
    const server = await started('server', ['run'], environment)
    await server.says(/"msg":"listening"/)
    const claim = await started('server', ['claim', 'create', '--name', 'Home 1'], environment)
    await claim.ended()
    const [, claimId = '', code = ''] = /Claim: (\S+)\nCode: {2}(\S+)/.exec(claim.output) ?? []
    await started('simulators', [
      'run',
      '--truth',
      join(folder, 'truth.jsonl'),
      '--control',
      String(await freePort()),
      '--pump',
      `id=SIM-0001,protocol=ip1,tcp=127.0.0.1:${pumpPort},scenario=normal,seed=1`,
    ])

    fake.set(60_000 - startedAt)
    const gateway = await startGatewayProcess(
      folder,
      {
        server: {
          url: terminator.url.origin,
          ca: join(folder, 'roots.pem'),
          pins: [pinOf(new X509Certificate(made.certificate))],
        },
        enrol: { claimId, code },
        ports: [{ name: 'pump', protocol: 'ip1', url: `tcp://127.0.0.1:${pumpPort}`, simulated: 'test' }],
      },
      fake.environment,
    )
    const delivered = async () => {
      const { uplink, manifest, outbox } = await gateway.status()
      return {
        ...outbox,
        telemetry: uplink.telemetry.delivered,
        pending: outbox.telemetry.rows + outbox.alarm.rows,
        manifest,
      }
    }
    const more = async (samples: number) => {
      const { telemetry } = await delivered()
      await eventually(async () => (await delivered()).telemetry >= telemetry + samples, {
        within: 60_000,
        every: 200,
        what: `${samples} more samples to be delivered`,
      })
    }
    await more(5)
    expect(terminator.seen.slice(0, 3)).toEqual(['/hub/v1/time', '/hub/v1/enrol-nonce', '/hub/v1/enrol'])
    const { clock, conditions, hubId } = await gateway.status()
    expect(clock.offsetMs).toBeLessThan(-50 * 365 * dayMs)
    expect(clock.words).toMatch(/5\d years behind the server. Not trusted/)
    expect(conditions.map((condition) => condition.code)).toContain('clock-untrusted')

    // A time server sets the clock; then somebody sets it a day back, and forth again.
    for (const offset of [0, -dayMs, dayMs]) {
      fake.set(offset)
      await more(3)
    }
    fake.set(0)
    await eventually(async () => (await gateway.status()).clock.steps === 4, { within: 20_000, what: 'four steps' })

    const journal = new DatabaseSync(join(dataDir, 'journal.db'), { readOnly: true })
    const samples = new DatabaseSync(join(dataDir, 'telemetry.db'), { readOnly: true })
    onTestFinished(() => {
      journal.close()
      samples.close()
    })
    const count = (database: DatabaseSync, table: string): number =>
      Number(database.prepare(`SELECT count(*) AS n FROM ${table} WHERE hub_id = ?`).get(String(hubId))?.['n'])
    await eventually(
      async () => {
        const { manifest, pending } = await delivered()
        const effects = count(journal, 'received_hash') + count(samples, 'sample')
        return pending === 0 && manifest !== null && effects === manifest.lastSeq - manifest.firstSeq + 1
      },
      { within: 60_000, every: 100, what: 'every record to be on the server once' },
    )

    const endedAt = Date.now()
    const records = journal
      .prepare('SELECT kind, occurred_at, received_at, uncertainty_ms, record FROM hub_record ORDER BY seq')
      .all()
      .map((row): StoredRecord => ({
        kind: String(row['kind']),
        occurredAt: Number(row['occurred_at']),
        receivedAt: Number(row['received_at']),
        uncertaintyMs: Number(row['uncertainty_ms']),
        record: JSON.parse(String(row['record'])),
      }))
    const times = records.map(({ occurredAt }) => occurredAt)
    expect(records.some(({ record }) => record.wallAt < 365 * dayMs)).toBe(true)
    expect(times.every((time) => time >= startedAt && time <= endedAt)).toBe(true)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(Math.max(...records.map(({ uncertaintyMs }) => uncertaintyMs))).toBeLessThan(5_000)
    const sampled = samples
      .prepare('SELECT at_ms FROM sample ORDER BY seq')
      .all()
      .map((row) => Number(row['at_ms']))
    expect(sampled.every((time) => time >= startedAt && time <= endedAt)).toBe(true)
    expect(sampled).toEqual(sampled.toSorted((a, b) => a - b))
    // A pump that is heard once a second was never silent for anybody.
    const events = records.map(({ record }) => record.body.event)
    expect(events).toContain('clock-stepped')
    expect(events).not.toContain('link-down')
    expect(server.output).not.toContain('hub is silent')

    await gateway.kill('SIGTERM')
  },
)
