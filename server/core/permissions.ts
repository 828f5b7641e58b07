import type { LiveCommand } from '#domain/live/messages.ts'
import type { Role } from '#domain/live/views.ts'

/** What a signed-in person may ask for. A route or live event names exactly one. */
export type Permission =
  /** Who am I, sign out: everybody who is signed in. */
  | 'self'
  /** Pumps, hubs, open alarms, charts, the live feed. */
  | 'live.view'
  /** Bed and ward labels; without it a pump has only its id. */
  | 'label.view'
  /** What pumps are used for: team, therapy, plan. */
  | 'assignment.view'
  | 'assignment.edit'
  /** The number to call about a pump. */
  | 'contact.view'
  /** Who is on call, and who can be reached. */
  | 'on-call.view'
  /** Rota and members; a lead's own teams only. */
  | 'rota.edit'
  /** Makes teams. */
  | 'team.edit'
  /** Accept, reject, resolve, take back, check in, have others asked. */
  | 'alarm.act'
  /** Put a low alarm aside for a time. */
  | 'alarm.shelve'
  /** Take an alarm from an owner who can be reached. */
  | 'alarm.take-from-anybody'
  /** Drive simulated pumps, where nothing but simulated pumps is known. */
  | 'simulators.drive'
  /** Devices of one's own that pages are pushed to. */
  | 'page.receive'
  /** Notes, tickets and visits of hubs. */
  | 'hub.act'
  /** What hubs sent, as the journal keeps it: ids, codes and times. */
  | 'hub.records'
  /** Whether the ways to reach people work. */
  | 'channels.view'
  /** Who did what. */
  | 'audit.view'

/**
 * Deny by default: what is not listed is refused (security.md 5). No role does both halves: who repairs devices or manages
 * users cannot accept an alarm.
 */
const granted: Readonly<Record<Role, readonly Permission[]>> = {
  nurse: [
    'self',
    'live.view',
    'label.view',
    'alarm.act',
    'assignment.view',
    'contact.view',
    'page.receive',
    'on-call.view',
    'hub.act',
  ],
  lead: [
    'self',
    'live.view',
    'label.view',
    'alarm.act',
    'alarm.shelve',
    'alarm.take-from-anybody',
    'assignment.view',
    'contact.view',
    'assignment.edit',
    'page.receive',
    'channels.view',
    'on-call.view',
    'rota.edit',
    'hub.act',
  ],
  engineer: ['self', 'live.view', 'simulators.drive', 'hub.act', 'hub.records'],
  admin: ['self', 'channels.view', 'on-call.view', 'rota.edit', 'team.edit', 'audit.view'],
}

export const may = (role: Role, permission: Permission): boolean => granted[role].includes(permission)

const acts: Partial<Readonly<Record<LiveCommand['kind'], Permission>>> = { shelve: 'alarm.shelve' }

/** Over REST and over the live feed alike. */
export const mayAct = (role: Role, kind: LiveCommand['kind']): boolean =>
  may(role, 'alarm.act') && may(role, acts[kind] ?? 'alarm.act')
