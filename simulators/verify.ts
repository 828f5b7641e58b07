import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { hubPardons } from './adapters/hub-status.ts'
import { NurseClient } from './adapters/nurse-client.ts'
import { TruthReader } from './adapters/truth-reader.ts'
import { SimulatorError } from './core/errors.ts'
import { usualTolerance } from './core/oracle/finding.ts'
import { verdictLines, verdictTable } from './core/oracle/verdict.ts'
import { Verification } from './verification.ts'

export const verifyHelp = `simulators verify --truth FILE --server URL --user NAME [--password-file FILE] [--hub URL]... [--json]
                 [--settle SECONDS] [--late SECONDS] [--slack SECONDS]

Holds what a server stored and alarmed, of all channels of all pumps, against the simulators' own log, and prints what is missing,
doubled, late, false or wrong: a table with a line per pump, each finding, and the sums. The password comes from the file, or from
SIMULATORS_PASSWORD. Progress goes to standard error.

  --hub      status page of a hub, http://127.0.0.1:9470: when it stood still itself, as it says there, it may call a
             silent pump later by so much
  --settle   how long the newest may still be on its way (10); until then the server is asked again
  --late     how late an alarm may reach the server (5)
  --slack    how far two clocks' readings of one moment may lie apart (1.5)
  --json     JSON lines: one per finding, one per pump, and a last one with the sums

Exit codes: 0 nothing is wrong, 1 something is, 2 it could not be found out: wrong use, no such log or one in which
nothing is owed, no server, wrong password.
`

const options = {
  truth: { type: 'string' },
  server: { type: 'string' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  hub: { type: 'string', multiple: true },
  settle: { type: 'string', default: '10' },
  late: { type: 'string', default: String(usualTolerance.lateMs / 1000) },
  slack: { type: 'string', default: String(usualTolerance.slackMs / 1000) },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const wrong = (message: string, cause?: unknown): SimulatorError =>
  new SimulatorError('SIM_CONFIG_INVALID', message, { cause })

const seconds = (text: string, name: string): number => {
  const value = text.trim() === '' ? NaN : Number(text)
  if (!(value >= 0 && value <= 3600)) throw wrong(`--${name} takes seconds, from 0 to 3600.`)
  return value * 1000
}

const passwordFrom = async (file: string | undefined): Promise<string> => {
  if (file === undefined) return process.env['SIMULATORS_PASSWORD'] ?? ''
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw wrong(`Cannot read ${file}.`, cause)
  })
  return text.replace(/\r?\n$/, '')
}

const originOf = (text: string, name: string): string => {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw wrong(`--${name} must be an http or https URL.`)
  return url.origin
}

const progressMs = 2_000

/** Says on standard error how far it is, now and then. */
const progressTo = (write: (text: string) => void): ((done: number, all: number) => void) => {
  let saidAt = performance.now()
  return (done, all) => {
    if (done === all || performance.now() - saidAt < progressMs) return
    saidAt = performance.now()
    write(`${done} of ${all} pumps are read\n`)
  }
}

const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(verifyHelp)
    return 0
  }
  const { truth, server, user } = values
  if (truth === undefined || server === undefined || user === undefined) {
    process.stderr.write(`Needed: --truth, --server and --user.\n\n${verifyHelp}`)
    return 2
  }
  const tolerance = { slackMs: seconds(values.slack, 'slack'), lateMs: seconds(values.late, 'late') }
  const settleMs = seconds(values.settle, 'settle')
  const log = new TruthReader(truth)
  const lines = await log.lines()
  const password = await passwordFrom(values['password-file'])
  const nurse = await NurseClient.signIn(originOf(server, 'server'), user, password)
  const pardons = new Map(await Promise.all((values.hub ?? []).map((url) => hubPardons(originOf(url, 'hub')))))
  const newest = lines.reduce((last, { wallAt }) => Math.max(last, wallAt), 0)
  const deadline = Date.now() + settleMs
  // A log that is still being written goes on; of a finished one everything is owed.
  const settledAt = Date.now() - newest < settleMs ? newest - settleMs : newest
  const progress = progressTo((text) => void process.stderr.write(text))
  const read = () => log.lines()
  const verification = new Verification({ truth: read, nurse, settledAt, tolerance, pardons, progress })
  let verdict = await verification.look()
  while (verdict.findings.length > 0 && Date.now() < deadline) {
    await pause(500)
    verdict = await verification.look()
  }
  const said = values.json ? verdictLines(verdict).map((line) => JSON.stringify(line)) : [verdictTable(verdict)]
  process.stdout.write(`${said.join('\n')}\n`)
  if (verdict.findings.length > 0) return 1
  if (verdict.samples + verdict.alarms > 0) return 0
  throw wrong(`${truth} owes nothing yet: no pump was heard, or all of it is younger than --settle.`)
}

/** The `verify` command. Resolves with the exit code. */
export const verify = async (args: readonly string[]): Promise<number> => {
  try {
    return await run(args)
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 2
  }
}
