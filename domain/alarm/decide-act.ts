import type { PersonCommand } from './commands.ts'
import type { Conflict, Decision, Refusal } from './decision.ts'
import type { Episode } from './episode.ts'
import type { AlarmEvent } from './events.ts'
import { findEpisode, type AlarmState } from './state.ts'

// RESPONSE region: what people may do. Nothing here touches a condition.

const eventType = {
  'mark-seen': 'episode-seen',
  accept: 'episode-accepted',
  withdraw: 'acceptance-withdrawn',
  reject: 'episode-rejected',
  resolve: 'episode-resolved',
} as const satisfies Record<PersonCommand['type'], AlarmEvent['type']>

const conflict = (episode: Episode, reason: Conflict['reason']): Conflict => {
  const { lastAct, owner, acceptedAt } = episode.response
  const { episodeId } = episode
  if (reason === 'taken') return { outcome: 'conflict', episodeId, reason, by: owner, at: acceptedAt }
  return { outcome: 'conflict', episodeId, reason, by: lastAct?.by ?? null, at: lastAct?.at ?? episode.closedAt }
}

/** Compare-and-set: what stands against this act, the most telling reason first (alarms.md rule 6). */
const objection = (episode: Episode, command: PersonCommand): Conflict | null => {
  const { owner, resolution } = episode.response
  if (episode.closedAt !== null) return conflict(episode, 'closed')
  if (resolution !== null) return conflict(episode, 'resolved')
  if (owner !== null && owner.userId !== command.by.userId) return conflict(episode, 'taken')
  return episode.version === command.expectedVersion ? null : conflict(episode, 'changed')
}

const nothing: Decision = { outcome: 'ok', events: [] }
const refuse = (reason: Refusal['reason']): Refusal => ({ outcome: 'refused', reason })

export const decideAct = (state: AlarmState, command: PersonCommand): Decision => {
  const episode = findEpisode(state, command.episodeId)
  if (episode === null) return refuse('unknown-episode')
  const done = state.requests.find((request) => request.requestId === command.requestId)
  if (done !== undefined)
    return done.act === eventType[command.type] && done.episodeId === episode.episodeId
      ? nothing
      : refuse('request-id-reused')

  const { at, by, requestId } = command
  const { episodeId, response, closedAt } = episode
  const act = { episodeId, at, by, requestId }
  const against = objection(episode, command)
  const owns = response.owner?.userId === by.userId
  switch (command.type) {
    case 'mark-seen':
      return response.state === 'new' && closedAt === null
        ? { outcome: 'ok', events: [{ type: 'episode-seen', ...act }] }
        : nothing
    case 'accept':
      if (owns && response.state === 'accepted' && closedAt === null) return nothing
      return against ?? { outcome: 'ok', events: [{ type: 'episode-accepted', ...act }] }
    case 'withdraw':
      if (against !== null) return against
      return owns ? { outcome: 'ok', events: [{ type: 'acceptance-withdrawn', ...act }] } : refuse('not-yours')
    case 'reject':
      return against ?? { outcome: 'ok', events: [{ type: 'episode-rejected', ...act, reason: command.reason }] }
    case 'resolve': {
      const { class: outcome, finding, note } = command
      const resolution = { class: outcome, finding, note, by, at }
      return against ?? { outcome: 'ok', events: [{ type: 'episode-resolved', ...act, resolution }] }
    }
  }
}
