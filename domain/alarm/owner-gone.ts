import type { SystemCommand } from './commands.ts'
import type { AlarmEvent } from './events.ts'
import type { AlarmState } from './state.ts'

type Told = Extract<SystemCommand, { readonly type: 'owner-gone' | 'owner-back' }>

/**
 * Nobody owns an alarm who is gone: what goes on is asked anew; what is over stays hers, marked, so that anybody may take it and close
 * it out.
 */
export const ownerEvents = (state: AlarmState, { type, at, owner: userId }: Told): readonly AlarmEvent[] =>
  Object.values(state.episodes).flatMap(({ episodeId, closedAt, condition, response }): readonly AlarmEvent[] => {
    const { owner, resolution, ownerGoneAt } = response
    if (closedAt !== null || resolution !== null || owner?.userId !== userId) return []
    if (type === 'owner-back') return ownerGoneAt === null ? [] : [{ type, episodeId, at, owner }]
    if (condition.open) return [{ type: 'acceptance-lapsed', episodeId, at, owner, why: 'owner-gone' }]
    return ownerGoneAt === null ? [{ type, episodeId, at, owner }] : []
  })
