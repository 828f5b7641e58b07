import { clear, emptyBook, raise, reconcile } from './alarm-book.ts'
import {
  bookContext,
  conditionRecords,
  derivedForMs,
  eventRecord,
  pumpIdOf,
  simulationMarks,
  snapshotEveryMs,
  snapshotOf,
  unknownPump,
} from './pump-record.ts'
import { repairSample, withStatus } from './sample-repair.ts'
import { comparePriority } from '#domain/alarm/priority-rank.ts'
import type { Priority } from '#domain/alarm/codes.ts'
import type { PumpId } from '#domain/ids.ts'
import type { PumpEvent, PumpIdentity } from '#domain/pump-protocols/profile.ts'
import { delivers } from '#domain/telemetry.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'
import type { LinkState } from '#domain/uplink/envelope.ts'
import type { Condition } from '#domain/uplink/records.ts'
import type { BookChange } from './alarm-book.ts'
import type { Stamp } from './ports.ts'
import type { PumpRecordState, Recorded, RecorderContext, SnapshotReason } from './pump-record.ts'

/** Folds one event of a pump. The result counts only once its records are durable. */
export const record = (state: PumpRecordState, event: PumpEvent, context: RecorderContext, stamp: Stamp): Recorded => {
  switch (event.kind) {
    case 'identified':
      return identified(state, event.identity, context, stamp)
    case 'identity-changed':
      return identityChanged(state, event.from, event.to, context, stamp)
    case 'link':
      return linkChanged(state, event.link, event.reason, context, stamp)
    case 'sample':
    case 'alarms':
    case 'alarm-edge':
    case 'event':
      return state.pumpId === null
        ? { state: { ...state, unattributed: state.unattributed + 1 }, records: [] }
        : told(state, state.pumpId, event, context, stamp)
  }
}

const withDelivery = (state: PumpRecordState, sample: TelemetrySample): PumpRecordState => {
  const now = delivers[sample.operatingState]
  if (now === null || (state.delivering !== null && state.delivering.has(sample.channelId) === now)) return state
  const delivering = new Set(state.delivering)
  if (now) delivering.add(sample.channelId)
  else delivering.delete(sample.channelId)
  return { ...state, delivering }
}

type Told = Extract<PumpEvent, { readonly kind: 'sample' | 'alarms' | 'alarm-edge' | 'event' }>

const told = (
  state: PumpRecordState,
  pumpId: PumpId,
  event: Told,
  context: RecorderContext,
  stamp: Stamp,
): Recorded => {
  switch (event.kind) {
    case 'sample': {
      // A profile's sample is repaired like a foreign one: the server refuses what does not fit, and refused is lost to the nurse.
      const repaired = repairSample({ ...event.sample }, state.identity?.serial ?? pumpId)
      if (repaired === null) return { state: { ...state, unattributed: state.unattributed + 1 }, records: [] }
      const body = {
        ...repaired.sample,
        measurementStatus: withStatus(repaired.sample.measurementStatus, simulationMarks(state, context)),
      }
      return {
        state: withDelivery(state, repaired.sample),
        records: [{ ...stamp, lane: 'telemetry', kind: 'telemetry', pumpId, body }],
      }
    }
    case 'alarm-edge': {
      const change: BookChange = event.raised
        ? raise(state.alarms, event.alarm, bookContext(state, context))
        : clear(state.alarms, event.alarm)
      return {
        state: { ...state, alarms: change.book },
        records: conditionRecords(pumpId, change.changed, stamp),
      }
    }
    case 'alarms': {
      const change = reconcile(state.alarms, event.active, state.verified, bookContext(state, context))
      const next = { ...state, alarms: change.book, verified: true }
      const records = conditionRecords(pumpId, change.changed, stamp)
      const reason = state.owed ?? (state.verified ? null : 'pump-connected')
      if (reason === null) return { state: next, records }
      return {
        state: { ...next, owed: null, lastSnapshotMs: stamp.monotonicMs },
        records: [...records, snapshotOf(next, pumpId, reason, context, stamp)],
      }
    }
    case 'event':
      return {
        state: event.event === 'power-on' || event.event === 'power-off' ? unverified(state) : state,
        records: [eventRecord(pumpId, event.event, event.detail, simulationMarks(state, context), stamp)],
      }
  }
}

const unverified = (state: PumpRecordState): PumpRecordState => ({ ...state, verified: false, owed: 'pump-connected' })

const identified = (
  state: PumpRecordState,
  identity: PumpIdentity,
  context: RecorderContext,
  stamp: Stamp,
): Recorded => {
  const pumpId = pumpIdOf(identity.serial)
  if (pumpId === null) return { state: { ...state, unattributed: state.unattributed + 1 }, records: [] }
  if (state.pumpId !== null && state.pumpId !== pumpId) {
    const changed = identityChanged(state, state.pumpId, identity.serial, context, stamp)
    const known = identified(changed.state, identity, context, stamp)
    return { state: known.state, records: [...changed.records, ...known.records] }
  }
  const named: PumpRecordState = { ...state, pumpId, identity }
  const isNew = state.identity === null
  const next = isNew ? unverified(named) : named
  return linkIsGood(state.link) ? announceUp(next, context, stamp) : { state: next, records: [] }
}

const linkIsGood = (link: LinkState): boolean => link === 'up' || link === 'stale'

const announceUp = (state: PumpRecordState, context: RecorderContext, stamp: Stamp): Recorded => {
  if (state.pumpId === null || state.announced === 'up') return { state, records: [] }
  return {
    state: { ...state, announced: 'up' },
    records: [eventRecord(state.pumpId, 'link-up', { port: context.port }, simulationMarks(state, context), stamp)],
  }
}

const announceDown = (state: PumpRecordState, reason: string, context: RecorderContext, stamp: Stamp): Recorded => {
  if (state.pumpId === null || state.announced !== 'up') return { state, records: [] }
  const detail = { port: context.port, reason }
  return {
    state: { ...state, announced: 'down' },
    records: [eventRecord(state.pumpId, 'link-down', detail, simulationMarks(state, context), stamp)],
  }
}

const linkChanged = (
  state: PumpRecordState,
  link: LinkState,
  reason: string | null,
  context: RecorderContext,
  stamp: Stamp,
): Recorded => {
  const next = { ...state, link }
  switch (link) {
    case 'up': {
      const fresh = linkIsGood(state.link) ? next : unverified(next)
      return announceUp(fresh, context, stamp)
    }
    case 'lost':
      return announceDown({ ...next, verified: false }, reason ?? 'no valid frame', context, stamp)
    case 'closed':
    case 'waiting':
    case 'listening':
      return { state: { ...next, verified: false }, records: [] }
    case 'stale':
      return { state: next, records: [] }
  }
}

const identityChanged = (
  state: PumpRecordState,
  from: string,
  to: string,
  context: RecorderContext,
  stamp: Stamp,
): Recorded => {
  const gone = announceDown(state, `another pump answers on this port: ${to}`, context, stamp)
  const pumpId = pumpIdOf(to)
  const next = unverified({ ...unknownPump, pumpId, link: state.link, unattributed: state.unattributed })
  const detail = { from, to, port: context.port }
  const marks = simulationMarks(next, context)
  const subject = pumpId ?? state.pumpId
  if (subject === null) return { state: next, records: gone.records }
  const told = eventRecord(subject, 'identity-changed', detail, marks, stamp)
  const up = linkIsGood(state.link) ? announceUp(next, context, stamp) : { state: next, records: [] }
  // The alarm of the same name is the server's: it knows which pump belongs to whom.
  return { state: up.state, records: [...gone.records, told, ...up.records] }
}

const quarantined = 'record-quarantined' as const

/** A record of this pump was set aside. The condition stands for `derivedForMs` and is told again at most that often, unless it is more urgent. */
export const deriveQuarantined = (
  state: PumpRecordState,
  priority: Priority,
  text: string,
  context: RecorderContext,
  stamp: Stamp,
): Recorded => {
  const stands = state.derived.some(
    ({ condition }) => condition.code === quarantined && comparePriority(condition.priority, priority) >= 0,
  )
  if (state.pumpId === null || stands) return { state, records: [] }
  const own = {
    channelId: null,
    code: quarantined,
    vendorCode: null,
    vendorText: text,
    priority: null,
    profilePriority: priority,
  }
  const change = raise(emptyBook, own, bookContext(state, context))
  const derived = change.changed.map((condition) => ({ condition, untilMs: stamp.monotonicMs + derivedForMs }))
  return {
    state: { ...state, derived: [...state.derived, ...derived] },
    records: conditionRecords(state.pumpId, change.changed, stamp),
  }
}

/** The full list now, if it is known; else as soon as it is. */
export const askSnapshot = (
  state: PumpRecordState,
  reason: SnapshotReason,
  context: RecorderContext,
  stamp: Stamp,
): Recorded => {
  if (state.pumpId === null) return { state, records: [] }
  if (!state.verified) return { state: { ...state, owed: state.owed ?? reason }, records: [] }
  return {
    state: { ...state, owed: null, lastSnapshotMs: stamp.monotonicMs },
    records: [snapshotOf(state, state.pumpId, reason, context, stamp)],
  }
}

/**
 * To be called every second or so: the periodic snapshot, and the end of what the hub derived. `isHeard`: the server takes alarm
 * records now. While it does not, repeated lists would only stand before the next alarm; the first one after it tells what still is.
 */
export const passTime = (
  state: PumpRecordState,
  context: RecorderContext,
  stamp: Stamp,
  isHeard: boolean,
): Recorded => {
  if (state.pumpId === null) return { state, records: [] }
  const over = state.derived.filter(({ untilMs }) => untilMs <= stamp.monotonicMs)
  const next = over.length === 0 ? state : { ...state, derived: state.derived.filter((one) => !over.includes(one)) }
  const ended = over.map(({ condition }): Condition => ({ ...condition, phase: 'end', state: 'inactive' }))
  const records = conditionRecords(state.pumpId, ended, stamp)
  const isDue = stamp.monotonicMs - next.lastSnapshotMs >= snapshotEveryMs
  if (!isHeard || !next.verified || !isDue) return { state: next, records }
  const snapshot = askSnapshot(next, 'periodic', context, stamp)
  return { state: snapshot.state, records: [...records, ...snapshot.records] }
}
