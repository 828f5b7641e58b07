import { readdir } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { figureOf, tableOf } from './figure.ts'
import { newBench } from './measure.ts'
import type { Figure } from './figure.ts'
import type { Measure } from './measure.ts'

const help = `Measures, on this machine and now, what the project promises. Nothing else should run meanwhile.

  npm run bench                     every measure, as a table
  npm run bench -- hub-memory …     some of them, by the name of their file in test/bench/measures, or by the first word of several
  npm run bench -- --json           one JSON line per figure: name, value, unit, limit, ratio, target, reached
  npm run bench -- --seconds 60     steady state that is looked at, default 60
  npm run bench -- --list           the measures

Ends with 1 when a target was not reached.
`

const folder = join(import.meta.dirname, 'measures')
const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const load = (): string => (loadavg()[0] ?? 0).toFixed(2)

const measuresNamed = async (names: readonly string[]): Promise<ReadonlyMap<string, Measure>> => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).toSorted()
  const known = files.map((file) => file.slice(0, -'.ts'.length))
  const named = (name: string): readonly string[] => known.filter((one) => one === name || one.startsWith(`${name}-`))
  const unknown = names.filter((name) => named(name).length === 0)
  if (unknown.length > 0) throw new TypeError(`no measure "${unknown.join('", "')}"; there are: ${known.join(', ')}`)
  const measures = new Map<string, Measure>()
  for (const name of names.length > 0 ? names.flatMap(named) : known) {
    const { measure } = (await import(join(folder, `${name}.ts`))) as { measure: Measure }
    measures.set(name, measure)
  }
  return measures
}

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      seconds: { type: 'string', default: '60' },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const measures = await measuresNamed(positionals)
  if (values.list) {
    for (const [name, { what }] of measures) process.stdout.write(`${name}: ${what}\n`)
    return 0
  }
  const seconds = Number(values.seconds)
  if (!(seconds >= 1)) throw new TypeError('--seconds takes a number from 1 on')
  say(`Node ${process.version}, ${process.arch}, ${availableParallelism()} cores, load ${load()}`)
  await using bench = newBench(seconds, say)
  const figures: Figure[] = []
  for (const [name, measure] of measures) {
    say(`${name}: ${measure.what}`)
    for (const measured of await measure.run(bench)) {
      const figure = figureOf(measured)
      figures.push(figure)
      if (values.json) process.stdout.write(`${JSON.stringify(figure)}\n`)
    }
  }
  say(`load ${load()} at the end`)
  if (!values.json) process.stdout.write(`${tableOf(figures)}\n`)
  return figures.some(({ reached }) => reached === false) ? 1 : 0
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  say(error.message)
  process.exitCode = 2
}
