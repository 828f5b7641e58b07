/** What somebody can be invited as. Kiosks are made by a command: a screen has nobody who could follow a link. */
export const personRoles = ['nurse', 'lead', 'engineer', 'admin'] as const
export type PersonRole = (typeof personRoles)[number]
