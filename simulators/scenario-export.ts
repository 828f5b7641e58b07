import { Document, isMap, isSeq } from 'yaml'
import { faultsWritten, type Deeds } from './core/deeds.ts'
import { pumpProfiles, type PumpProfileName, type PumpSettings } from './core/pump-settings.ts'
import type { Act } from './core/acts.ts'
import { describeFault, type FaultSwitch } from './core/faults/catalog.ts'

export interface LivedStory {
  readonly pumpId: string
  readonly protocol: string
  /** As configured: with the id it decides what chance does. */
  readonly seed: number
  /** What it lived beside what was done by hand. */
  readonly scenario: string
  readonly profile: PumpProfileName
  readonly settings: PumpSettings
  readonly deeds: Deeds
  readonly virtualMs: number
}

const timeText = (ms: number): string => {
  const whole = Math.ceil(ms)
  const parts = [
    [Math.floor(whole / 3_600_000), 'h'],
    [Math.floor(whole / 60_000) % 60, 'm'],
    [Math.floor(whole / 1000) % 60, 's'],
    [whole % 1000, 'ms'],
  ] as const
  const text = parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('')
  return text === '' ? '0s' : text
}

const actText = ({ act, amount, code }: Act): string =>
  [act, amount, code].filter((part) => part !== undefined).join(' ')

const faultEntry = (change: FaultSwitch, fromMs: number, untilMs: number | null): object => {
  const { fault, amount, way } = change
  return {
    kind: fault,
    from: timeText(fromMs),
    ...(untilMs === null ? {} : { until: timeText(untilMs) }),
    ...(describeFault(fault).amount === undefined ? {} : { amount }),
    ...(way === 'both' ? {} : { way }),
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const changedSettings = (settings: PumpSettings, profile: PumpProfileName): object => {
  const usual: Readonly<Record<string, unknown>> = { ...pumpProfiles[profile] }
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => !same(value, usual[name])))
}

/**
 * What a pump went through so far, written down as a scenario file: with the same id, protocol and seed it goes through the same
 * again, byte for byte as long as it is asked the same.
 */
export const writeScenario = (story: LivedStory): string => {
  const { pumpId, protocol, seed, scenario, profile, settings, deeds, virtualMs } = story
  const lastsMs = deeds.fullAtMs ?? virtualMs
  const timeline = deeds.done.flatMap(({ atMs, byHand, deed }) =>
    deed.kind === 'act' ? [{ byHand, entry: { at: timeText(atMs), do: actText(deed.act) } }] : [],
  )
  const faults = faultsWritten(deeds.done).map(({ fromMs, untilMs, byHand, change }) => ({
    byHand,
    entry: faultEntry(change, fromMs, untilMs),
  }))
  const document = new Document({
    name: `as-lived-by-${pumpId.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 64),
    what: `What pump ${pumpId} went through, ${scenario} and by hand, for ${timeText(lastsMs)}.`,
    lasts: timeText(lastsMs),
    pump: { profile, settings: changedSettings(settings, profile) },
    timeline: timeline.map(({ entry }) => entry),
    faults: faults.map(({ entry }) => entry),
  })
  for (const [part, entries] of [
    ['timeline', timeline],
    ['faults', faults],
  ] as const) {
    const sequence = document.get(part)
    if (!isSeq(sequence)) continue
    for (const [index, item] of sequence.items.entries()) {
      if (!isMap(item)) continue
      item.flow = true
      if (entries[index]?.byHand !== true) item.comment = ` ${scenario}`
    }
  }
  const head = [
    'yaml-language-server: $schema=./docs/scenario.schema.json',
    `The same again: simulators run --pump id=${pumpId},protocol=${protocol},seed=${seed},scenario=THIS.yaml,… with the wire of before.`,
    ...(deeds.fullAtMs === null ? [] : ['What came after this time found no room.']),
  ]
  return `${head.map((line) => `# ${line}`).join('\n')}\n${document.toString({ lineWidth: 0 })}`
}
