import type { EpisodeId } from '../ids.ts'
import type { FormerOwner, Person } from '../live/views.ts'
import type { Episode, EpisodeResponse, Rejection } from './episode.ts'
import type { AlarmEvent } from './events.ts'
import type { AlarmState } from './state.ts'

// RESPONSE region, and what people put beside it (an escalation, a shelf). Nothing here touches a condition.

const keptRequests = 64
const keptRejections = 16

export const unanswered: EpisodeResponse = {
  state: 'new',
  owner: null,
  acceptedAt: null,
  resolution: null,
  handedTo: null,
  rejections: [],
  checkedAt: null,
  missedAt: null,
  ownerGoneAt: null,
  formerOwner: null,
  lastAct: null,
}

export const withEpisode = (
  state: AlarmState,
  id: EpisodeId,
  change: (episode: Episode) => Partial<Episode>,
): AlarmState => {
  const episode = state.episodes[id]
  if (episode === undefined) return state
  return { ...state, episodes: { ...state.episodes, [id]: { ...episode, ...change(episode) } } }
}

type PersonEvent = Exclude<Extract<AlarmEvent, { requestId: string }>, { type: 'triage-recorded' }>

export const withRequest = (
  state: AlarmState,
  { requestId, type, episodeId }: Pick<PersonEvent, 'requestId' | 'episodeId'> & { readonly type: string },
): AlarmState => ({
  ...state,
  requests: [...state.requests, { requestId, act: type, episodeId }].slice(-keptRequests),
})

/** Whatever its owner does about an alarm says that she is still on it. */
export const actedOn = (response: EpisodeResponse, { by, at }: Pick<PersonEvent, 'by' | 'at'>): EpisodeResponse => {
  if (response.owner === null) return { ...response, checkedAt: null, missedAt: null, ownerGoneAt: null }
  if (response.owner.userId !== by.userId) return response
  return { ...response, checkedAt: at, missedAt: null, ownerGoneAt: null }
}

/** An act that is the next version of the answer. */
const answered = (
  state: AlarmState,
  event: PersonEvent,
  change: (response: EpisodeResponse) => Partial<EpisodeResponse>,
): AlarmState => {
  const { episodeId, by, at } = event
  const next = withEpisode(state, episodeId, ({ response, version, unownedSince }) => {
    const now = actedOn({ ...response, ...change(response), lastAct: { by, at } }, event)
    const givenUp = response.owner !== null && now.owner === null
    return { response: now, version: version + 1, unownedSince: givenUp ? at : unownedSince }
  })
  return withRequest(next, event)
}

/** A look, or a call for others: no version, so that neither spoils another nurse's Take. */
const noted = (state: AlarmState, event: PersonEvent, change: (episode: Episode) => Partial<Episode>): AlarmState =>
  withRequest(withEpisode(state, event.episodeId, change), event)

const nobodys = { owner: null, acceptedAt: null, handedTo: null } as const

const withRejection = (rejections: readonly Rejection[], rejection: Rejection): readonly Rejection[] =>
  [...rejections.filter(({ by }) => by.userId !== rejection.by.userId), rejection].slice(-keptRejections)

const ownedBy = (
  { by, at }: Pick<PersonEvent, 'by' | 'at'>,
  { rejections }: EpisodeResponse,
): Partial<EpisodeResponse> => ({
  state: 'accepted',
  owner: by,
  acceptedAt: at,
  handedTo: null,
  ownerGoneAt: null,
  rejections: rejections.filter((one) => one.by.userId !== by.userId),
})

const former = (person: Person, at: number, rest: Pick<FormerOwner, 'why' | 'by' | 'reason'>): FormerOwner => ({
  person,
  until: Math.round(at),
  ...rest,
})

/** What a person did. */
export const evolveAct = (state: AlarmState, event: PersonEvent): AlarmState => {
  switch (event.type) {
    case 'episode-seen':
      return noted(state, event, ({ response }) => ({ response: { ...response, state: 'seen' } }))
    case 'episode-accepted':
      return answered(state, event, (response) => ownedBy(event, response))
    case 'hand-over-taken':
      return answered(state, event, (response) => ({ ...ownedBy(event, response), formerOwner: null }))
    case 'taken-from':
      return answered(state, event, (response) => ({
        ...ownedBy(event, response),
        formerOwner: former(event.from, event.at, { why: 'taken-from', by: event.by, reason: event.reason }),
      }))
    case 'acceptance-withdrawn':
      return answered(state, event, () => ({ state: 'new', ...nobodys }))
    case 'episode-rejected':
      return answered(state, event, ({ rejections }) => ({
        state: 'rejected',
        ...nobodys,
        rejections: withRejection(rejections, { by: event.by, reason: event.reason, at: event.at }),
      }))
    case 'hand-over-offered':
      return answered(state, event, () => ({ state: 'handed-over', handedTo: { to: event.to, at: event.at } }))
    case 'hand-over-declined':
    case 'hand-over-withdrawn':
      return answered(state, event, () => ({ state: 'accepted', handedTo: null }))
    case 'episode-resolved':
      return answered(state, event, () => ({ state: 'resolved', handedTo: null, resolution: event.resolution }))
    case 'checked-in':
      return answered(state, event, () => ({}))
    case 'notification-escalated': {
      const { by, to, at, flood } = event
      return noted(state, event, ({ response }) => ({
        escalated: { by, to, at: Math.round(at), ...(flood === undefined ? {} : { flood }) },
        response: actedOn(response, event),
      }))
    }
    case 'alarm-shelved': {
      const { by, reason, at, until } = event
      const shelved = { by, reason, at: Math.round(at), until: Math.round(until) }
      return withEpisode(
        answered(state, event, () => ({})),
        event.episodeId,
        () => ({ shelved }),
      )
    }
    case 'alarm-unshelved':
      return withEpisode(
        answered(state, event, () => ({})),
        event.episodeId,
        () => ({ shelved: null }),
      )
  }
}

type LapseEvent = Extract<
  AlarmEvent,
  { type: 'check-in-missed' | 'check-in-put-back' | 'acceptance-lapsed' | 'owner-gone' | 'owner-back' }
>

/** What became of an acceptance without its owner. */
export const evolveLapse = (state: AlarmState, event: LapseEvent): AlarmState => {
  const { episodeId, at } = event
  const changed = (change: (response: EpisodeResponse) => Partial<EpisodeResponse>): AlarmState =>
    withEpisode(state, episodeId, ({ response, version }) => ({
      response: { ...response, ...change(response) },
      version: version + 1,
    }))
  switch (event.type) {
    case 'check-in-missed':
      return changed(() => ({ missedAt: at }))
    case 'check-in-put-back':
      return changed(({ checkedAt, missedAt }) => ({
        checkedAt: checkedAt === null ? null : Math.min(checkedAt, at),
        missedAt: missedAt === null ? null : Math.min(missedAt, at),
      }))
    case 'owner-gone':
      return changed(() => ({ ownerGoneAt: at }))
    case 'owner-back':
      return changed(() => ({ ownerGoneAt: null }))
    case 'acceptance-lapsed':
      return withEpisode(state, episodeId, ({ version }) => ({
        response: {
          ...unanswered,
          formerOwner: former(event.owner, at, { why: event.why, by: null, reason: null }),
          lastAct: { by: null, at },
        },
        version: version + 1,
        unownedSince: at,
      }))
  }
}
