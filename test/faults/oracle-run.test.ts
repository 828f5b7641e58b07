import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plantedBugs, type PlantedBug } from '#test/support/oracle-run/bugs.ts'
import { eventfulPlan, forgetfulPlan, regressions } from '#test/support/oracle-run/cases.ts'
import { arbitraryPlan, drawnPlan, type OraclePlan } from '#test/support/oracle-run/fault-plan.ts'
import type { FindingKind } from '#test/support/oracle-run/finding.ts'
import { judge } from '#test/support/oracle-run/judge.ts'
import { playPlan, type Played } from '#test/support/oracle-run/play.ts'

// Pumps, hubs, server and nurses in one process on virtual time, with real files and faults by a seed (docs/reliability.md, "Oracle run").

const seed = Number(process.env['ORACLE_SEED'] ?? 20_260_105)
const runs = Number(process.env['ORACLE_RUNS'] ?? 10)
const size = {
  mix: process.env['ORACLE_MIX'] === 'home' ? ('home' as const) : ('busy' as const),
  pumps: Number(process.env['ORACLE_PUMPS'] ?? 20),
  hubs: Number(process.env['ORACLE_HUBS'] ?? 4),
  hours: Number(process.env['ORACLE_HOURS'] ?? 2),
  faultsPerHour: Number(process.env['ORACLE_FAULTS_PER_HOUR'] ?? 20),
}

const inScratch = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'oracle-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const findingsOf = (plan: OraclePlan, bug: PlantedBug | null = null) =>
  inScratch(async (folder) => judge(await playPlan(plan, { folder, bug })))

const told = ({ driver, final, endMs }: Played, tookMs: number): string => {
  const { samples, requests, repeated, deaths } = driver.counters
  return (
    `${Math.round(endMs / 3_600_000)} virtual hours in ${Math.round(tookMs / 1000)} s: ${driver.runs.length} alarms, ${final.episodes.size} episodes, ` +
    `${driver.pages.length} pages, ${driver.acknowledged.length} acts, ${samples} samples, ${requests} requests, ${repeated} repeated, ` +
    `${driver.windows.length} faults, ${deaths} deaths`
  )
}

/** How each bug has to show. */
const shows: Readonly<Record<PlantedBug, FindingKind>> = {
  'pages-forgotten-at-restart': 'not-reminded',
  'pages-once': 'silence',
  'pages-after-acceptance': 'paged-when-answered',
  'pages-the-other-name-space': 'paged-the-wrong-person',
  'acceptance-forgotten-at-restart': 'act-lost',
  'two-owners': 'two-owners',
  'forgotten-stays-taken': 'forgotten',
  'server-answers-before-commit': 'record-lost',
  'hub-answers-before-commit': 'alarm-lost',
  'ends-lost': 'not-ended',
  'one-kind-of-alarm-lost': 'alarm-lost',
  'late-records-ring': 'late-rang',
  'repeated-batch-opens-another-episode': 'false-alarm',
  'silence-is-no-alarm': 'silence-not-noticed',
  'alarm-of-nothing': 'false-alarm',
}

describe(`the oracle run, seed ${seed}`, () => {
  it(`every alarm of ${size.pumps} pumps in ${size.hours} h reaches a nurse once, in time, and nothing else does`, async () => {
    const plan = drawnPlan(seed, size)
    await inScratch(async (folder) => {
      const startedAt = performance.now()
      const played = await playPlan(plan, { folder })
      console.log(
        `seed ${seed}, ${size.pumps} pumps behind ${size.hubs} hubs, ${told(played, performance.now() - startedAt)}`,
      )
      expect(judge(played)).toEqual([])
    })
  }, 14_400_000)

  it(`no plan of ${runs} with few pumps and any faults breaks a rule`, async () => {
    const plans = fc.asyncProperty(arbitraryPlan(12), async (plan) => {
      const findings = await findingsOf(plan)
      if (findings.length > 0)
        throw new Error(`for test/support/oracle-run/cases.ts: ${JSON.stringify({ plan, findings }, null, 1)}`)
    })
    await fc.assert(plans, { seed, numRuns: runs, endOnFailure: false })
  }, 3_600_000)

  describe('what failed once', () => {
    for (const [name, plan] of Object.entries(regressions))
      it(`does not fail again: ${name}`, async () => {
        expect(await findingsOf(plan)).toEqual([])
      })
  })

  describe('the oracle itself', () => {
    it('finds nothing wrong with the plans on which bugs are planted', async () => {
      expect(await findingsOf(eventfulPlan)).toEqual([])
      expect(await findingsOf(forgetfulPlan)).toEqual([])
    })

    for (const bug of plantedBugs)
      it(`sees ${bug}`, async () => {
        const plan = bug === 'forgotten-stays-taken' ? forgetfulPlan : eventfulPlan
        expect((await findingsOf(plan, bug)).map(({ kind }) => kind)).toContain(shows[bug])
      })
  })
})
