import type { LiveCommand, LiveRequest } from '#domain/live/messages.ts'
import { pagePermissions } from '#domain/live/page-permissions.ts'
import type { PagePermission } from '#domain/live/page-permissions.ts'
import type { Role } from '#domain/live/views.ts'

/** What a signed-in person may ask for. A route or live event names exactly one. */
export type Permission =
  /** Who am I, sign out: everybody who is signed in. */
  | 'self'
  /** Pumps, hubs, open alarms, charts, the live feed. */
  | 'live.view'
  /** All of a pump's history as a file. */
  | 'history.export'
  /** Bed and ward labels; without it a pump has only its id. */
  | 'label.view'
  /** What people wrote about an alarm: reasons, notes, triage records. */
  | 'words.view'
  /** What pumps are used for: team, therapy, plan. */
  | 'assignment.view'
  | 'assignment.edit'
  /** The number to call about a pump. */
  | 'contact.view'
  /** Who is on call, and who can be reached. */
  | 'on-call.view'
  /** Rota and members. */
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
  /** What became of the records of hubs: ids of devices, counts and hours. */
  | 'ledger.view'
  /** Whether the ways to reach people work. */
  | 'channels.view'
  /** Who did what. */
  | 'audit.view'
  /** Accounts, roles, links, others' sessions. */
  | 'people.manage'
  /** Which hubs may come in: claims, names, revocation. */
  | 'hub.manage'

/** How far a permission goes: what is one's own, what belongs to one's teams (core/scope.ts), or everything. */
export type Reach = 'self' | 'teams' | 'site'

/**
 * Deny by default: what is not listed is refused (security.md 5). No role does both halves: who repairs devices or manages
 * users cannot accept an alarm.
 */
const granted: Readonly<Record<Role, Readonly<Partial<Record<Permission, Reach>>>>> = {
  nurse: {
    self: 'self',
    'live.view': 'teams',
    'history.export': 'teams',
    'label.view': 'teams',
    'words.view': 'teams',
    'alarm.act': 'teams',
    'assignment.view': 'teams',
    'contact.view': 'teams',
    'page.receive': 'self',
    'on-call.view': 'teams',
    'hub.act': 'teams',
  },
  lead: {
    self: 'self',
    'live.view': 'teams',
    'history.export': 'teams',
    'label.view': 'teams',
    'words.view': 'teams',
    'alarm.act': 'teams',
    'alarm.shelve': 'teams',
    'alarm.take-from-anybody': 'teams',
    'assignment.view': 'teams',
    'contact.view': 'teams',
    'assignment.edit': 'teams',
    'page.receive': 'self',
    'channels.view': 'site',
    'on-call.view': 'teams',
    'rota.edit': 'teams',
    'hub.act': 'teams',
    'ledger.view': 'teams',
  },
  engineer: {
    self: 'self',
    'live.view': 'site',
    'history.export': 'site',
    'simulators.drive': 'site',
    'hub.act': 'site',
    'hub.records': 'site',
    'ledger.view': 'site',
  },
  admin: {
    self: 'self',
    'channels.view': 'site',
    'on-call.view': 'site',
    'rota.edit': 'site',
    'team.edit': 'site',
    'audit.view': 'site',
    'people.manage': 'site',
    'hub.manage': 'site',
    'ledger.view': 'site',
  },
  kiosk: { self: 'self', 'live.view': 'teams', 'label.view': 'teams' },
}

/** Null: refused. */
export const reachOf = (role: Role, permission: Permission): Reach | null => granted[role][permission] ?? null

export const may = (role: Role, permission: Permission): boolean => reachOf(role, permission) !== null

/** What the page of this role may offer. */
export const offeredTo = (role: Role): PagePermission[] => pagePermissions.filter((permission) => may(role, permission))

const acts: Partial<Readonly<Record<LiveCommand['kind'], Permission>>> = { shelve: 'alarm.shelve' }

/** Over REST and over the live feed alike. */
export const mayAct = (role: Role, kind: LiveCommand['kind']): boolean =>
  may(role, 'alarm.act') && may(role, acts[kind] ?? 'alarm.act')

/** What a page may say over the live feed, by event; another event is not heard. */
export const liveRequestAccess: Readonly<Record<LiveRequest, Permission>> = {
  hello: 'live.view',
  station: 'live.view',
  'canary-heard': 'live.view',
  command: 'alarm.act',
  receipt: 'alarm.act',
}
