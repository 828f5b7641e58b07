import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { Priority } from '#domain/alarm/codes.ts'
import { NurseClient } from './adapters/nurse-client.ts'
import { SimulatorError } from './core/errors.ts'
import { unmet } from './core/expectations.ts'
import { compareAcceptance, compareAlarms } from './core/oracle/compare-alarms.ts'
import { compareSamples } from './core/oracle/compare-samples.ts'
import { findingKinds, usualTolerance, type Finding, type Tolerance } from './core/oracle/finding.ts'
import { readTold, type Told, type TruthLine } from './core/oracle/told.ts'
import { scenarioNamed } from './scenario-library.ts'
import type { AlarmView } from '#domain/live/views.ts'

export const verifyHelp = `simulators verify --truth FILE --server URL --user NAME [--password-file FILE] [--json]
                 [--settle SECONDS] [--late SECONDS] [--slack SECONDS]

Holds what a server stored and alarmed against the simulators' own log, and prints what is missing, doubled, late,
false or wrong, per pump. The password comes from the file, or from SIMULATORS_PASSWORD.

  --settle   how long the newest may still be on its way (10); until then the server is asked again
  --late     how late an alarm may reach the server (5)
  --slack    how far two clocks' readings of one moment may lie apart (1.5)
  --json     one JSON line per finding, and one with the sums

Exit codes: 0 nothing is wrong, 1 something is, 2 wrong use.
`

const Line = z.looseObject({
  kind: z.string(),
  pumpId: z.string(),
  wallAt: z.number(),
  ids: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  of: z.string().optional(),
  droppedBytes: z.number().optional(),
  plugged: z.boolean().optional(),
  code: z.string().nullable().optional(),
  raised: z.boolean().optional(),
  priority: Priority.nullable().optional(),
  channelId: z.string().optional(),
  infusedTotalMl: z.number().optional(),
  linePressureMmHg: z.number().nullable().optional(),
  rateMlPerHour: z.number().nullable().optional(),
  act: z.string().optional(),
  scenario: z.string().optional(),
  damaged: z.boolean().optional(),
  again: z.boolean().optional(),
  fault: z.string().optional(),
  on: z.boolean().optional(),
})

/** All whole lines of a truth log; a line that is being written is left out. */
export const readTruth = async (path: string): Promise<readonly TruthLine[]> => {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new SimulatorError('SIM_CONFIG_INVALID', `Cannot read ${path}.`, { cause })
  })
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const parsed = Line.safeParse(parseJson(line))
      if (parsed.success) return parsed.data
      throw new SimulatorError('SIM_CONFIG_INVALID', `${path}: line ${index + 1} is no line of a truth log.`)
    })
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What scenarios promise, pump by pump. */
const promises = (told: Told, alarms: readonly AlarmView[], settledAt: number, { slackMs, lateMs }: Tolerance) =>
  told.stories.flatMap(({ pumpId, scenario, at }): readonly Finding[] => {
    const spec = scenarioNamed(scenario)
    if (spec === null || at + spec.lastsMs > settledAt) return []
    const own = alarms.filter((alarm) => alarm.pumpId === pumpId && alarm.startedAt >= at - slackMs)
    const course = {
      startedAt: at,
      acts: told.acts.filter((act) => act.pumpId === pumpId && act.at >= at),
      alarms: own,
    }
    return spec.expect
      .flatMap((expectation) => unmet(expectation, course, slackMs + lateMs) ?? [])
      .map((what) => ({ kind: 'unexpected', pumpId, what: `${scenario}: ${what}` }))
  })

export interface Verdict {
  readonly pumps: number
  readonly samples: number
  readonly alarms: number
  readonly findings: readonly Finding[]
}

/** One look. What was told after `settledAt` (ms) is not asked for. */
export const verifyOnce = async (
  lines: readonly TruthLine[],
  nurse: NurseClient,
  settledAt: number,
  tolerance: Tolerance,
): Promise<Verdict> => {
  const told = readTold(lines, settledAt)
  // What is older belongs to an earlier log: the same pumps may have been running until a moment before.
  const from = Math.ceil(lines.reduce((least, { wallAt }) => Math.min(least, wallAt), Infinity) - tolerance.slackMs)
  const to = Date.now() + 60_000
  const stored = new Map<string, Awaited<ReturnType<NurseClient['samples']>>>()
  for (const pumpId of await nurse.pumpIds()) stored.set(pumpId, await nurse.samples(pumpId, from, to))
  const alarms = await nurse.alarms(from)
  const acceptances: Finding[] = []
  for (const alarm of alarms) {
    if (alarm.response !== 'new') continue
    const finding = compareAcceptance(alarm, await nurse.story(alarm.episodeId))
    if (finding !== null) acceptances.push(finding)
  }
  return {
    pumps: new Set(told.samples.map(({ pumpId }) => pumpId)).size,
    samples: told.samples.filter(({ isOwed }) => isOwed).length,
    alarms: told.alarms.filter(({ raised }) => raised).length,
    findings: [
      ...compareSamples(told.samples, stored, tolerance),
      ...compareAlarms(told, alarms, settledAt, tolerance),
      ...acceptances,
      ...promises(told, alarms, settledAt, tolerance),
    ],
  }
}

const seconds = (text: string, name: string): number => {
  const value = Number(text)
  if (!(value >= 0)) throw new SimulatorError('SIM_CONFIG_INVALID', `--${name} takes seconds.`)
  return value * 1000
}

const shownOfAKind = 5

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const print = ({ pumps, samples, alarms, findings }: Verdict): void => {
  say(`${pumps} pumps, ${samples} samples and ${alarms} alarms are owed`)
  for (const [pumpId, own] of Map.groupBy(findings, (finding) => finding.pumpId)) {
    const counts = findingKinds.flatMap((kind) => {
      const count = own.filter((finding) => finding.kind === kind).length
      return count === 0 ? [] : `${count} ${kind}`
    })
    say(`\n${pumpId}: ${counts.join(', ')}`)
    for (const kind of findingKinds) {
      const list = own.filter((finding) => finding.kind === kind)
      for (const { what } of list.slice(0, shownOfAKind)) say(`  ${kind.padEnd(16)} ${what}`)
      if (list.length > shownOfAKind) say(`  ${kind.padEnd(16)} … and ${list.length - shownOfAKind} more`)
    }
  }
  say(findings.length === 0 ? 'Nothing is missing, doubled, late, false or wrong.' : `\n${findings.length} findings`)
}

/** The `verify` command. Resolves with the exit code. */
export const verify = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      truth: { type: 'string' },
      server: { type: 'string' },
      user: { type: 'string' },
      'password-file': { type: 'string' },
      settle: { type: 'string', default: '10' },
      late: { type: 'string', default: String(usualTolerance.lateMs / 1000) },
      slack: { type: 'string', default: String(usualTolerance.slackMs / 1000) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(verifyHelp)
    return 0
  }
  const { truth, server, user } = values
  if (truth === undefined || server === undefined || user === undefined) {
    process.stderr.write(`Needed: --truth, --server and --user.\n\n${verifyHelp}`)
    return 2
  }
  const passwordFile = values['password-file']
  const password =
    passwordFile === undefined
      ? (process.env['SIMULATORS_PASSWORD'] ?? '')
      : (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '')
  const tolerance = { slackMs: seconds(values.slack, 'slack'), lateMs: seconds(values.late, 'late') }
  const settleMs = seconds(values.settle, 'settle')
  const nurse = await NurseClient.signIn(new URL(server).origin, user, password)
  const lines = await readTruth(truth)
  const newest = lines.reduce((last, { wallAt }) => Math.max(last, wallAt), 0)
  const deadline = Date.now() + settleMs
  // A log that is still being written goes on; of a finished one everything is owed.
  const settledAt = Date.now() - newest < settleMs ? newest - settleMs : newest
  let verdict = await verifyOnce(lines, nurse, settledAt, tolerance)
  while (verdict.findings.length > 0 && Date.now() < deadline) {
    await pause(500)
    verdict = await verifyOnce(await readTruth(truth), nurse, settledAt, tolerance)
  }
  if (values.json) {
    for (const finding of verdict.findings) process.stdout.write(`${JSON.stringify(finding)}\n`)
    const { pumps, samples, alarms, findings } = verdict
    process.stdout.write(`${JSON.stringify({ pumps, samples, alarms, findings: findings.length })}\n`)
  } else print(verdict)
  return verdict.findings.length === 0 ? 0 : 1
}
