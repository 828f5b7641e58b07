import { parse as parseYaml, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { AlarmCode } from '#domain/alarm/codes.ts'
import { actNames, readAct, type Act } from './core/acts.ts'
import { describeFault, faultNames, readFault, ways } from './core/faults/catalog.ts'
import { SimulatorError } from './core/errors.ts'
import { isModelAlarm, type ModelAlarm } from './core/pump-alarms.ts'
import { pumpProfileNames } from './core/pump-settings.ts'
import type { ActWord, Deadline, ScenarioSpec, Span } from './core/scenario-spec.ts'

// Scenario files: docs/simulators.md tells how they are written, docs/scenario.schema.json lets an editor check them.

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
type Unit = keyof typeof unitMs
const length = '(?:\\d+(?:\\.\\d+)?(?:ms|[smhd]))+'

const msOf = (text: string): number =>
  [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)].reduce(
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the pattern has the units
    (sum, [, count, unit]) => sum + Number(count) * unitMs[unit as Unit],
    0,
  )

const Length = z
  .string()
  .regex(new RegExp(`^${length}$`), 'must be a time like 500ms, 45s, 1m30s, 12h')
  .describe('A time: 500ms, 45s, 1m30s, 12h.')

/** The published spread of hospital repair times (clinical.md 12). */
const usualSigma = 1.58

const Time = z
  .string()
  .regex(
    new RegExp(`^(?:${length}|between ${length} and ${length}|about ${length}(?: from ${length} to ${length})?)$`),
    'must be 45s, "between 6m and 14m", "about 46s" or "about 46s from 30s to 5m"',
  )
  .describe(
    '45s, "between 6m and 14m", or "about 46s from 30s to 5m" (log-normal with that median, within those limits).',
  )

const spanOf = (text: string): Span => {
  const [fromMs = 0, toMs = 0, mostMs = 0] = [...text.matchAll(new RegExp(length, 'g'))].map(([part]) => msOf(part))
  if (text.startsWith('between')) return { kind: 'between', fromMs, toMs }
  if (!text.startsWith('about')) return { kind: 'exactly', ms: fromMs }
  const limits = text.includes(' from ') ? { leastMs: toMs, mostMs } : { leastMs: 0, mostMs: 1_800_000 }
  return { kind: 'about', medianMs: fromMs, sigma: usualSigma, ...limits }
}

const actOf = (text: string): Act | string => {
  const [name, argument, ...rest] = text.trim().split(/\s+/)
  if (rest.length > 0) return `"${text}" has too many words`
  const amount = argument === undefined || Number.isNaN(Number(argument)) ? undefined : Number(argument)
  return readAct(name, amount, argument !== undefined && amount === undefined ? argument : undefined)
}

const checkActs =
  (others: readonly string[]) =>
  (given: string | readonly string[], context: z.RefinementCtx): void => {
    for (const text of listOf(given)) {
      const act = others.includes(text) ? null : actOf(text)
      if (typeof act === 'string') context.addIssue({ code: 'custom', message: act })
    }
  }

// One text or several: told apart by hand, because a union would not say what is wrong with the text.
const actTexts = z.union([z.string(), z.array(z.string()).min(1)])

const Acts = actTexts
  .superRefine(checkActs([]))
  .describe(`Acts with their amount or alarm code, as "inject-air 2" or "raise temperature": ${actNames.join(', ')}.`)
const ReactionActs = actTexts.superRefine(checkActs(['fix'])).describe('Acts, or "fix": whatever puts the alarm right.')

/** One, or a list of them. */
const listOf = <T extends string>(given: T | readonly T[]): readonly T[] =>
  typeof given === 'string' ? [given] : given
const isAct = (act: Act | string): act is Act => typeof act !== 'string'
const actsOf = (given: string | readonly string[]): readonly Act[] => listOf(given).map(actOf).filter(isAct)
const wordsOf = (given: string | readonly string[]): readonly ActWord[] =>
  listOf(given).flatMap((word): readonly ActWord[] => (word === 'fix' ? ['fix'] : actsOf(word)))

const ModelAlarmCode = AlarmCode.refine(isModelAlarm, 'no alarm that a pump raises')

/** What can start the clock of an expectation. */
const beginnings = [...new Set([...actNames, ...faultNames, ...faultNames.map((fault) => `${fault} over`)])]

const DeadlineShape = z.strictObject({
  within: Length,
  after: z
    .enum(beginnings)
    .optional()
    .describe('The act or fault that starts the clock, or "… over" for the end of a fault; absent: the start.'),
})

const FaultShape = z
  .strictObject({
    kind: z.enum(faultNames),
    from: Length.default('0s').describe('Since the start.'),
    until: Length.optional().describe('Since the start; absent: to the end.'),
    amount: z.number().optional().describe('`simulators faults` names units and usual amounts.'),
    way: z.enum(ways).optional().describe('Which direction of the wire; absent: both.'),
  })
  .superRefine(({ kind, from, until, amount, way }, context) => {
    const complain = (message: string): void => context.addIssue({ code: 'custom', message })
    const fault = readFault({ fault: kind, amount, way })
    if (typeof fault === 'string') complain(fault)
    if (until !== undefined && describeFault(kind).isMoment === true) complain(`${kind} happens in a moment: no until`)
    if (until !== undefined && msOf(until) <= msOf(from)) complain('until must come after from')
  })

const deadlineOf = (given: z.output<typeof DeadlineShape> | undefined): Deadline | null =>
  given === undefined ? null : { withinMs: msOf(given.within), after: given.after ?? null }

export const ScenarioFile = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z 0-9 -'),
  what: z.string().min(20).describe('What happens, in a sentence for people.'),
  lasts: Length.default('3m').describe('How long one has to watch until everything expected has had its time.'),
  pump: z
    .strictObject({
      profile: z.enum(pumpProfileNames).optional(),
      settings: z.record(z.string(), z.unknown()).default({}).describe('Changes to the profile, as in `--pump`.'),
    })
    .optional()
    .describe('The pump that the story is about; a configuration may say otherwise.'),
  timeline: z
    .array(
      z.strictObject({
        at: Length.optional().describe('Since the start.'),
        after: Time.optional().describe('After the entry before.'),
        do: Acts,
      }),
    )
    .default([])
    .describe('What happens when, in order. Without `at` and `after`: at once.'),
  repeat: z
    .strictObject({
      every: Time,
      choose: z
        .array(
          z.strictObject({
            weight: z.number().positive().default(1),
            do: z.union([Acts, z.array(z.strictObject({ after: Time.default('0s'), do: Acts })).min(1)]),
          }),
        )
        .min(1),
    })
    .optional()
    .describe('For ever after the timeline: one of these, by weight.'),
  reactions: z
    .array(
      z.strictObject({
        when: z
          .union([z.literal('any'), ModelAlarmCode, z.array(ModelAlarmCode).min(1)])
          .describe('An alarm that begins.'),
        chance: z.number().min(0).max(1).default(1),
        after: Time,
        do: ReactionActs,
      }),
    )
    .default([])
    .describe('What the people at the pump do about alarms.'),
  faults: z
    .array(FaultShape)
    .default([])
    .describe('What goes wrong on the line and in the pump, each from a time to a time. They compose.'),
  expect: z
    .array(
      z.strictObject({
        alarm: AlarmCode,
        never: z.boolean().default(false),
        active: DeadlineShape.optional(),
        ended: DeadlineShape.optional(),
      }),
    )
    .default([])
    .describe('What `simulators verify` has to find.'),
})
type ScenarioFile = z.output<typeof ScenarioFile>

const entriesOf = (
  given: NonNullable<ScenarioFile['repeat']>['choose'][number]['do'],
): readonly { readonly after: Span; readonly acts: readonly Act[] }[] => {
  const atOnce: Span = { kind: 'exactly', ms: 0 }
  if (typeof given === 'string') return [{ after: atOnce, acts: actsOf(given) }]
  const plain = given.filter((entry) => typeof entry === 'string')
  if (plain.length > 0) return [{ after: atOnce, acts: actsOf(plain) }]
  return given.flatMap((entry) =>
    typeof entry === 'string' ? [] : [{ after: spanOf(entry.after), acts: actsOf(entry.do) }],
  )
}

const specOf = (file: ScenarioFile): ScenarioSpec => ({
  name: file.name,
  what: file.what,
  lastsMs: msOf(file.lasts),
  profile: file.pump?.profile ?? null,
  settings: file.pump?.settings ?? {},
  timeline: file.timeline.map((entry) => ({
    at: entry.at === undefined ? null : msOf(entry.at),
    after: spanOf(entry.after ?? '0s'),
    acts: actsOf(entry.do),
  })),
  repeat:
    file.repeat === undefined
      ? null
      : {
          every: spanOf(file.repeat.every),
          choose: file.repeat.choose.map(({ weight, do: given }) => ({ weight, entries: entriesOf(given) })),
        },
  reactions: file.reactions.map(({ when, chance, after, do: given }) => ({
    when: when === 'any' ? null : listOf<ModelAlarm>(when),
    chance,
    after: spanOf(after),
    acts: wordsOf(given),
  })),
  faults: file.faults.flatMap(({ kind, from, until, amount, way }) => {
    const change = readFault({ fault: kind, amount, way })
    if (typeof change === 'string') return []
    return [{ fromMs: msOf(from), untilMs: until === undefined ? null : msOf(until), change }]
  }),
  expect: file.expect.map(({ alarm, never, active, ended }) => ({
    alarm,
    never,
    active: deadlineOf(active),
    ended: deadlineOf(ended),
  })),
})

/** What expectations wait for and what never happens. */
const missingActs = (spec: ScenarioSpec): readonly string[] => {
  const done = new Set<string>(
    [...spec.timeline, ...(spec.repeat?.choose ?? []).flatMap(({ entries }) => entries)].flatMap(({ acts }) =>
      acts.map(({ act }) => act),
    ),
  )
  for (const { change, untilMs } of spec.faults) {
    done.add(change.fault)
    if (untilMs !== null) done.add(`${change.fault} over`)
  }
  return spec.expect
    .flatMap(({ active, ended }) => [active?.after ?? null, ended?.after ?? null])
    .filter((act) => act !== null)
    .filter((act) => !done.has(act))
}

/** Reads a scenario's text. `from`: its file, for messages. Throws `SIM_CONFIG_INVALID` naming every problem, one a line. */
export const parseScenario = (text: string, from: string): ScenarioSpec => {
  let content: unknown
  try {
    content = parseYaml(text, { maxAliasCount: 0 })
  } catch (cause) {
    const why = cause instanceof YAMLParseError ? cause.message : String(cause)
    throw new SimulatorError('SIM_CONFIG_INVALID', `${from} is not YAML: ${why}`, { cause })
  }
  const result = ScenarioFile.safeParse(content)
  if (!result.success) {
    const problems = result.error.issues.map(
      ({ path, message }) => `  ${path.length === 0 ? '(file)' : path.map(String).join('.')}: ${message}`,
    )
    throw new SimulatorError('SIM_CONFIG_INVALID', `${from} cannot be used:\n${problems.join('\n')}`)
  }
  const spec = specOf(result.data)
  const missing = missingActs(spec)
  if (missing.length > 0)
    throw new SimulatorError('SIM_CONFIG_INVALID', `${from} expects something after "${missing[0]}", which nobody does`)
  return spec
}
