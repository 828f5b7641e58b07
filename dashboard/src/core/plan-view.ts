import type { TeamId } from '#domain/on-call/duty.ts'
import { teamOf } from './roster-view.ts'

/** What the address of the plan says. */
export interface PlanView {
  readonly part: 'supply' | 'week'
  readonly teamId: TeamId | null
  /** 0: the seven days up to today. */
  readonly weeksAgo: number
}

export const mostWeeksAgo = 12

/** Whatever it does not know it leaves out: an address may be old, or typed. */
export const parsePlan = (query: string | undefined): PlanView => {
  const params = new URLSearchParams(query ?? '')
  const weeks = Number(params.get('ago') ?? '0')
  return {
    part: params.get('view') === 'week' ? 'week' : 'supply',
    teamId: teamOf(params.get('team')),
    weeksAgo: Number.isInteger(weeks) && weeks >= 0 && weeks <= mostWeeksAgo ? weeks : 0,
  }
}

export const planQuery = ({ part, teamId, weeksAgo }: PlanView): string => {
  const params = new URLSearchParams()
  if (part === 'week') params.set('view', 'week')
  if (teamId !== null) params.set('team', teamId)
  if (part === 'week' && weeksAgo > 0) params.set('ago', String(weeksAgo))
  return params.toString()
}
