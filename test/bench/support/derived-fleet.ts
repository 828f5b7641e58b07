import { newWatch, watched } from '#domain/derived/channel-watch.ts'
import type { ChannelWatch } from '#domain/derived/channel-watch.ts'
import type { DerivedPolicy } from '#domain/derived/policy.ts'
import { stopLevel } from '#domain/derived/stopped-early.ts'
import type { Level, WatchedSample } from '#domain/derived/watched-sample.ts'
import { Fleet } from '#simulators/core/fleet/fleet.ts'
import { mixes } from '#simulators/core/fleet/mixes.ts'
import type { Mix, Therapy } from '#simulators/core/fleet/mixes.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import { mix32, seededRandom } from '#simulators/core/random.ts'
import { ObservedPump, someEyes } from '#test/support/observed-pump.ts'

// A fleet that does nothing wrong, or only what pumps call for themselves, watched by the server's own conclusions.

const hourMs = 3_600_000
const plugged = { startsOnMains: true, startBatteryPercent: 100 } as const

const extra = (name: string, share: number, settings: Partial<Therapy['settings']>): Therapy => ({
  name,
  share,
  settings: { ...pumpProfiles['generic-ambulatory'], ...plugged, ...settings },
  timing: { kind: 'in-a-row', gapMinutes: [5, 20] },
  deliveriesPerDay: 1,
  alarmsPerDelivery: null,
  demandEveryMinutes: 0,
})

/** The home mix, and beside it what it lacks: slow pumps, programs of steps, doses. */
export const watchedMix: Mix = {
  ...mixes.home,
  therapies: [
    ...mixes.home.therapies.map((therapy) => ({ ...therapy, share: therapy.share * 0.7 })),
    extra('slow', 0.15, {
      rateMlPerHour: 0.5,
      vtbiMl: 12,
      bagMl: 20,
      kvoRateMlPerHour: 0.1,
      complianceMlPerMmHg: 0.0006,
    }),
    extra('steps', 0.075, {
      deliveryMode: 'variable',
      vtbiMl: 300,
      bagMl: 350,
      steps: [
        { minutes: 60, rateMlPerHour: 5 },
        { minutes: 240, rateMlPerHour: 30 },
        { minutes: 60, rateMlPerHour: 12 },
        { minutes: 600, rateMlPerHour: 8 },
      ],
    }),
    extra('doses', 0.075, {
      deliveryMode: 'intermittent',
      rateMlPerHour: 100,
      doseMl: 50,
      doseIntervalMinutes: 240,
      vtbiMl: 200,
      bagMl: 250,
    }),
  ],
}

export interface Raised {
  readonly code: 'under-infusion' | 'over-infusion' | 'stopped-early'
  readonly by: string
  readonly therapy: string
  readonly pump: number
  readonly at: number
  /** The line was closed: what was said is true. */
  readonly isTrue: boolean
}

export interface FleetRun {
  readonly raised: readonly Raised[]
  readonly samples: number
  readonly pumpDays: number
  readonly infusingHours: number
}

interface Watched {
  readonly eyes: ObservedPump
  watch: ChannelWatch
  levels: Readonly<Record<string, Level>>
  before: WatchedSample | null
}

const levelsOf = ({ picture }: ChannelWatch, at: number, policy: DerivedPolicy): Readonly<Record<string, Level>> => ({
  volume: picture.deviation.under,
  pressure: picture.pressure.level,
  over: picture.deviation.over,
  stop: stopLevel(picture.stop, at, policy),
})

const codes = {
  volume: 'under-infusion',
  pressure: 'under-infusion',
  over: 'over-infusion',
  stop: 'stopped-early',
} as const

export const runFleet = (
  options: { readonly pumps: number; readonly days: number; readonly seed: number; readonly sampleEveryMs: number },
  policies: readonly DerivedPolicy[],
): readonly FleetRun[] => {
  const { pumps, days, seed, sampleEveryMs } = options
  const fleet = new Fleet({ mix: watchedMix, pumps, hubs: pumps, seed, sampleEveryMs })
  const all = policies.map(() => ({ raised: [] as Raised[], watches: new Map<number, Watched>() }))
  let samples = 0
  let infusingHours = 0
  for (let toMs = hourMs; toMs <= days * 24 * hourMs; toMs += hourMs)
    for (const said of fleet.advance(toMs)) {
      if (said.kind !== 'sample') continue
      samples += 1
      const { state } = said.reading
      if (state.activity === 'infusing') infusingHours += sampleEveryMs / hourMs
      for (const [index, policy] of policies.entries()) {
        const run = all[index]
        if (run === undefined) continue
        const random = seededRandom(mix32(seed, said.pump + 1))
        const one = run.watches.get(said.pump) ?? {
          eyes: new ObservedPump(someEyes(random), random.fork('eyes')),
          watch: newWatch,
          levels: {},
          before: null,
        }
        run.watches.set(said.pump, one)
        for (const sample of one.eyes.see(said.reading, said.atMs)) {
          one.watch = watched(one.watch, sample, policy)
          const levels = levelsOf(one.watch, sample.at, policy)
          for (const by of ['volume', 'pressure', 'over', 'stop'] as const)
            if (levels[by] === 'raised' && one.levels[by] !== 'raised')
              run.raised.push({
                code: codes[by],
                by,
                therapy: fleet.pumps[said.pump]?.therapy ?? '',
                pump: said.pump,
                at: said.atMs,
                isTrue: state.downstreamBlocked || state.upstreamBlocked,
              })
          one.levels = levels
        }
      }
    }
  return all.map(({ raised }) => ({ raised, samples, pumpDays: pumps * days, infusingHours }))
}
