import { AuditAction, AuditOutcome } from '#domain/audit/entry.ts'
import type { AuditFilter } from '#domain/audit/api.ts'

// What the audit screen shows is in its address: ids and closed words alone. Pure.

export const auditRanges = ['24h', '7d', '30d', 'all'] as const
export type AuditRange = (typeof auditRanges)[number]

const dayMs = 24 * 3_600_000
const rangeMs: Readonly<Record<AuditRange, number | null>> = {
  '24h': dayMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
  all: null,
}

export interface AuditView {
  readonly range: AuditRange
  readonly actor: string
  readonly action: AuditAction | ''
  readonly outcome: AuditOutcome | ''
  readonly object: string
}

const noFilter: AuditView = { range: '7d', actor: '', action: '', outcome: '', object: '' }

export const parseAudit = (query: string | undefined): AuditView => {
  const said = new URLSearchParams(query ?? '')
  return {
    range: auditRanges.find((range) => range === said.get('range')) ?? noFilter.range,
    actor: (said.get('actor') ?? '').slice(0, 80),
    action: AuditAction.safeParse(said.get('action')).data ?? '',
    outcome: AuditOutcome.safeParse(said.get('outcome')).data ?? '',
    object: (said.get('object') ?? '').slice(0, 160),
  }
}

export const formatAudit = (view: AuditView): string => {
  const said = Object.entries(view).filter(([name, value]) => value !== '' && !(name === 'range' && value === '7d'))
  return new URLSearchParams(said).toString()
}

export const isFiltered = ({ actor, action, outcome, object }: AuditView): boolean =>
  [actor, action, outcome, object].some((value) => value !== '')

/** What the server is asked; it knows what time it is. */
export const askedOf = ({ range, ...said }: AuditView): AuditFilter => {
  const last = rangeMs[range]
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ''))
  return last === null ? given : { ...given, last }
}

/** The same as CSV. */
export const exportAddress = (filter: AuditFilter): string => {
  const said = Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)])
  return `/api/v1/audit/export${said.length === 0 ? '' : `?${new URLSearchParams(said)}`}`
}
