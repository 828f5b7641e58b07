import type { HubId, PumpId } from '../ids.ts'
import type { AlarmView, ConditionState, ResponseState } from '../live/views.ts'
import type { TherapyCriticality } from './codes.ts'
import type { Episode } from './episode.ts'
import { nextStep } from './next-step.ts'
import { defaultAlarmPolicy, type AlarmPolicy } from './policy.ts'
import type { AlarmState } from './state.ts'

/** Whose alarms these are. Both null: the site. */
export interface SubjectInfo {
  readonly pumpId: PumpId | null
  readonly hubId: HubId | null
}

/**
 * A high alarm outlasts its condition until somebody answers. One that was over before the server heard of it is history: it is
 * listed, it does not latch (alarms.md rule 7).
 */
export const isLatched = (episode: Episode): boolean =>
  !episode.condition.open &&
  !episode.condition.late &&
  episode.shown.priority === 'high' &&
  episode.response.owner === null &&
  episode.response.resolution === null

export const conditionState = (episode: Episode): ConditionState => {
  if (episode.closedAt !== null) return 'closed'
  if (episode.condition.open) return episode.condition.verified ? 'active' : 'unverified'
  return isLatched(episode) ? 'latched' : 'ended'
}

const responseState = (episode: Episode): ResponseState =>
  episode.closedAt === null ? episode.response.state : 'closed'

const whole = (ms: number | null): number | null => (ms === null ? null : Math.round(ms))

/** Not closed: ended ones nobody answered are open too. In order of opening. */
export const openEpisodes = (state: Pick<AlarmState, 'episodes'>): readonly Episode[] =>
  Object.values(state.episodes).filter((episode) => episode.closedAt === null)

/** What the live feed and REST show of one episode. */
export const alarmView = (
  episode: Episode,
  criticality: TherapyCriticality,
  subject: SubjectInfo,
  policy: AlarmPolicy = defaultAlarmPolicy,
): AlarmView => {
  const { condition, shown, response } = episode
  return {
    episodeId: episode.episodeId,
    version: episode.version,
    pumpId: subject.pumpId,
    hubId: condition.hubId ?? subject.hubId,
    channelId: condition.channelId,
    code: condition.code,
    vendorText: condition.vendorText,
    priority: shown.priority,
    prioritySource: shown.source,
    priorityRaised: shown.raised,
    criticality,
    condition: conditionState(episode),
    response: responseState(episode),
    owner: response.owner,
    acceptedAt: response.acceptedAt,
    handedTo: response.handedTo?.to ?? null,
    handedAt: response.handedTo?.at ?? null,
    rejections: [...response.rejections],
    resolved: response.resolution,
    checkedAt: whole(response.checkedAt),
    checkInMissedAt: whole(response.missedAt),
    ownerGoneAt: whole(response.ownerGoneAt),
    formerOwner: response.formerOwner,
    escalated: episode.escalated,
    shelved: episode.shelved,
    next: nextStep(episode, policy),
    startedAt: Math.round(condition.startedAt),
    observedAt: Math.round(condition.observedAt),
    endedAt: condition.endedAt === null ? null : Math.round(condition.endedAt),
    uncertaintyMs: condition.uncertaintyMs,
    late: condition.cameLate,
    confirmed: !condition.late,
    endUnobserved: condition.endUnobserved,
    recurrence: condition.recurrence,
    recurring: condition.recurring,
    unverifiedPumps: condition.unverifiedPumps,
    experimental: condition.experimental,
    simulated: condition.simulated,
  }
}

/** The views of all open episodes of a subject. */
export const openViews = (
  state: AlarmState,
  subject: SubjectInfo,
  policy: AlarmPolicy = defaultAlarmPolicy,
): readonly AlarmView[] => openEpisodes(state).map((episode) => alarmView(episode, state.criticality, subject, policy))
