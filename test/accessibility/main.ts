import { parseArgs } from 'node:util'
import { chosenWords } from '#test/support/chosen-words.ts'
import { judge, wordsOf } from './axe.ts'
import type { Finding } from './axe.ts'
import { states } from './pictures.ts'
import type { State } from './pictures.ts'
import { pinned } from './pinned.ts'
import type { Pin } from './pinned.ts'
import { screens } from './screens.ts'
import type { ScreenUnderTest } from './screen-under-test.ts'
import { palettes, widths } from './formats.ts'
import type { Palette, Width } from './formats.ts'
import { sightFaults } from './sights.ts'
import { Stage } from './stage.ts'

// `npm run axe`: every screen in every state, palette and width, by the rules of axe-core.

const help = `Looks at every screen of the dashboard with axe-core (WCAG 2.2 A and AA, good practice).

  npm run axe                          the whole matrix; the last line says how much it was
  npm run axe -- --screen wall,pump    some screens
  npm run axe -- --state flood         empty, normal, flood, not-live
  npm run axe -- --palette night       light, dark, night
  npm run axe -- --width 390           390, 1024, 1440, wallboard
  npm run axe -- --part 2/12           every twelfth of what is asked for, from the second on: all twelve together are everything
  npm run axe -- --sight               what axe does not see: text cut off, covered or outside of the window, at 320 px, at 400 %,
                                       widely spaced, from right to left, on a wallboard; controls too small to hit
  npm run axe -- --list                the screens
  npm run axe -- --details             each finding of each combination, not only its first

Each of these takes several, with commas. Ends with 1 when a rule is broken, or when axe could not judge something that nobody has
looked at (test/accessibility/pinned.ts); with 2 when the question is not understood.
`

const say = (text: string): void => void process.stderr.write(`${text}\n`)

interface Question {
  readonly screens: readonly ScreenUnderTest[]
  readonly states: readonly State[]
  readonly palettes: readonly Palette[]
  readonly widths: readonly Width[]
  readonly details: boolean
  /** From 1. */
  readonly part: number
  readonly parts: number
  /** Layout instead of the rules of axe. */
  readonly sight: boolean
  /** Nothing is left out. */
  readonly whole: boolean
}

/** One line of the summary: a screen in a state. */
interface Row {
  readonly screen: string
  readonly state: State
  readonly looked: number
  readonly elements: number
  readonly violations: number
  readonly unreviewed: number
}

const lookAt = async (
  stage: Stage,
  screen: ScreenUnderTest,
  state: State,
  question: Question,
  met: Set<Pin>,
  told: Set<string>,
): Promise<Row> => {
  const sizes = screen.widths.filter((width) => question.widths.includes(width))
  let [looked, elements, violations, unreviewed] = [0, 0, 0, 0]
  const tell = (kind: string, where: string, finding: Finding): void => {
    const key = `${kind} ${screen.name} ${finding.rule} ${finding.key} ${finding.target}`
    if (!question.details && told.has(key)) return
    told.add(key)
    say(`  ${kind} ${where}: ${wordsOf(finding)}`)
  }
  const [first] = sizes
  if (first === undefined) return { screen: screen.name, state, looked, elements, violations, unreviewed }
  try {
    await stage.bring(screen, state, first)
  } catch (error) {
    say(`  NOT REACHED ${state} ${first}: ${String(error)}`)
    return { screen: screen.name, state, looked, elements, violations: 1, unreviewed }
  }
  if (question.sight) {
    const faults = await sightFaults(stage, screen)
    for (const fault of faults) say(`  BROKEN ${state} ${fault}`)
    return { screen: screen.name, state, looked: 1, elements, violations: faults.length, unreviewed }
  }
  for (const width of sizes)
    for (const palette of question.palettes) {
      await stage.dress(width, palette)
      const verdict = await judge(stage.page)
      looked += 1
      elements += verdict.elements
      violations += verdict.violations.length
      unreviewed += verdict.unreviewed.length
      for (const pin of verdict.met) met.add(pin)
      const where = `${state} ${width} ${palette}`
      for (const finding of verdict.violations) tell('BROKEN', where, finding)
      for (const finding of verdict.unreviewed) tell('NOT REVIEWED', where, finding)
    }
  return { screen: screen.name, state, looked, elements, violations, unreviewed }
}

const tableOf = (rows: readonly Row[]): string =>
  [
    'screen                state      looked  broken  not reviewed',
    ...rows.map(
      ({ screen, state, looked, violations, unreviewed }) =>
        `${screen.padEnd(22)}${state.padEnd(11)}${String(looked).padStart(6)}${String(violations).padStart(8)}${String(unreviewed).padStart(14)}`,
    ),
  ].join('\n')

const run = async (question: Question): Promise<number> => {
  const pairs = question.screens
    .flatMap((screen) =>
      question.states.filter((state) => screen.states.includes(state)).map((state) => ({ screen, state })),
    )
    .filter((_, at) => at % question.parts === question.part - 1)
  const started = performance.now()
  const met = new Set<Pin>()
  const told = new Set<string>()
  const rows: Row[] = []
  await using stage = await Stage.open()
  for (const [at, { screen, state }] of pairs.entries()) {
    say(`${at + 1}/${pairs.length} ${screen.name}, ${state} (${((performance.now() - started) / 1000).toFixed(0)} s)`)
    rows.push(await lookAt(stage, screen, state, question, met, told))
  }
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0)
  process.stdout.write(`${tableOf(rows)}\n`)
  const stale = question.whole ? pinned.filter((pin) => !met.has(pin)) : []
  for (const pin of stale) say(`pinned and never met: ${pin.rule} (${pin.key}) ${pin.html}`)
  const [broken, open] = [sum(({ violations }) => violations), sum(({ unreviewed }) => unreviewed)]
  const minutes = ((performance.now() - started) / 60_000).toFixed(1)
  const seen = `${sum(({ looked }) => looked)} looks at ${sum(({ elements }) => elements)} elements of ${new Set(rows.map((row) => row.screen)).size} screens`
  process.stdout.write(`${seen} in ${minutes} min: ${broken} broken, ${open} not reviewed\n`)
  return broken + open + stale.length === 0 ? 0 : 1
}

const options = {
  screen: { type: 'string' },
  state: { type: 'string' },
  palette: { type: 'string' },
  width: { type: 'string' },
  part: { type: 'string', default: '1/1' },
  details: { type: 'boolean', default: false },
  sight: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Null: it was answered already. Throws a TypeError with a sentence for whoever asked. */
const questionOf = (): Question | null => {
  const { values } = parseArgs({ options })
  if (values.help) process.stdout.write(help)
  else if (values.list)
    for (const { name, states: known } of screens) process.stdout.write(`${name}: ${known.join(', ')}\n`)
  if (values.help || values.list) return null
  const [part = 0, parts = 0] = values.part.split('/').map(Number)
  if (!(Number.isInteger(part) && Number.isInteger(parts) && part >= 1 && part <= parts))
    throw new TypeError(`--part takes two numbers such as 2/12, not "${values.part}"`)
  const known = screens.map(({ name }) => name)
  const names = chosenWords('screen', known, values.screen)
  return {
    screens: screens.filter(({ name }) => names.includes(name)),
    states: chosenWords('state', states, values.state),
    palettes: chosenWords('palette', palettes, values.palette),
    widths: chosenWords('width', widths, values.width),
    details: values.details,
    sight: values.sight,
    part,
    parts,
    whole:
      !values.sight &&
      parts === 1 &&
      [values.screen, values.state, values.palette, values.width].every((asked) => asked === undefined),
  }
}

const asked = (): Question | null | string => {
  try {
    return questionOf()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return error.message
  }
}

const question = asked()
if (typeof question === 'string') say(question)
process.exitCode = question === null ? 0 : typeof question === 'string' ? 2 : await run(question)
