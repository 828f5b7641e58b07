import { pointsAtOnce, type KnownPump, type NurseClient } from './adapters/nurse-client.ts'
import { startOf, unmet } from './core/expectations.ts'
import { inParallel } from './core/in-parallel.ts'
import { compareAcceptance, compareAlarms } from './core/oracle/compare-alarms.ts'
import { compareSamples, type StoredSample } from './core/oracle/compare-samples.ts'
import { pardonedMs, type Pardon, type PardonsOf } from './core/oracle/compare-silence.ts'
import { readTold, type Told } from './core/oracle/told.ts'
import type { TruthLine } from './core/oracle/truth-line.ts'
import { verdictOf, type Verdict } from './core/oracle/verdict.ts'
import { windowsOf } from './core/oracle/windows.ts'
import { scenarioNamed } from './scenario-library.ts'
import type { AlarmHistoryEntry, AlarmView } from '#domain/live/views.ts'
import type { Finding, Tolerance } from './core/oracle/finding.ts'

/** Requests that a server has to answer at once. */
const atOnce = 8
/** Told samples for one answer: less than it holds, because the server's moments are not the pump's. */
const samplesAtOnce = pointsAtOnce - 200
/** Clocks of hubs may run ahead, ms. */
const aheadMs = 60_000

export interface VerificationOptions {
  /** Everything that was told so far; asked again after the server, which may know what came meanwhile. */
  readonly truth: () => Promise<readonly TruthLine[]>
  readonly nurse: NurseClient
  /** What was told later, ms, need not be there yet. */
  readonly settledAt: number
  readonly tolerance: Tolerance
  /** By hub: when it stood still itself and says so. */
  readonly pardons?: ReadonlyMap<string, readonly Pardon[]>
  readonly progress?: (done: number, all: number) => void
}

/** Looks at a server, and again only at what was wrong: the newest may have been on its way. */
export class Verification {
  readonly #options: VerificationOptions
  /** Of pumps that need no other look. */
  readonly #clean = new Map<string, readonly StoredSample[]>()
  readonly #stories = new Map<string, readonly AlarmHistoryEntry[]>()

  constructor(options: VerificationOptions) {
    this.#options = options
  }

  async look(): Promise<Verdict> {
    const { truth, nurse, settledAt, tolerance, pardons = new Map<string, readonly Pardon[]>() } = this.#options
    const before = await truth()
    // What is older belongs to an earlier log: the same pumps may have been running until a moment before.
    const from = Math.ceil(before.reduce((least, { wallAt }) => Math.min(least, wallAt), Infinity) - tolerance.slackMs)
    const pumps = await nurse.pumps()
    const stored = await this.#samples(pumps, readTold(before, settledAt), from)
    const alarms = await nurse.alarms(from)
    const acceptances = await this.#acceptances(alarms)
    const told = readTold(await truth(), settledAt)
    const hubs = new Map(pumps.map(({ pumpId, hubId }) => [pumpId, hubId]))
    const pardonsOf: PardonsOf = (pumpId) => pardons.get(hubs.get(pumpId) ?? '') ?? []
    const verdict = verdictOf(told, [
      ...compareSamples(told.samples, stored, tolerance),
      ...compareAlarms(told, alarms, settledAt, tolerance, pardonsOf),
      ...acceptances,
      ...promises(told, alarms, settledAt, tolerance, pardonsOf),
    ])
    const wrong = new Set(verdict.findings.map(({ pumpId }) => pumpId))
    for (const [pumpId, samples] of stored) if (!wrong.has(pumpId)) this.#clean.set(pumpId, samples)
    return verdict
  }

  async #samples(
    pumps: readonly KnownPump[],
    told: Told,
    from: number,
  ): Promise<ReadonlyMap<string, readonly StoredSample[]>> {
    const { nurse, progress } = this.#options
    const to = Date.now() + aheadMs
    const toldBy = Map.groupBy(told.samples, ({ pumpId }) => pumpId)
    const wanted = pumps.filter(({ pumpId }) => !this.#clean.has(pumpId))
    const fetched = await inParallel(
      wanted,
      atOnce,
      async ({ pumpId, channels }) => {
        const own = toldBy.get(pumpId) ?? []
        const found: StoredSample[] = []
        for (const channelId of channelsOf(
          own.flatMap((sample) => sample.channelId ?? []),
          channels,
        )) {
          const times = own.filter((sample) => channelId === null || sample.channelId === channelId).map(({ at }) => at)
          for (const window of windowsOf(times, { from, to }, samplesAtOnce))
            found.push(...(await nurse.samples(pumpId, window.from, window.to, channelId)))
        }
        return [pumpId, found] as const
      },
      progress,
    )
    return new Map([...this.#clean, ...fetched])
  }

  async #acceptances(alarms: readonly AlarmView[]): Promise<readonly Finding[]> {
    const open = alarms.filter(({ response }) => response === 'new')
    const found = await inParallel(open, atOnce, async (alarm) => {
      const key = `${alarm.episodeId} ${alarm.version} ${alarm.condition}`
      const story = this.#stories.get(key) ?? (await this.#options.nurse.story(alarm.episodeId))
      this.#stories.set(key, story)
      return compareAcceptance(alarm, story)
    })
    return found.filter((finding) => finding !== null)
  }
}

/** Of a pump with several each by itself; null: there is only one, and it needs no name. */
const channelsOf = (told: readonly string[], stored: readonly string[]): readonly (string | null)[] => {
  if (told.length === 0 && stored.length < 2) return [null]
  return [...new Set([...told, ...stored])].toSorted()
}

/** What scenarios promise, pump by pump. */
const promises = (
  told: Told,
  alarms: readonly AlarmView[],
  settledAt: number,
  { slackMs, lateMs }: Tolerance,
  pardonsOf: PardonsOf,
): readonly Finding[] => {
  const byPump = Map.groupBy(alarms, ({ pumpId }) => String(pumpId))
  return told.stories.flatMap(({ pumpId, scenario, at }): readonly Finding[] => {
    const spec = scenarioNamed(scenario)
    if (spec === null || at + spec.lastsMs > settledAt) return []
    const course = {
      startedAt: at,
      acts: told.acts.filter((act) => act.pumpId === pumpId && act.at >= at),
      alarms: (byPump.get(pumpId) ?? []).filter((alarm) => alarm.startedAt >= at - slackMs),
    }
    return spec.expect
      .flatMap((expectation) => {
        const from = expectation.active === null ? null : startOf(expectation.active, course)
        const due = (from ?? 0) + (expectation.active?.withinMs ?? 0) + slackMs + lateMs
        const isSilence = expectation.alarm === 'link-lost-pump' && from !== null
        const pardoned = isSilence ? pardonedMs(pardonsOf(pumpId), from, due) : 0
        return unmet(expectation, course, slackMs + lateMs + pardoned) ?? []
      })
      .map((what) => ({ kind: 'unexpected', pumpId, what: `${scenario}: ${what}` }))
  })
}
