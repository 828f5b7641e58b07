import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { Program } from '#test/support/program.ts'

interface Person {
  readonly role: string
  readonly name: string
  readonly password: string
}

export interface Claim {
  readonly id: string
  readonly code: string
}

export interface BenchServer extends AsyncDisposable {
  readonly url: string
  readonly program: Program
  readonly dataDir: string
  /** Of the demo. */
  person(role: string): Person
  /** A hub may come in with it, once. */
  claim(): Claim
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

/** Where to write a processor profile of each server at its end; not set: nowhere. */
const profiling = (): readonly string[] => {
  const folder = process.env['BENCH_PROFILE_DIR']
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

/** The server's own process with its files on a disk, and the demo's people. Ended and deleted when it is disposed of. */
export const startBenchServer = async (
  env: Readonly<Record<string, string>> = {},
  nodeFlags: readonly string[] = [],
): Promise<BenchServer> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-server-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const program = new Program({
    name: 'server',
    args: [...nodeFlags, ...profiling(), 'server/main.ts', 'run'],
    env: { PORT: String(port), PUBLIC_ORIGINS: url, DATA_DIR: dataDir, DEMO: '1', DEMO_ACCOUNTS: '1', ...env },
  })
  const access = (): { users: Person[]; claim?: Claim } =>
    JSON.parse(readFileSync(join(dataDir, 'demo-access.json'), 'utf8'))
  const server: BenchServer = {
    url,
    program,
    dataDir,
    person: (role) => {
      const person = access().users.find((one) => one.role === role)
      if (person === undefined) throw new Error(`the demo has no ${role}`)
      return person
    },
    claim: () => {
      const { claim } = access()
      if (claim === undefined) throw new Error('the demo lets no hub in any more')
      return claim
    },
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  try {
    await eventually(() => isReady(url), { within: 60_000, every: 50, what: 'the server to be ready' })
    return server
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw new Error(program.output.slice(-2000), { cause: error })
  }
}
