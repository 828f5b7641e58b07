import type { Priority } from '#domain/alarm/codes.ts'
import { describeFault, faultNames } from '../faults/catalog.ts'

// What the simulators' own log says, read back. An acknowledgement is an obligation: a receipt (IP1) or a PUBACK (MQTT).

/** One line of the truth log; what a kind does not have is absent. */
export interface TruthLine {
  readonly kind: string
  readonly pumpId: string
  readonly wallAt: number
  readonly ids?: Readonly<Record<string, string | number>> | undefined
  /** Whose receipt it is, or what was acknowledged. */
  readonly of?: string | undefined
  readonly droppedBytes?: number | undefined
  readonly plugged?: boolean | undefined
  readonly code?: string | null | undefined
  readonly raised?: boolean | undefined
  readonly priority?: Priority | null | undefined
  readonly channelId?: string | undefined
  readonly infusedTotalMl?: number | undefined
  readonly linePressureMmHg?: number | null | undefined
  readonly rateMlPerHour?: number | null | undefined
  readonly act?: string | undefined
  readonly scenario?: string | undefined
  /** Other bytes than the pump's came out of the wire, or none. */
  readonly damaged?: boolean | undefined
  /** Published a second time. */
  readonly again?: boolean | undefined
  readonly fault?: string | undefined
  readonly on?: boolean | undefined
}

export interface ToldSample {
  readonly pumpId: string
  readonly at: number
  readonly infusedTotalMl: number
  readonly linePressureMmHg: number | null
  readonly rateMlPerHour: number | null
  /** The hub took it: it must be on the server. */
  readonly isOwed: boolean
}

export interface ToldAlarm {
  readonly pumpId: string
  readonly code: string
  readonly raised: boolean
  readonly priority: Priority | null
  readonly at: number
  /** When the hub said that it has it; null: it never did. */
  readonly acknowledgedAt: number | null
  /** From when the hub can have it for sure: when it was told, or when the line was good again; Infinity: it still is not. */
  readonly hearableAt: number
}

export interface Told {
  readonly samples: readonly ToldSample[]
  readonly alarms: readonly ToldAlarm[]
  /** When a pump may have been silent for the hub: cable out, battery pulled, restarted, replaced, a fault of its link. */
  readonly silences: readonly Silence[]
  /** What was done, and the faults: `half-open`, `half-open over`. */
  readonly acts: readonly { readonly pumpId: string; readonly act: string; readonly at: number }[]
  readonly stories: readonly { readonly pumpId: string; readonly scenario: string; readonly at: number }[]
}

export interface Silence {
  readonly pumpId: string
  readonly at: number
  /** Infinity: it goes on. */
  readonly until: number
}

/** After these the hub has to speak before it is known to listen again. */
const deafening: ReadonlySet<string> = new Set(['half-open', 'stall', 'wrong-baud', 'slow', 'stop-hub', 'kill-hub'])
const silencing: ReadonlySet<string> = new Set(['unplug', 'power-off', 'reboot', 'swap', 'drain-battery'])

const numberOf = ({ pumpId, ids }: TruthLine): string => {
  const { notification, boot, message } = ids ?? {}
  return `${pumpId}/${message === undefined ? `${boot}/${notification}` : message}`
}

const acknowledgements = (lines: readonly TruthLine[]): ReadonlyMap<string, number> =>
  new Map(
    lines.flatMap((line): [string, number][] => {
      // An IP1 receipt names the notification; its boot is in the answer's own ids.
      if (line.kind === 'receipt') return [[`${line.pumpId}/${line.ids?.['boot']}/${String(line.of)}`, line.wallAt]]
      return line.kind === 'acknowledged' ? [[numberOf(line), line.wallAt]] : []
    }),
  )

const isOnlyChannel = ({ channelId }: TruthLine): boolean => channelId === undefined || channelId === '1'

const linkFaults: ReadonlySet<string> = new Set(
  faultNames.filter((name) => /wire|broker|link/.test(describeFault(name).at)),
)

/** The pump says that an alarm is over and goes on showing it: no server can know better. */
const contradicting = 'stuck-alarm'

/** What makes a pump hard to hear or to believe and what ends it; of most acts nobody knows when they are over. */
const troubleOf = ({ kind, act, fault, on }: TruthLine): { readonly name: string; readonly begins: boolean } | null => {
  if (kind === 'act' && (act === 'unplug' || act === 'replug')) return { name: 'cable', begins: act === 'unplug' }
  if (
    kind === 'fault' &&
    fault !== undefined &&
    fault !== 'unplug' &&
    (linkFaults.has(fault) || fault === contradicting)
  )
    return { name: fault, begins: on === true }
  return null
}

const troubles = (lines: readonly TruthLine[]): readonly (Silence & { readonly name: string })[] => {
  const open = new Map<string, Silence & { readonly name: string }>()
  const over: (Silence & { readonly name: string })[] = []
  for (const line of lines) {
    const trouble = troubleOf(line)
    if (trouble === null) continue
    const key = `${line.pumpId} ${trouble.name}`
    const running = open.get(key)
    if (trouble.begins && running === undefined)
      open.set(key, { name: trouble.name, pumpId: line.pumpId, at: line.wallAt, until: Infinity })
    if (trouble.begins || running === undefined) continue
    open.delete(key)
    over.push({ ...running, until: line.wallAt })
  }
  return [...over, ...open.values()]
}

/** `settledAt`: what was told later may still be on its way. */
export const readTold = (lines: readonly TruthLine[], settledAt: number): Told => {
  const acknowledged = acknowledgements(lines)
  /** The other end of the cable is known to listen. */
  const listened = new Set<string>()
  /** A reader may take what comes after damage for the rest of it. */
  const spoilt = new Set<string>()
  const trouble = troubles(lines)
  const hearableAt = (pumpId: string, at: number): number =>
    trouble
      .filter((one) => one.pumpId === pumpId && at >= one.at && at <= one.until)
      .reduce((latest, { until }) => Math.max(latest, until), at)
  const samples: ToldSample[] = []
  const alarms: ToldAlarm[] = []
  for (const line of lines) {
    const { kind, pumpId, wallAt: at } = line
    if (kind === 'host') listened.add(pumpId)
    if (kind === 'cable' && line.plugged === false) listened.delete(pumpId)
    if (kind === 'fault' && line.fault !== undefined && deafening.has(line.fault)) listened.delete(pumpId)
    const wasSpoilt = spoilt.has(pumpId)
    if (line.damaged === true) spoilt.add(pumpId)
    else if (line.ids !== undefined) spoilt.delete(pumpId)
    if (kind === 'sample' && line.infusedTotalMl !== undefined && isOnlyChannel(line)) {
      const byNumber = acknowledged.get(numberOf(line))
      const isWire = line.ids?.['message'] === undefined
      const isWhole = (line.droppedBytes ?? 0) === 0 && line.damaged !== true && !wasSpoilt
      const isHeard = isWire ? listened.has(pumpId) && isWhole : byNumber !== undefined
      samples.push({
        pumpId,
        at,
        infusedTotalMl: line.infusedTotalMl,
        linePressureMmHg: line.linePressureMmHg ?? null,
        rateMlPerHour: line.rateMlPerHour ?? null,
        isOwed: isHeard && line.again !== true && at <= settledAt,
      })
    }
    if (kind === 'alarm' && typeof line.code === 'string')
      alarms.push({
        pumpId,
        code: line.code,
        raised: line.raised === true,
        priority: line.priority ?? null,
        at,
        acknowledgedAt: acknowledged.get(numberOf(line)) ?? null,
        hearableAt: hearableAt(pumpId, at),
      })
  }
  const acts = lines.flatMap(({ kind, pumpId, act, fault, on, wallAt }) => {
    if (kind === 'act' && act !== undefined) return [{ pumpId, act, at: wallAt }]
    if (kind !== 'fault' || fault === undefined) return []
    return [{ pumpId, act: on === true ? fault : `${fault} over`, at: wallAt }]
  })
  return {
    samples,
    alarms,
    acts,
    silences: [
      ...acts.filter(({ act }) => silencing.has(act)).map(({ pumpId, at }) => ({ pumpId, at, until: at })),
      ...trouble.filter(({ name }) => name !== contradicting),
    ],
    stories: lines.flatMap(({ kind, pumpId, scenario, wallAt }) =>
      kind === 'story' && scenario !== undefined ? [{ pumpId, scenario, at: wallAt }] : [],
    ),
  }
}
