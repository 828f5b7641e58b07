import type { AlarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import { openEpisodes, openViews } from '#domain/alarm/view.ts'
import type { SubjectInfo } from '#domain/alarm/view.ts'
import type { PumpId } from '#domain/ids.ts'
import type { Replay, ReplayedPump } from '#domain/live/replay.ts'
import type { Instant, Scheduler } from '#domain/time.ts'
import { KeyedQueue } from './keyed-queue.ts'
import type { AlarmSubject } from './ports.ts'
import { alarmFor } from './sight.ts'
import type { Sight } from './sight.ts'
import type { StateArchive } from './state-archive.ts'

/** One looks back, some wait; more are refused. */
const waiting = 4
/** After so many folded events hubs and people have their turn. */
const breatheEveryEvents = 500

export interface ReplayDependencies {
  readonly engine: AlarmEngine
  readonly archive: Pick<StateArchive, 'subjects' | 'latest' | 'tail' | 'positionAt'>
  readonly scheduler: Scheduler
  /** Bed and ward labels as they were. */
  readonly labelsAt: (at: Instant) => Promise<ReadonlyMap<PumpId, string | null>>
}

/** The wall as it stood at a time, from the journal alone, for whoever answers now for what was open then. */
export interface TimeMachine {
  /** Rejects with `SRV_BUSY` when too many look back. */
  at(at: Instant, sight: Sight): Promise<Omit<Replay, 'serverTime'>>
}

export const createTimeMachine = ({ engine, archive, scheduler, labelsAt }: ReplayDependencies): TimeMachine => {
  const queue = new KeyedQueue(waiting)
  const breathe = (): Promise<void> => new Promise((resolve) => scheduler.after(0, resolve))

  const wallAt = async (at: Instant, sight: Sight): Promise<Omit<Replay, 'serverTime'>> => {
    const position = archive.positionAt(at)
    const labels = await labelsAt(at)
    const wall: Omit<Replay, 'serverTime'> = { at, alarms: [], pumps: [], silentHubs: [] }
    let folded = 0
    for (const subject of archive.subjects()) {
      if (!sight.scope.had(subject, at, at)) continue
      const kept = archive.latest(subject, position)
      const tail = archive.tail(subject, kept?.version ?? 0, position)
      if (kept === null && tail.length === 0) continue
      const state = tail.reduce((now, event) => engine.evolve(now, event), kept?.state ?? engine.initial)
      put(wall, subject, state, labels, sight)
      folded += tail.length
      if (folded < breatheEveryEvents) continue
      folded = 0
      await breathe()
    }
    return wall
  }

  return { at: (at, sight) => queue.run('replay', () => wallAt(at, sight)) }
}

const put = (
  wall: Omit<Replay, 'serverTime'>,
  subject: AlarmSubject,
  state: AlarmState,
  labels: ReadonlyMap<PumpId, string | null>,
  sight: Sight,
): void => {
  wall.alarms.push(...openViews(state, infoOf(subject)).map((alarm) => alarmFor(sight, alarm)))
  if (subject.kind === 'pump')
    wall.pumps.push(pumpOf(subject.pumpId, state, sight.labels ? (labels.get(subject.pumpId) ?? null) : null))
  if (subject.kind !== 'hub') return
  const lost = openEpisodes(state).find(({ condition }) => condition.code === 'link-lost-hub' && condition.open)
  if (lost !== undefined)
    wall.silentHubs.push({ hubId: subject.hubId, since: Math.round(lost.condition.lastStartedAt) })
}

const infoOf = (subject: AlarmSubject): SubjectInfo => ({
  pumpId: subject.kind === 'pump' ? subject.pumpId : null,
  hubId: subject.kind === 'hub' ? subject.hubId : null,
})

const whole = (ms: number | null): number | null => (ms === null ? null : Math.round(ms))

const pumpOf = (pumpId: PumpId, state: AlarmState, label: string | null): ReplayedPump => {
  const told = state.reports.findLast((report) => report.kind !== 'derived')
  return {
    pumpId,
    hubId: told?.key.hubId ?? null,
    label,
    criticality: state.criticality,
    linkLostSince: whole(state.link.pump),
    hubLostSince: whole(state.link.hub),
    toldAt: whole(told?.receivedAt ?? null),
  }
}
