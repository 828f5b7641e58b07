/** What a page asks before it offers something. Who may is the table of the server alone (server/core/permissions.ts), which says it with `Me`. */
export const pagePermissions = [
  'live.view',
  'alarm.act',
  'alarm.shelve',
  'alarm.take-from-anybody',
  'assignment.view',
  'assignment.edit',
  'contact.view',
  'hub.act',
  'history.export',
  'hub.records',
  'ledger.view',
  'simulators.drive',
  'audit.view',
] as const
export type PagePermission = (typeof pagePermissions)[number]
