import type { AlarmView } from '#domain/live/views.ts'
import type { History } from '#domain/live/api.ts'
import type { TruthLine } from './truth.ts'

// What the simulators' own log says must be on the server, held against what is there. An acknowledgement is an obligation: a
// receipt (IP1) or a PUBACK (MQTT). What was told and not acknowledged may be there, and nothing else may.

/** The same alarm again within this time is the same episode (alarms.md). */
const sameEpisodeMs = 60_000
/** How far two clocks' readings of one moment may lie apart beyond the stated uncertainty, ms. */
const slackMs = 1_500

interface Edge {
  readonly line: TruthLine
  /** When the gateway said that it has it; null: never. */
  readonly acknowledgedAt: number | null
}

const idOf = (line: TruthLine): string => {
  const { notification, boot, message } = line.ids ?? {}
  return `${line.pumpId}/${message === undefined ? `${boot}/${notification}` : message}`
}

const acknowledgements = (truth: readonly TruthLine[]): ReadonlyMap<string, number> =>
  new Map(
    truth.flatMap((line): [string, number][] => {
      // An IP1 receipt names the notification; its boot is in the answer's own ids.
      if (line.kind === 'receipt') return [[`${line.pumpId}/${line.ids?.['boot']}/${String(line.of)}`, line.wallAt]]
      return line.kind === 'acknowledged' ? [[idOf(line), line.wallAt]] : []
    }),
  )

const tally = (keys: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

const sampleKey = (infusedTotalMl: unknown, pressure: unknown): string =>
  `${String(infusedTotalMl)} mL, ${String(pressure)} mmHg`

const keyOf = (line: TruthLine): string => sampleKey(line.infusedTotalMl, line.linePressureMmHg)

/**
 * Samples of one pump: each acknowledged one once, none that was never told, none more often than it was told. `before` and `after`:
 * the log as it was before and after the history was asked for.
 */
export const sampleProblems = (
  before: readonly TruthLine[],
  { pumpId, buckets }: History,
  after: readonly TruthLine[],
): readonly string[] => {
  const acknowledged = acknowledgements(before)
  const samples = (truth: readonly TruthLine[]): readonly TruthLine[] =>
    truth.filter((line) => line.kind === 'sample' && line.pumpId === pumpId)
  const told = tally(samples(after).map(keyOf))
  const owed = tally(
    samples(before)
      .filter((line) => acknowledged.has(idOf(line)))
      .map(keyOf),
  )
  const stored = tally(
    buckets.map(({ values }) => sampleKey(values.infusedTotalMl?.[0] ?? null, values.linePressureMmHg?.[0] ?? null)),
  )
  return [
    ...[...owed].filter(([sample, n]) => (stored.get(sample) ?? 0) < n).map(([sample]) => `${pumpId} lost ${sample}`),
    ...[...stored]
      .filter(([sample, n]) => n > (told.get(sample) ?? 0))
      .map(([sample, n]) => `${pumpId} has ${sample} ${n} times, told ${told.get(sample) ?? 0} times`),
  ]
}

interface Expected {
  readonly name: string
  readonly edges: readonly Edge[]
}

/** Per pump and code, what makes one episode. */
const expectedEpisodes = (truth: readonly TruthLine[]): readonly Expected[] => {
  const acknowledged = acknowledgements(truth)
  const edges = truth.filter((line) => line.kind === 'alarm')
  return [...Map.groupBy(edges, ({ pumpId, code }) => `${pumpId} ${code}`)].flatMap(([name, lines]) => {
    const groups: Edge[][] = []
    for (const line of lines) {
      const last = groups.at(-1)?.at(-1)?.line
      const edge = { line, acknowledgedAt: acknowledged.get(idOf(line)) ?? null }
      const again = last !== undefined && (last.raised === true || line.wallAt - last.wallAt <= sameEpisodeMs)
      if (again) groups.at(-1)?.push(edge)
      else groups.push([edge])
    }
    return groups.map((group) => ({ name, edges: group }))
  })
}

const outside = (at: number, from: number, to: number | null, uncertaintyMs: number): boolean =>
  at < from - slackMs - uncertaintyMs || (to !== null && at > to + slackMs + uncertaintyMs)

/** The last end, and each before it after which the gateway acknowledged no start: a run whose start it never had may be missing. */
const possibleEnds = (edges: readonly Edge[]): readonly Edge[] => {
  const lastOwed = edges.findLastIndex(({ line, acknowledgedAt }) => line.raised === true && acknowledgedAt !== null)
  return edges.filter(({ line }, index) => line.raised === false && (index > lastOwed || index === edges.length - 1))
}

const episodeProblems = ({ name, edges }: Expected, found: readonly AlarmView[]): readonly string[] => {
  const starts = edges.filter(({ line }) => line.raised === true)
  const last = edges.at(-1)
  const first = starts[0]
  if (first === undefined || last === undefined) return []
  const owed = starts.some(({ acknowledgedAt }) => acknowledgedAt !== null) || last.line.raised === true
  if (found.length > 1) return [`${name} is there ${found.length} times`]
  const [episode] = found
  if (episode === undefined) return owed ? [`${name} is missing`] : []
  const problems: string[] = []
  const heardBy = starts.flatMap(({ acknowledgedAt }) => acknowledgedAt ?? []).toSorted((a, b) => a - b)[0] ?? null
  if (outside(episode.startedAt, first.line.wallAt, heardBy, episode.uncertaintyMs))
    problems.push(`${name} started ${episode.startedAt - first.line.wallAt} ms after the pump said so`)
  const isOpen = last.line.raised === true
  if (isOpen && episode.condition !== 'active')
    problems.push(`${name} is active at the pump and ${episode.condition} here`)
  if (!isOpen && (episode.condition === 'active' || episode.condition === 'unverified'))
    problems.push(`${name} is over at the pump and ${episode.condition} here`)
  if (!isOpen && episode.endedAt !== null) {
    const { endedAt, uncertaintyMs } = episode
    if (possibleEnds(edges).every((end) => outside(endedAt, end.line.wallAt, end.acknowledgedAt, uncertaintyMs)))
      problems.push(`${name} ended ${episode.endedAt - last.line.wallAt} ms after the pump said so`)
  }
  return problems
}

/** Of the site, about the people it calls: no pump's log knows whether a nurse has a page open. */
const aboutPeople: readonly AlarmView['code'][] = ['notify-channel-down', 'path-unproven', 'rota-gap', 'hand-over-open']

/** Every alarm of every pump: there once, with its start, its end and its state; no other alarm, except those in `excused`. */
export const alarmProblems = (
  truth: readonly TruthLine[],
  alarms: readonly AlarmView[],
  excused: readonly string[] = [],
): readonly string[] => {
  const expected = expectedEpisodes(truth)
  const names = new Map<Expected, AlarmView[]>(expected.map((one) => [one, []]))
  const strangers: string[] = []
  for (const alarm of alarms) {
    if (alarm.pumpId === null && alarm.hubId === null && aboutPeople.includes(alarm.code)) continue
    const name = `${alarm.pumpId} ${alarm.code}`
    const own = expected.find(
      ({ name: other, edges }) =>
        other === name &&
        alarm.startedAt >= (edges[0]?.line.wallAt ?? 0) - slackMs - alarm.uncertaintyMs &&
        alarm.startedAt <= (edges.at(-1)?.line.wallAt ?? 0) + sameEpisodeMs,
    )
    if (own !== undefined) names.get(own)?.push(alarm)
    else if (!excused.includes(name)) strangers.push(`${name} is here and at no pump`)
  }
  return [...strangers, ...[...names].flatMap(([one, found]) => episodeProblems(one, found))]
}
