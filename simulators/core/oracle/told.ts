import type { Priority } from '#domain/alarm/codes.ts'
import type { ActName } from '../acts.ts'

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
}

export interface Told {
  readonly samples: readonly ToldSample[]
  readonly alarms: readonly ToldAlarm[]
  /** When a pump fell silent for the hub: cable out, battery pulled, restarted, replaced. */
  readonly silences: readonly { readonly pumpId: string; readonly at: number }[]
  readonly acts: readonly { readonly pumpId: string; readonly act: ActName; readonly at: number }[]
  readonly stories: readonly { readonly pumpId: string; readonly scenario: string; readonly at: number }[]
}

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

/** `settledAt`: what was told later may still be on its way. */
export const readTold = (lines: readonly TruthLine[], settledAt: number): Told => {
  const acknowledged = acknowledgements(lines)
  /** The other end of the cable is known to listen. */
  const listened = new Set<string>()
  const samples: ToldSample[] = []
  const alarms: ToldAlarm[] = []
  for (const line of lines) {
    const { kind, pumpId, wallAt: at } = line
    if (kind === 'host') listened.add(pumpId)
    if (kind === 'cable' && line.plugged === false) listened.delete(pumpId)
    if (kind === 'sample' && line.infusedTotalMl !== undefined && isOnlyChannel(line)) {
      const byNumber = acknowledged.get(numberOf(line))
      const isWire = line.ids?.['message'] === undefined
      const isHeard = isWire ? listened.has(pumpId) && (line.droppedBytes ?? 0) === 0 : byNumber !== undefined
      samples.push({
        pumpId,
        at,
        infusedTotalMl: line.infusedTotalMl,
        linePressureMmHg: line.linePressureMmHg ?? null,
        rateMlPerHour: line.rateMlPerHour ?? null,
        isOwed: isHeard && at <= settledAt,
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
      })
  }
  const acts = lines.flatMap(({ kind, pumpId, act, wallAt }) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- compared with acts by name only
    kind === 'act' && act !== undefined ? [{ pumpId, act: act as ActName, at: wallAt }] : [],
  )
  return {
    samples,
    alarms,
    acts,
    silences: acts.filter(({ act }) => silencing.has(act)),
    stories: lines.flatMap(({ kind, pumpId, scenario, wallAt }) =>
      kind === 'story' && scenario !== undefined ? [{ pumpId, scenario, at: wallAt }] : [],
    ),
  }
}
