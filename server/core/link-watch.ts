import { pumpSilenceLimitMs } from '#domain/alarm/policy.ts'
import type { AlarmPolicy } from '#domain/alarm/policy.ts'
import type { BootId, HubId, PumpId } from '#domain/ids.ts'
import type { Heartbeat, PumpReport } from '#domain/uplink/envelope.ts'

// Silence is an alarm: a pure state, moved by heartbeats and by time. All times are the server's monotonic ms: no stamp of a hub
// or pump can delay what is found here, and the rules run on a timer, not on the arrival of data.

interface WatchedPump {
  readonly link: 'unknown' | 'up' | 'lost'
  /** Not up since; null while up. */
  readonly downSince: number | null
}

export interface WatchedHub {
  /** Last heartbeat; before the first, the moment from which the grace counts. */
  readonly heardAt: number
  readonly state: 'grace' | 'live' | 'lost' | 'proving'
  readonly bootId: BootId | null
  /** The hub's monotonic ms of its newest heartbeat. */
  readonly beatMs: number
  readonly olderBoots: readonly BootId[]
  readonly pumps: ReadonlyMap<PumpId, WatchedPump>
  /** After a loss: pumps whose full list is still to come, and since when. */
  readonly unproven: ReadonlySet<PumpId>
  readonly provingSince: number
}

export type LinkState = ReadonlyMap<HubId, WatchedHub>

export type LinkFinding =
  | { readonly kind: 'hub-lost'; readonly hubId: HubId; readonly pumpIds: readonly PumpId[] }
  /** An administrator revoked it. */
  | { readonly kind: 'hub-revoked'; readonly hubId: HubId; readonly pumpIds: readonly PumpId[] }
  /** Revoked, and still sending. */
  | { readonly kind: 'hub-refused'; readonly hubId: HubId; readonly pumpIds: readonly PumpId[] }
  /** Revoked, and silent since an hour. */
  | { readonly kind: 'hub-gave-up'; readonly hubId: HubId }
  /** What it is used for has changed. */
  | { readonly kind: 'risk-changed'; readonly pumpId: PumpId }
  /** Heartbeats again: the pumps' links through this hub hold. */
  | { readonly kind: 'hub-heard'; readonly hubId: HubId; readonly pumpIds: readonly PumpId[] }
  /** Heard, and its pumps' lists have arrived. */
  | { readonly kind: 'hub-proven'; readonly hubId: HubId }
  | { readonly kind: 'pump-lost'; readonly hubId: HubId; readonly pumpId: PumpId; readonly reason: string | null }
  | { readonly kind: 'pump-found'; readonly hubId: HubId; readonly pumpId: PumpId }

export interface LinkStep {
  readonly state: LinkState
  readonly findings: readonly LinkFinding[]
}

/** A hub that is enrolled: from now on its silence counts. */
export const expectHub = (state: LinkState, hubId: HubId, pumpIds: readonly PumpId[], nowMs: number): LinkState =>
  state.has(hubId)
    ? state
    : new Map(state).set(hubId, {
        heardAt: nowMs,
        state: 'grace',
        bootId: null,
        beatMs: 0,
        olderBoots: [],
        pumps: new Map(pumpIds.map((pumpId) => [pumpId, { link: 'unknown', downSince: nowMs }])),
        unproven: new Set(),
        provingSince: nowMs,
      })

/** A revoked hub is not expected any more. */
export const forgetHub = (state: LinkState, hubId: HubId): LinkState => {
  const next = new Map(state)
  next.delete(hubId)
  return next
}

/** A heartbeat that something newer of the same hub has overtaken says nothing about now. */
export const isOvertaken = (
  state: LinkState,
  hubId: HubId,
  { bootId, monotonicMs }: Pick<Heartbeat, 'bootId' | 'monotonicMs'>,
): boolean => {
  const hub = state.get(hubId)
  if (hub === undefined) return false
  return hub.olderBoots.includes(bootId) || (hub.bootId === bootId && monotonicMs < hub.beatMs)
}

const olderBootsKept = 20

/** Not for a heartbeat that is overtaken. */
export const hearHub = (
  state: LinkState,
  hubId: HubId,
  beat: Pick<Heartbeat, 'bootId' | 'monotonicMs' | 'pumps'>,
  nowMs: number,
  policy: AlarmPolicy,
  /** Whether the pump's full list has arrived since its link was last lost. */
  listed: (pumpId: PumpId) => boolean,
): LinkStep => {
  const before = state.get(hubId)
  const findings: LinkFinding[] = []
  const returned = before?.state !== 'live' && before?.state !== 'proving'
  // A hub that just started or came back needs a moment to find its pumps.
  const fresh = returned || before.bootId !== beat.bootId
  const pumps = new Map(
    [...(before?.pumps ?? [])].map(([pumpId, pump]) => [
      pumpId,
      fresh && pump.downSince !== null ? { ...pump, downSince: nowMs } : pump,
    ]),
  )
  for (const report of beat.pumps) {
    const judged = judge(pumps.get(report.pumpId), report, nowMs, policy)
    if (judged.finding !== null) findings.push({ ...judged.finding, hubId, pumpId: report.pumpId })
    pumps.set(report.pumpId, judged.pump)
  }
  const named = new Set(beat.pumps.map(({ pumpId }) => pumpId))
  // A pump that is missing from the list is nobody's: its time runs.
  for (const [pumpId, pump] of pumps)
    if (!named.has(pumpId) && pump.downSince === null) pumps.set(pumpId, { ...pump, downSince: nowMs })

  const up = beat.pumps.filter(({ link }) => link === 'up').map(({ pumpId }) => pumpId)
  if (returned) findings.unshift({ kind: 'hub-heard', hubId, pumpIds: [...pumps.keys()] })
  // After a restart of the server an alarm of the last run may still be open, so every first contact is proven like a return.
  const hub: WatchedHub = {
    heardAt: nowMs,
    state: returned ? 'proving' : before.state,
    bootId: beat.bootId,
    beatMs: beat.monotonicMs,
    olderBoots: olderBootsOf(before, beat.bootId),
    pumps,
    unproven: returned ? new Set(up.filter((pumpId) => !listed(pumpId))) : before.unproven,
    provingSince: returned ? nowMs : before.provingSince,
  }
  const step = settle(hubId, hub, nowMs, policy)
  const next = new Map(state)
  // A pump that another hub hears now is that hub's.
  for (const [otherId, other] of state)
    if (otherId !== hubId && up.some((pumpId) => other.pumps.has(pumpId)))
      next.set(otherId, { ...other, pumps: new Map([...other.pumps].filter(([pumpId]) => !up.includes(pumpId))) })
  return { state: next.set(hubId, step.hub), findings: [...findings, ...step.findings] }
}

const olderBootsOf = (before: WatchedHub | undefined, bootId: BootId): readonly BootId[] => {
  if (before === undefined || before.bootId === null || before.bootId === bootId) return before?.olderBoots ?? []
  return [before.bootId, ...before.olderBoots].slice(0, olderBootsKept)
}

/** A pump's full alarm list has been committed. */
export const hearList = (state: LinkState, pumpId: PumpId, nowMs: number, policy: AlarmPolicy): LinkStep => {
  const next = new Map(state)
  const findings: LinkFinding[] = []
  for (const [hubId, hub] of state) {
    if (!hub.unproven.has(pumpId)) continue
    const unproven = new Set(hub.unproven)
    unproven.delete(pumpId)
    const step = settle(hubId, { ...hub, unproven }, nowMs, policy)
    next.set(hubId, step.hub)
    findings.push(...step.findings)
  }
  return { state: next, findings }
}

/** The timer's work: whoever has been silent for too long is lost. `>=`, on one clock. */
export const passTime = (state: LinkState, nowMs: number, policy: AlarmPolicy): LinkStep => {
  const next = new Map(state)
  const findings: LinkFinding[] = []
  for (const [hubId, hub] of state) {
    if (hub.state !== 'lost' && nowMs - hub.heardAt >= policy.hubSilenceMs) {
      next.set(hubId, { ...hub, state: 'lost' })
      findings.push({ kind: 'hub-lost', hubId, pumpIds: [...hub.pumps.keys()].toSorted() })
      continue
    }
    // One root cause: while the hub itself is silent, its pumps are not judged.
    if (hub.state === 'lost' || hub.state === 'grace') continue
    const pumps = new Map(hub.pumps)
    for (const [pumpId, pump] of hub.pumps) {
      const overdue = pump.downSince !== null && nowMs - pump.downSince >= policy.pumpSilenceMaxMs
      if (pump.link === 'lost' || !overdue) continue
      pumps.set(pumpId, { ...pump, link: 'lost' })
      findings.push({ kind: 'pump-lost', hubId, pumpId, reason: 'the hub does not hear it' })
    }
    const step = settle(hubId, { ...hub, pumps }, nowMs, policy)
    next.set(hubId, step.hub)
    findings.push(...step.findings)
  }
  return { state: next, findings }
}

type PumpFinding = { readonly kind: 'pump-lost'; readonly reason: string | null } | { readonly kind: 'pump-found' }

const judge = (
  before: WatchedPump | undefined,
  report: PumpReport,
  nowMs: number,
  policy: AlarmPolicy,
): { readonly pump: WatchedPump; readonly finding: PumpFinding | null } => {
  // Its port is open and nobody asks it: silence says nothing, so it is neither up nor lost.
  if (report.link === 'listening')
    return {
      pump: { link: 'unknown', downSince: null },
      finding: before?.link === 'lost' ? { kind: 'pump-found' } : null,
    }
  const limit = pumpSilenceLimitMs(report.statusIntervalMs, policy)
  const silentTooLong = report.silentMs !== null && report.silentMs >= limit
  if (report.link === 'up' && !silentTooLong)
    return {
      pump: { link: 'up', downSince: null },
      finding: before?.link === 'up' ? null : { kind: 'pump-found' },
    }
  if (report.link === 'lost' || silentTooLong)
    return {
      pump: { link: 'lost', downSince: before?.downSince ?? nowMs },
      finding: before?.link === 'lost' ? null : { kind: 'pump-lost', reason: null },
    }
  return { pump: { link: before?.link ?? 'unknown', downSince: before?.downSince ?? nowMs }, finding: null }
}

/**
 * A hub that came back is proven when each pump it hears has sent its list. A pump that keeps its list back does not hold the
 * hub's alarm open for ever: its own alarms stay unverified until the list comes.
 */
const settle = (
  hubId: HubId,
  hub: WatchedHub,
  nowMs: number,
  policy: AlarmPolicy,
): { readonly hub: WatchedHub; readonly findings: readonly LinkFinding[] } => {
  if (hub.state !== 'proving') return { hub, findings: [] }
  const waited = nowMs - hub.provingSince >= policy.hubSilenceMs
  if (hub.unproven.size > 0 && !waited) return { hub, findings: [] }
  return { hub: { ...hub, state: 'live', unproven: new Set() }, findings: [{ kind: 'hub-proven', hubId }] }
}
