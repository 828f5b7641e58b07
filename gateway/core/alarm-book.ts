import { Condition } from '#domain/uplink/records.ts'
import { comparePriority } from '#domain/alarm/priority-rank.ts'
import type { AlarmCode, AlarmType, Priority } from '#domain/alarm/codes.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { ReportedAlarm } from '#domain/pump-protocols/profile.ts'
import type { ConditionPhase } from '#domain/uplink/records.ts'
import type { MeasurementStatus } from '#domain/telemetry.ts'

/** Default priority and type of a code, where the pump does not say. */
export interface AlarmDefaults {
  priority(code: AlarmCode): Priority
  type(code: AlarmCode): AlarmType
}

export interface BookContext {
  readonly defaults: AlarmDefaults
  readonly newEpisodeId: () => EpisodeId
  readonly measurementStatus: readonly MeasurementStatus[]
  readonly experimental: boolean
}

/** Alarms of one pump that are active as far as the hub knows, by channel, code and vendor code. */
export type AlarmBook = ReadonlyMap<string, Condition>

export interface BookChange {
  readonly book: AlarmBook
  readonly changed: readonly Condition[]
}

export const emptyBook: AlarmBook = new Map()

const keyOf = (alarm: Pick<ReportedAlarm, 'channelId' | 'code' | 'vendorCode'>): string =>
  JSON.stringify([alarm.channelId, alarm.code, alarm.vendorCode])

const begin = (alarm: ReportedAlarm, context: BookContext): Condition => {
  const startedAt = Condition.shape.startedAt.safeParse(alarm.startedAt ?? null)
  return {
    episodeId: context.newEpisodeId(),
    code: alarm.code,
    vendorCode: alarm.vendorCode?.slice(0, 64) ?? null,
    vendorText: alarm.vendorText?.slice(0, 256) ?? null,
    phase: 'start',
    state: 'active',
    inactivation: (alarm.inactivation ?? []).slice(0, 4),
    priority: alarm.priority ?? alarm.profilePriority ?? context.defaults.priority(alarm.code),
    prioritySource: alarm.priority === null ? 'profile' : 'pump',
    type: alarm.type ?? context.defaults.type(alarm.code),
    channelId: alarm.channelId,
    startedAt: startedAt.success ? startedAt.data : null,
    measurementStatus: [...context.measurementStatus],
    experimental: context.experimental,
  }
}

/** The same alarm told again. Silence about a priority or a pause changes nothing; null when nothing changed. */
const revise = (known: Condition, alarm: ReportedAlarm): Condition | null => {
  const priority = alarm.priority ?? known.priority
  const inactivation = (alarm.inactivation ?? known.inactivation).slice(0, 4)
  const vendorText = alarm.vendorText?.slice(0, 256) ?? known.vendorText
  const urgency = comparePriority(priority, known.priority)
  const pauseChanged = inactivation.join() !== known.inactivation.join()
  if (urgency === 0 && !pauseChanged && vendorText === known.vendorText) return null
  const phase = (): ConditionPhase => {
    if (urgency !== 0) return urgency > 0 ? 'escalate' : 'deescalate'
    if (!pauseChanged) return 'update'
    return inactivation.includes('acknowledged') ? 'acknowledged' : 'inactivate'
  }
  return {
    ...known,
    priority,
    prioritySource: alarm.priority === null ? known.prioritySource : 'pump',
    inactivation,
    vendorText,
    phase: phase(),
  }
}

const end = (known: Condition): Condition => ({ ...known, phase: 'end', state: 'inactive' })

/** An alarm starts or is told again. */
export const raise = (book: AlarmBook, alarm: ReportedAlarm, context: BookContext): BookChange => {
  const key = keyOf(alarm)
  const known = book.get(key)
  const condition = known === undefined ? begin(alarm, context) : revise(known, alarm)
  return condition === null ? { book, changed: [] } : { book: new Map(book).set(key, condition), changed: [condition] }
}

/** An alarm is told to be over. One that is not in the book has ended before. */
export const clear = (book: AlarmBook, alarm: ReportedAlarm): BookChange => {
  const key = keyOf(alarm)
  const known = book.get(key)
  if (known === undefined) return { book, changed: [] }
  const rest = new Map(book)
  rest.delete(key)
  return { book: rest, changed: [end(known)] }
}

/**
 * The full list of active alarms. What is missing in it has ended: observed as an end, or, when nobody listened meanwhile
 * (`observed` false), left out in silence, and the snapshot that follows says so.
 */
export const reconcile = (
  book: AlarmBook,
  active: readonly ReportedAlarm[],
  observed: boolean,
  context: BookContext,
): BookChange => {
  let next = book
  const changed: Condition[] = []
  for (const alarm of active) {
    const change = raise(next, alarm, context)
    next = change.book
    changed.push(...change.changed)
  }
  const still = new Set(active.map(keyOf))
  const over = [...next].filter(([key]) => !still.has(key))
  if (over.length > 0) next = new Map([...next].filter(([key]) => still.has(key)))
  if (observed) changed.push(...over.map(([, condition]) => end(condition)))
  return { book: next, changed }
}
