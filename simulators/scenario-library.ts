import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseScenario } from './scenario-file.ts'
import { scenarioOf, type Scenario } from './core/scenario.ts'
import type { ScenarioSpec } from './core/scenario-spec.ts'

const folder = join(import.meta.dirname, 'scenarios')
const ending = '.yaml'

const cache = new Map<string, ScenarioSpec>()

const read = (path: string): ScenarioSpec => {
  const known = cache.get(path)
  if (known !== undefined) return known
  const spec = parseScenario(readFileSync(path, 'utf8'), path)
  cache.set(path, spec)
  return spec
}

/** Names of the scenarios that come with the simulators, in order. */
export const scenarioNames = (): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .toSorted()

/**
 * A scenario of the library by its name, or any file by its path (with a `/` or ending in .yaml); null: there is none.
 * Throws `SIM_CONFIG_INVALID` for a file that cannot be used.
 */
export const scenarioNamed = (name: string): ScenarioSpec | null => {
  const isPath = name.includes('/') || name.endsWith(ending)
  if (!isPath && !/^[a-z0-9-]+$/.test(name)) return null
  const path = isPath ? name : join(folder, `${name}${ending}`)
  return existsSync(path) ? read(path) : null
}

/** The same, ready to be told to a pump. */
export const storyNamed = (name: string): Scenario | null => {
  const spec = scenarioNamed(name)
  return spec === null ? null : scenarioOf(spec)
}
