import { firstChecks } from '#domain/alarm/advice.ts'
import type { Priority } from '#domain/alarm/codes.ts'
import type { HandOverSheet } from '#domain/hand-over/sheet.ts'
import type { PumpId, UserId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { countOf } from './alarm-order.ts'
import type { PriorityCount } from './alarm-order.ts'

// The sheet in the order of I-PASS (illness severity, patient summary, actions, situation awareness, synthesis by the receiver),
// built from what the server knows. Pure.

export type SheetAlarm = HandOverSheet['alarms'][number]
export type SheetWatch = HandOverSheet['watched'][number]

/** Steps of the sheet, in order; on a phone one at a time. */
export const sheetParts = ['severity', 'summary', 'actions', 'ifThen', 'readBack'] as const
export type SheetPart = (typeof sheetParts)[number]

export interface Severity {
  readonly counts: readonly (PriorityCount & { readonly priority: Priority })[]
  /** Open alarms of pumps whose therapy is critical; `unknown` counts as critical. */
  readonly critical: number
  /** Not heard: nobody knows whether they go on. */
  readonly unverified: number
  /** In the receiver's hands, and others'. */
  readonly unowned: number
}

const goesOn = ({ condition }: AlarmView): boolean => condition === 'active' || condition === 'unverified'

export const severityOf = ({ alarms }: HandOverSheet): Severity => {
  const shown = alarms.map(({ alarm }) => alarm)
  const counts = (['high', 'medium', 'low'] as const).map((priority) => ({ priority, ...countOf(shown, priority) }))
  return {
    counts,
    critical: shown.filter((alarm) => goesOn(alarm) && alarm.pumpId !== null && alarm.criticality !== 'standard')
      .length,
    unverified: shown.filter(({ condition }) => condition === 'unverified').length,
    unowned: counts.reduce((sum, { unowned }) => sum + unowned, 0),
  }
}

/** One patient's place: what rings there, and whether somebody keeps an eye on it. */
export interface PatientLine {
  readonly pumpId: PumpId
  readonly label: string | null
  readonly criticality: AlarmView['criticality'] | null
  readonly alarms: readonly SheetAlarm[]
  readonly watch: SheetWatch | null
}

/** Most urgent first, as the sheet orders alarms; places that are only watched after them. */
export const patientsOf = ({ alarms, watched }: HandOverSheet): readonly PatientLine[] => {
  const byPump = Map.groupBy(alarms, ({ alarm }) => alarm.pumpId)
  byPump.delete(null)
  const ringing = [...byPump].flatMap(([pumpId, here]) => {
    if (pumpId === null) return []
    const watch = watched.find((one) => one.pumpId === pumpId) ?? null
    const criticality = here[0]?.alarm.criticality ?? null
    return [{ pumpId, label: here[0]?.label ?? null, criticality, alarms: here, watch }]
  })
  const quiet = watched
    .filter(({ pumpId }) => !byPump.has(pumpId))
    .map((watch) => ({ pumpId: watch.pumpId, label: watch.label, criticality: null, alarms: [], watch }))
  return [...ringing, ...quiet]
}

export type SheetAct = 'take' | 'answer' | 'take-over' | 'call-again' | 'close-out' | 'follow-up' | 'wait-for-end'

/** What has to be done about one alarm next, from its two regions and from what was written down. */
export const actOf = ({ alarm, triage }: SheetAlarm, me: UserId | null): SheetAct => {
  if (me !== null && alarm.response === 'handed-over' && alarm.handedTo?.userId === me) return 'take-over'
  if (alarm.condition === 'latched' && alarm.owner === null) return 'answer'
  if (alarm.response === 'resolved' || alarm.response === 'closed') return 'wait-for-end'
  if (!goesOn(alarm)) return 'close-out'
  if (alarm.owner === null) return 'take'
  return triage?.record.spokeTo === 'nobody-reached' ? 'call-again' : 'follow-up'
}

/** What may come, and what to do then. */
export type IfThen =
  | { readonly kind: 'note'; readonly label: string | null; readonly pumpId: PumpId; readonly note: string }
  /** The first checks of its code are to be asked. */
  | { readonly kind: 'critical'; readonly alarm: SheetAlarm }
  | { readonly kind: 'unverified'; readonly alarm: SheetAlarm }
  | { readonly kind: 'recurring'; readonly alarm: SheetAlarm }
  | { readonly kind: 'nobody-next'; readonly at: number }

export const ifThenOf = (sheet: HandOverSheet): readonly IfThen[] => {
  const { alarms, watched, next } = sheet
  const notes = watched
    .filter(({ note }) => note !== '')
    .map(({ pumpId, label, note }): IfThen => ({ kind: 'note', pumpId, label, note }))
  const about = alarms.flatMap((one): readonly IfThen[] => {
    const { alarm } = one
    if (!goesOn(alarm)) return []
    const critical = alarm.pumpId !== null && alarm.criticality !== 'standard'
    const checked = critical && firstChecks(alarm.code, alarm.criticality).length > 0
    return [
      ...(checked ? [{ kind: 'critical' as const, alarm: one }] : []),
      ...(alarm.condition === 'unverified' ? [{ kind: 'unverified' as const, alarm: one }] : []),
      ...(alarm.recurring ? [{ kind: 'recurring' as const, alarm: one }] : []),
    ]
  })
  const nobody: readonly IfThen[] =
    next !== null && next.duty.primary === null ? [{ kind: 'nobody-next', at: next.at }] : []
  return [...notes, ...about, ...nobody]
}

/** One thing that the receiver says back: what is offered to them, and what nobody owns. */
export type ReadBackItem =
  | { readonly key: string; readonly kind: 'alarm'; readonly offered: boolean; readonly alarm: SheetAlarm }
  | { readonly key: string; readonly kind: 'watch'; readonly offered: true; readonly watch: SheetWatch }

export const readBackOf = ({ alarms, watched }: HandOverSheet, me: UserId | null): readonly ReadBackItem[] => {
  if (me === null) return []
  const rung = alarms.flatMap((one): readonly ReadBackItem[] => {
    const { alarm } = one
    const offered = alarm.response === 'handed-over' && alarm.handedTo?.userId === me
    const unowned = alarm.owner === null && (goesOn(alarm) || alarm.condition === 'latched')
    return offered || unowned ? [{ key: alarm.episodeId, kind: 'alarm', offered, alarm: one }] : []
  })
  const kept = watched
    .filter(({ offeredTo }) => offeredTo?.userId === me)
    .map((watch): ReadBackItem => ({ key: `watch ${watch.pumpId}`, kind: 'watch', offered: true, watch }))
  return [...rung, ...kept]
}

export interface Mine {
  readonly alarms: readonly SheetAlarm[]
  readonly watches: readonly SheetWatch[]
  /** Who got an offer that is still open. */
  readonly offeredTo: readonly string[]
}

/** What the asker has, and could hand over. */
export const mineOf = ({ alarms, watched }: HandOverSheet, me: UserId | null): Mine => {
  const own = alarms.filter(
    ({ alarm }) =>
      me !== null && alarm.owner?.userId === me && alarm.response !== 'resolved' && alarm.response !== 'closed',
  )
  const watches = watched.filter(({ owner }) => owner.userId === me)
  const names = [...own.map(({ alarm }) => alarm.handedTo?.name), ...watches.map(({ offeredTo }) => offeredTo?.name)]
  return { alarms: own, watches, offeredTo: [...new Set(names.filter((name) => name !== undefined))] }
}

/** Ticks of items that have gone or changed are not carried over to what came instead. */
export const keptTicks = (ticked: ReadonlySet<string>, items: readonly ReadBackItem[]): ReadonlySet<string> => {
  const kept = items.filter(({ key }) => ticked.has(key)).map(({ key }) => key)
  return kept.length === ticked.size ? ticked : new Set(kept)
}

export const mayAccept = (ticked: ReadonlySet<string>, items: readonly ReadBackItem[]): boolean =>
  items.every(({ key }) => ticked.has(key))
