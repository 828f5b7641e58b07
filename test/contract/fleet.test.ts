import { createServer } from 'node:http'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { NurseClient } from '#simulators/adapters/nurse-client.ts'
import { Fleet } from '#simulators/core/fleet/fleet.ts'
import { mixes, type MixName } from '#simulators/core/fleet/mixes.ts'
import { Statistics } from '#simulators/core/fleet/statistics.ts'
import { table } from '#simulators/core/fleet/table.ts'
import { usualTolerance } from '#simulators/core/oracle/finding.ts'
import { TruthReader } from '#simulators/adapters/truth-reader.ts'
import { Verification } from '#simulators/verification.ts'
import { Program } from '#test/support/program.ts'

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'fleet-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const program = (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program => {
  const started = new Program({ name, args: [`${name}/main.ts`, ...args], env: { LOG_LEVEL: 'info', ...env } })
  onTestFinished(() => started[Symbol.asyncDispose]())
  return started
}

const startServer = async (dir: string): Promise<string> => {
  const server = program('server', [], { PORT: '0', DATA_DIR: dir, DEMO_ACCOUNTS: '1' })
  const [, port] = await server.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
  return `http://localhost:${port}`
}

/** As an administrator makes them, while the server runs. */
const claimsFile = async (dir: string, count: number): Promise<string> => {
  const made = program('server', ['claim', 'create', '--name', 'Fleet', '--count', String(count)], { DATA_DIR: dir })
  expect(await made.ended()).toBe(0)
  const file = join(dir, 'claims')
  writeFileSync(file, made.output)
  return file
}

/** Counts of a long run of one mix, and how far the published ones lie from them. */
const longRun = (mix: MixName, pumps: number, days: number) => {
  const statistics = new Statistics(mixes[mix])
  const fleet = new Fleet({ mix: mixes[mix], pumps, hubs: 10, seed: 7, sampleEveryMs: 0 })
  for (let hour = 1; hour <= days * 24; hour += 1)
    for (const said of fleet.advance(hour * 3_600_000)) statistics.take(said)
  console.log(`${mix}: ${pumps} pumps, ${days} days, seed 7\n${table(statistics.lines())}`)
  return statistics.lines()
}

/** mix A publishes its rest as one number. */
const rest: ReadonlySet<string> = new Set(['air-in-line', 'occlusion-upstream', 'cassette-detached', 'battery-low'])

describe('a fleet over a long time', () => {
  it.each([
    ['home', 300, 14],
    ['volumetric', 60, 10],
    ['neonatal', 100, 40],
  ] as const)('comes to the published counts within 5 %%: %s', { timeout: 180_000 }, (mix, pumps, days) => {
    const lines = longRun(mix, pumps, days)
    const isRest = (what: string): boolean => mix !== 'neonatal' && rest.has(what.replace('share ', ''))
    for (const { what, measured, published } of lines) {
      if (published === null || published === 0 || isRest(what)) continue
      expect(Math.abs(measured / published - 1), what).toBeLessThan(0.05)
    }
    if (mix !== 'neonatal') {
      const sum = lines.reduce((total, { what, measured }) => total + (isRest(what) ? measured : 0), 0)
      expect(Math.abs(sum / 16 - 1)).toBeLessThan(0.05)
    }
    expect(lines.find(({ what }) => what === 'share other')?.measured).toBe(0)
  })
})

describe('simulators fleet', () => {
  it('prints the same checksum at another pace, and writes what it stands for', { timeout: 60_000 }, async () => {
    const truth = join(folder(), 'truth.jsonl')
    const args = ['fleet', '--pumps', '20', '--seed', '7', '--hours', '0.5']
    const fast = program('simulators', [...args, '--truth', truth])
    const paced = program('simulators', [...args, '--speed', '1000'])
    expect([await fast.ended(50_000), await paced.ended(50_000)]).toEqual([0, 0])
    const sum = /(\d+) lines of truth, sha256 ([0-9a-f]{64})/
    expect(sum.exec(fast.output)?.slice(1)).toEqual(sum.exec(paced.output)?.slice(1))
    const lines = readFileSync(truth, 'utf8').trimEnd().split('\n')
    expect(String(lines.length)).toBe(sum.exec(fast.output)?.[1])
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      pumpId: expect.stringMatching(/^F-/),
      virtualMs: expect.any(Number),
    })
  })

  it('says what is wrong with its use', async () => {
    const tooMany = program('simulators', ['fleet', '--pumps', '100', '--hubs', '1'])
    expect(await tooMany.ended()).toBe(1)
    expect(tooMany.output).toContain('100 pumps need 2 to 100 hubs')
    const half = program('simulators', ['fleet', '--server', 'http://localhost:1'])
    expect(await half.ended()).toBe(1)
    expect(half.output).toContain('--server and --claims go together')
  })

  it('waits when the server pairs only so many at once', async () => {
    const answers = [429, 503, 403]
    const asked: number[] = []
    const server = createServer((request, reply) => {
      const status = answers[asked.length] ?? 500
      asked.push(status)
      request.resume()
      reply.writeHead(status, { 'retry-after': '0' }).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const claims = join(folder(), 'claims')
    writeFileSync(claims, 'c-1:ABCD-EFGH-JKMN\n')
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    const fleet = program('simulators', 'fleet --pumps 1 --hubs 1 --server'.split(' ').concat(url, '--claims', claims))
    expect(await fleet.ended()).toBe(1)
    expect(fleet.output).toContain('The server refuses claim c-1 (403)')
    expect(asked).toEqual(answers)
  })

  it('is a server’s hubs, and all it told is there', { timeout: 180_000 }, async () => {
    const dir = folder()
    const url = await startServer(dir)
    const claims = await claimsFile(dir, 3)
    const truth = join(dir, 'truth.jsonl')
    const at = ['--server', url, '--claims', claims]
    const options = '--pumps 24 --hubs 3 --mix volumetric --seed 7 --hours 2 --speed 600 --sample-every 600'.split(' ')
    const fleet = program('simulators', ['fleet', ...options, '--truth', truth, ...at])
    expect(await fleet.ended(120_000)).toBe(0)
    expect(fleet.output).toMatch(/\d+ records stored, 0 wait\n/)
    const { users } = DemoAccess.parse(JSON.parse(readFileSync(join(dir, 'demo-access.json'), 'utf8')))
    const nurse = await NurseClient.signIn(url, users[0]?.name ?? '', users[0]?.password ?? '')
    expect(await nurse.pumps()).toHaveLength(24)
    const log = new TruthReader(truth)
    const wanted = { truth: () => log.lines(), nurse, settledAt: Infinity, tolerance: usualTolerance }
    const { findings, samples, alarms } = await new Verification(wanted).look()
    expect(findings.filter(({ kind }) => kind === 'missing' || kind === 'doubled')).toEqual([])
    expect(samples).toBeGreaterThan(100)
    expect(alarms).toBeGreaterThan(0)
    // A claim lets one hub in, once.
    const again = program('simulators', ['fleet', '--pumps', '3', '--hubs', '3', ...at])
    expect(await again.ended()).toBe(1)
    expect(again.output).toMatch(/The server refuses claim .+: it is wrong, used or older than 10 minutes/)
  })
})

describe('simulators load', () => {
  it('drives a server at the wanted rate and tells what became of every sample', { timeout: 120_000 }, async () => {
    const dir = folder()
    const url = await startServer(dir)
    const claims = await claimsFile(dir, 4)
    const options = '--hubs 4 --rate 200 --seconds 3 --json'.split(' ')
    const load = program('simulators', ['load', '--server', url, '--claims', claims, ...options])
    expect(await load.ended(60_000)).toBe(0)
    const report: unknown = JSON.parse(load.output.trimEnd().split('\n').at(-1) ?? '')
    expect(report).toMatchObject({ due: 600, stored: 600, unanswered: 0, refused: {}, sampleMs: { count: 600 } })
  })

  it('says how many samples found nobody', { timeout: 60_000 }, async () => {
    const dir = folder()
    const url = await startServer(dir)
    const claims = await claimsFile(dir, 1)
    const refused = program('simulators', ['load', '--server', url, '--claims', claims, '--hubs', '2'])
    expect(await refused.ended()).toBe(1)
    expect(refused.output).toContain('2 hubs need as many claims, the file has 1')
  })
})
