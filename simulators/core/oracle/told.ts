import type { Priority } from '#domain/alarm/codes.ts'
import { interByteTimeoutMs } from '#domain/pump-protocols/frame-decoder.ts'
import { contradicting, troublesOf, type Silence } from './troubles.ts'
import type { TruthLine } from './truth-line.ts'

// What the simulators' own log says, read back. An acknowledgement is an obligation: a receipt (IP1) or a PUBACK (MQTT).

export interface ToldSample {
  readonly pumpId: string
  /** null: the pump has one channel. */
  readonly channelId: string | null
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
  /** By pump, when something that it said came out of the wire as it was put in and somebody listened; in order, ms. */
  readonly heard: ReadonlyMap<string, readonly number[]>
  /** What kept a pump from being heard: cable out, switched off, a fault of its link. */
  readonly silences: readonly Silence[]
  /** What was done, and the faults: `half-open`, `half-open over`. */
  readonly acts: readonly { readonly pumpId: string; readonly act: string; readonly at: number }[]
  readonly stories: readonly { readonly pumpId: string; readonly scenario: string; readonly at: number }[]
}

/** What came out of the pump so shortly before its cable was pulled may have been lost in it, ms. */
const inFlightMs = 100

/** A message that is acknowledged later than this had to wait, ms. */
const promptMs = 2_000

/** After these the hub has to speak before it is known to listen again. */
const deafening: ReadonlySet<string> = new Set(['half-open', 'stall', 'wrong-baud', 'slow', 'stop-hub', 'kill-hub'])
/** Acts after which a pump says nothing for a while. */
const silencing: ReadonlySet<string> = new Set(['power-off', 'reboot', 'swap', 'drain-battery'])

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

/** A frame tells of all channels; what became of it stands in the line of the first. */
const isFirstChannel = ({ channelId }: TruthLine): boolean => channelId === undefined || channelId === '1'

const frameOf = ({ pumpId, uptimeMs }: TruthLine): string => `${pumpId}/${uptimeMs ?? ''}`

/** `settledAt`: what was told later may still be on its way. */
export const readTold = (lines: readonly TruthLine[], settledAt: number): Told => {
  const acknowledged = acknowledgements(lines)
  /** The other end of the cable is known to listen. */
  const listened = new Set<string>()
  /** A reader may take what comes after damage for the rest of it. */
  const spoilt = new Set<string>()
  const trouble = troublesOf(lines)
  const troubleOfPump = Map.groupBy(trouble, ({ pumpId }) => pumpId)
  const hearableAt = (pumpId: string, at: number): number =>
    (troubleOfPump.get(pumpId) ?? [])
      .filter((one) => at >= one.at && at <= one.until)
      .reduce((latest, { until }) => Math.max(latest, until), at)
  const others = Map.groupBy(
    lines.filter((line) => line.kind === 'sample' && !isFirstChannel(line)),
    frameOf,
  )
  const heard = new Map<string, number[]>()
  const pulled = Map.groupBy(
    lines.filter(({ kind, act, plugged }) => (kind === 'cable' && plugged === false) || act === 'unplug'),
    ({ pumpId }) => pumpId,
  )
  const isLostInCable = (pumpId: string, at: number): boolean =>
    pulled.get(pumpId)?.some(({ wallAt }) => wallAt >= at && wallAt - at <= inFlightMs) ?? false
  /** Alarms that a pump shows: a restart ends them without a word. */
  const shown = new Map<string, Map<string, ToldAlarm>>()
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
    const acknowledgedAt = line.ids === undefined ? undefined : acknowledged.get(numberOf(line))
    const isWire = line.ids?.['message'] === undefined
    const isTornApart = (line.pauseMs ?? 0) > interByteTimeoutMs
    const isWhole =
      (line.droppedBytes ?? 0) === 0 &&
      line.damaged !== true &&
      !isTornApart &&
      !wasSpoilt &&
      !isLostInCable(pumpId, at)
    const isHeard = isWire ? listened.has(pumpId) && isWhole : acknowledgedAt !== undefined
    if (isHeard && (line.droppedBytes !== undefined || (!isWire && kind !== 'acknowledged'))) {
      // What waited for a connection was heard when it was acknowledged.
      const heardAt = isWire || acknowledgedAt === undefined ? at : acknowledgedAt - at > promptMs ? acknowledgedAt : at
      const times = heard.get(pumpId)
      if (times === undefined) heard.set(pumpId, [heardAt])
      else times.push(heardAt)
    }
    if (kind === 'sample' && isFirstChannel(line)) {
      const isOwed = isHeard && line.again !== true && at <= settledAt
      const frame = frameOf(line)
      for (const one of [line, ...(line.channelId === undefined ? [] : (others.get(frame) ?? []))])
        samples.push({
          pumpId,
          channelId: one.channelId ?? null,
          at,
          infusedTotalMl: one.infusedTotalMl ?? 0,
          linePressureMmHg: one.linePressureMmHg ?? null,
          rateMlPerHour: one.rateMlPerHour ?? null,
          isOwed,
        })
      others.delete(frame)
    }
    if (kind === 'power-on') {
      for (const alarm of shown.get(pumpId)?.values() ?? [])
        alarms.push({ ...alarm, raised: false, at, acknowledgedAt: null, hearableAt: hearableAt(pumpId, at) })
      shown.delete(pumpId)
    }
    if (kind === 'alarm' && typeof line.code === 'string') {
      const alarm = {
        pumpId,
        code: line.code,
        raised: line.raised === true,
        priority: line.priority ?? null,
        at,
        acknowledgedAt: acknowledgedAt ?? null,
        hearableAt: hearableAt(pumpId, at),
      }
      alarms.push(alarm)
      const own = shown.get(pumpId) ?? new Map<string, ToldAlarm>()
      if (alarm.raised) own.set(alarm.code, alarm)
      else own.delete(alarm.code)
      shown.set(pumpId, own)
    }
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
    heard: new Map([...heard].map(([pumpId, times]) => [pumpId, times.toSorted((a, b) => a - b)])),
    silences: [
      ...acts
        .filter(({ act }) => silencing.has(act))
        .map(({ pumpId, act, at }) => ({ pumpId, name: act, at, until: at })),
      ...lines.flatMap(({ replaces, wallAt }) =>
        replaces === undefined ? [] : [{ pumpId: replaces, name: 'swap', at: wallAt, until: wallAt }],
      ),
      ...trouble.filter(({ name }) => name !== contradicting),
    ],
    stories: lines.flatMap(({ kind, pumpId, scenario, wallAt }) =>
      kind === 'story' && scenario !== undefined ? [{ pumpId, scenario, at: wallAt }] : [],
    ),
  }
}
