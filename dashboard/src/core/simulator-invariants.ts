import { derivedCatalogue } from '#domain/alarm/derived-catalogue.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { LinkState } from '#domain/uplink/envelope.ts'

// What must hold between pumps as they really are and what this screen shows, judged anew each second. Pure.

export const invariantNames = ['alarm-shown', 'no-ghost', 'heard-or-alarmed', 'counter-rises'] as const
export type InvariantName = (typeof invariantNames)[number]

/** A simulated pump as it is. */
export interface PumpTruth {
  readonly id: string
  readonly plugged: boolean
  readonly activeAlarms: readonly string[]
  readonly faults: readonly string[]
  readonly infusedTotalMl: number
  readonly virtualMs: number
}

/** The same pump as this screen knows it; absent: not on the wall. */
export interface PumpShown {
  readonly pumpId: string
  readonly hubId: string
  readonly link: LinkState
}

export interface Difference {
  readonly name: InvariantName
  readonly pumpId: string
  readonly code: string | null
}

/** Since when each difference has been seen, ms; by its key. */
export type Seen = ReadonlyMap<string, number>

export interface Finding extends Difference {
  readonly forMs: number
  /** Longer than a difference may last on its way from the pump to the screen. */
  readonly broken: boolean
}

export interface Judged {
  readonly findings: readonly Finding[]
  readonly seen: Seen
}

/** A pump's silence is an alarm within 15 s, a hub's within 30 (alarms.md, "Silence is an alarm"). */
export const mayDifferMs: Readonly<Record<InvariantName, number>> = {
  'alarm-shown': 15_000,
  'no-ghost': 30_000,
  'heard-or-alarmed': 45_000,
  'counter-rises': 0,
}

/** What the hub or the server derives no pump can have. */
const isOfPump = (code: string): boolean => !Object.hasOwn(derivedCatalogue, code)
/** Faults that keep the truth from the hub, or make the pump say something else. */
const hiding = /^(?!clock)/

const goesOn = ({ condition }: AlarmView): boolean => condition === 'active' || condition === 'unverified'

const differences = (
  truths: readonly PumpTruth[],
  before: ReadonlyMap<string, PumpTruth>,
  shown: ReadonlyMap<string, PumpShown>,
  alarms: readonly AlarmView[],
): readonly Difference[] =>
  truths.flatMap((truth) => {
    const { id } = truth
    const own = alarms.filter(({ pumpId }) => pumpId === id)
    const codes = new Set(own.filter(goesOn).map(({ code }) => code as string))
    const readable = truth.plugged && !truth.faults.some((fault) => hiding.test(fault))
    const found: Difference[] = []
    // A vendor's own text stands for what no code of ours means.
    if (readable && !codes.has('device-text'))
      for (const code of truth.activeAlarms) if (!codes.has(code)) found.push({ name: 'alarm-shown', pumpId: id, code })
    if (readable)
      for (const { code, condition } of own)
        if (condition === 'active' && isOfPump(code) && code !== 'device-text' && !truth.activeAlarms.includes(code))
          found.push({ name: 'no-ghost', pumpId: id, code })
    if (!isHeardOrAlarmed(shown.get(id), own, alarms)) found.push({ name: 'heard-or-alarmed', pumpId: id, code: null })
    const last = before.get(id)
    const reset = truth.faults.some((fault) => fault === 'counter-reset' || fault === 'reboot')
    if (last !== undefined && !reset && truth.virtualMs >= last.virtualMs && truth.infusedTotalMl < last.infusedTotalMl)
      found.push({ name: 'counter-rises', pumpId: id, code: null })
    return found
  })

const isHeardOrAlarmed = (
  shown: PumpShown | undefined,
  own: readonly AlarmView[],
  alarms: readonly AlarmView[],
): boolean => {
  if (shown === undefined) return false
  if (shown.link === 'up' || shown.link === 'listening') return true
  const told = own.some((alarm) => alarm.code === 'link-lost-pump' && goesOn(alarm))
  return told || alarms.some((alarm) => alarm.code === 'link-lost-hub' && alarm.hubId === shown.hubId && goesOn(alarm))
}

const keyOf = ({ name, pumpId, code }: Difference): string => `${name} ${pumpId} ${code ?? ''}`

export interface Facts {
  readonly truths: readonly PumpTruth[]
  readonly before: ReadonlyMap<string, PumpTruth>
  readonly shown: ReadonlyMap<string, PumpShown>
  readonly alarms: readonly AlarmView[]
}

/** `now`: any clock in ms that only rises. */
export const judge = ({ truths, before, shown, alarms }: Facts, seen: Seen, now: number): Judged => {
  const found = differences(truths, before, shown, alarms)
  const since = new Map(found.map((one) => [keyOf(one), seen.get(keyOf(one)) ?? now]))
  const findings = found.map((one) => {
    const forMs = now - (since.get(keyOf(one)) ?? now)
    return { ...one, forMs, broken: forMs >= mayDifferMs[one.name] }
  })
  return { findings, seen: since }
}
