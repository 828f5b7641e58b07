import type { PersonCommand } from './commands.ts'
import type { Conflict, Decision, Refusal } from './decision.ts'
import type { Episode } from './episode.ts'
import type { AlarmEvent } from './events.ts'
import type { AlarmPolicy } from './policy.ts'
import { findEpisode, type AlarmState } from './state.ts'

// RESPONSE region: what people may do. Nothing here touches a condition.

const eventType = {
  'mark-seen': 'episode-seen',
  accept: 'episode-accepted',
  withdraw: 'acceptance-withdrawn',
  reject: 'episode-rejected',
  'hand-over': 'hand-over-offered',
  'take-over': 'hand-over-taken',
  'decline-hand-over': 'hand-over-declined',
  'withdraw-hand-over': 'hand-over-withdrawn',
  resolve: 'episode-resolved',
  'check-in': 'checked-in',
  'take-from': 'taken-from',
  escalate: 'notification-escalated',
  shelve: 'alarm-shelved',
  unshelve: 'alarm-unshelved',
} as const satisfies Record<PersonCommand['type'], AlarmEvent['type']>

const conflict = (episode: Episode, reason: Conflict['reason']): Conflict => {
  const { lastAct, owner, acceptedAt } = episode.response
  const { episodeId } = episode
  if (reason === 'taken') return { outcome: 'conflict', episodeId, reason, by: owner, at: acceptedAt }
  return { outcome: 'conflict', episodeId, reason, by: lastAct?.by ?? null, at: lastAct?.at ?? episode.closedAt }
}

/** What is done about an alarm that somebody else has: an answer to her offer, taking it from her, asking more people, the shelf. */
const forOthers: ReadonlySet<PersonCommand['type']> = new Set([
  'take-over',
  'decline-hand-over',
  'take-from',
  'escalate',
  'shelve',
  'unshelve',
])

/** Compare-and-set: what stands against this act, the most telling reason first (alarms.md rule 6). */
const objection = (episode: Episode, command: PersonCommand): Conflict | null => {
  const { owner, resolution } = episode.response
  if (episode.closedAt !== null) return conflict(episode, 'closed')
  if (resolution !== null) return conflict(episode, 'resolved')
  if (!forOthers.has(command.type) && owner !== null && owner.userId !== command.by.userId)
    return conflict(episode, 'taken')
  return episode.version === command.expectedVersion ? null : conflict(episode, 'changed')
}

const nothing: Decision = { outcome: 'ok', events: [] }
const refuse = (reason: Refusal['reason']): Refusal => ({ outcome: 'refused', reason })
const happens = (event: AlarmEvent): Decision => ({ outcome: 'ok', events: [event] })

/** Nothing to do: it is so already, and whoever asks has it. */
const isDone = ({ response, shelved, closedAt }: Episode, { type, by }: PersonCommand): boolean => {
  if (type === 'unshelve') return shelved === null
  if (type === 'mark-seen') return response.state !== 'new' || closedAt !== null
  if (closedAt !== null || response.owner?.userId !== by.userId) return false
  const has = response.state === 'accepted'
  if (type === 'accept' || type === 'take-from') return has || response.state === 'handed-over'
  return type === 'take-over' && has
}

export const decideAct = (state: AlarmState, command: PersonCommand, policy: AlarmPolicy): Decision => {
  const episode = findEpisode(state, command.episodeId)
  if (episode === null) return refuse('unknown-episode')
  const done = state.requests.find((request) => request.requestId === command.requestId)
  if (done !== undefined)
    return done.act === eventType[command.type] && done.episodeId === episode.episodeId
      ? nothing
      : refuse('request-id-reused')
  if (isDone(episode, command)) return nothing
  const against = command.type === 'mark-seen' ? null : objection(episode, command)
  return against ?? allowed(episode, command, policy)
}

/** By somebody who saw the alarm as it is, and whom no other owner stands against. */
const allowed = (episode: Episode, command: PersonCommand, policy: AlarmPolicy): Decision => {
  const { episodeId, response, shown } = episode
  const { at, by, requestId } = command
  const act = { episodeId, at, by, requestId }
  const owns = response.owner?.userId === by.userId
  const offeredTo = response.handedTo?.to.userId ?? null
  switch (command.type) {
    case 'mark-seen':
      return happens({ type: 'episode-seen', ...act })
    case 'accept':
      return happens({ type: 'episode-accepted', ...act })
    case 'withdraw':
      return owns ? happens({ type: 'acceptance-withdrawn', ...act }) : refuse('not-yours')
    case 'reject':
      return happens({ type: 'episode-rejected', ...act, reason: command.reason })
    case 'hand-over':
      if (!owns) return refuse('not-yours')
      if (command.to.userId === by.userId) return refuse('to-yourself')
      return offeredTo === command.to.userId ? nothing : happens({ type: 'hand-over-offered', ...act, to: command.to })
    case 'take-over':
      return offeredTo === by.userId ? happens({ type: 'hand-over-taken', ...act }) : refuse('not-offered')
    case 'decline-hand-over':
      return offeredTo === by.userId
        ? happens({ type: 'hand-over-declined', ...act, reason: command.reason })
        : refuse('not-offered')
    case 'withdraw-hand-over':
      if (!owns) return refuse('not-yours')
      return offeredTo === null ? nothing : happens({ type: 'hand-over-withdrawn', ...act })
    case 'check-in':
      return owns ? happens({ type: 'checked-in', ...act }) : refuse('not-yours')
    case 'take-from': {
      const { reason } = command
      if (response.owner === null) return refuse('nobody-has-it')
      if (!command.fromAnybody && response.ownerGoneAt === null) return refuse('owner-is-there')
      return happens({ type: 'taken-from', ...act, from: response.owner, reason })
    }
    case 'escalate':
      if (command.to?.userId === by.userId) return refuse('to-yourself')
      return happens({
        type: 'notification-escalated',
        ...act,
        to: command.to,
        ...(command.flood === undefined ? {} : { flood: command.flood }),
      })
    case 'shelve': {
      const { reason, until } = command
      if (shown.priority !== 'low') return refuse('only-low')
      if (until <= at || until > at + policy.shelveAtMostMs) return refuse('too-long')
      return happens({ type: 'alarm-shelved', ...act, reason, until })
    }
    case 'unshelve':
      return happens({ type: 'alarm-unshelved', ...act })
    case 'resolve': {
      const { class: outcome, finding, note } = command
      const resolution = { class: outcome, finding, note, by, at }
      return happens({ type: 'episode-resolved', ...act, resolution })
    }
  }
}
