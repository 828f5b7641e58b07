import type { LiveRequest } from '#domain/live/messages.ts'

/**
 * Who may do what, by hand from security.md 5 and from nothing in the product. One letter for each role that may: nurse, lead,
 * engineer, admin, kiosk. `object`: the path names something of a team, which is 404 when it is foreign, but to those who see all.
 * `answer`: it is limited to one's teams. `self`, `site`: nothing of a team is in it.
 */
export type Entry = readonly [who: string, what: 'object' | 'answer' | 'self' | 'site']

const acts: Entry = ['NL', 'object']

/** Everything under /api/v1 that asks who it is. */
export const authorizationTable: Readonly<Record<string, Entry>> = {
  'GET /api/v1/health': ['NLEAK', 'site'],
  'DELETE /api/v1/session': ['NLEAK', 'self'],
  'GET /api/v1/session/proof': ['NLEAK', 'self'],
  'POST /api/v1/session/proof': ['NLEAK', 'self'],
  'POST /api/v1/session/proof/sso': ['NLEAK', 'self'],
  'GET /api/v1/factors': ['NLEAK', 'self'],
  'POST /api/v1/factors/totp': ['NLEAK', 'self'],
  'PUT /api/v1/factors/totp': ['NLEAK', 'self'],
  'DELETE /api/v1/factors/totp': ['NLEAK', 'self'],
  'POST /api/v1/factors/passkeys/options': ['NLEAK', 'self'],
  'POST /api/v1/factors/passkeys': ['NLEAK', 'self'],
  'PUT /api/v1/factors/passkeys/:credentialId': ['NLEAK', 'self'],
  'DELETE /api/v1/factors/passkeys/:credentialId': ['NLEAK', 'self'],
  'POST /api/v1/factors/recovery-codes': ['NLEAK', 'self'],
  'PUT /api/v1/factors/password': ['NLEAK', 'self'],
  'GET /api/v1/me': ['NLEAK', 'self'],
  'GET /api/v1/sessions': ['NLEAK', 'self'],
  'DELETE /api/v1/sessions': ['NLEAK', 'self'],
  'DELETE /api/v1/sessions/:sessionId': ['NLEAK', 'self'],

  'GET /api/v1/hub-registry': ['A', 'site'],
  'POST /api/v1/hub-registry': ['A', 'site'],
  'POST /api/v1/hub-registry/:hubId/claim': ['A', 'site'],
  'PUT /api/v1/hub-registry/:hubId/name': ['A', 'site'],
  'POST /api/v1/hub-registry/:hubId/revoke': ['A', 'site'],

  'GET /api/v1/people': ['A', 'site'],
  'POST /api/v1/people': ['A', 'site'],
  'POST /api/v1/people/:userId/invitation': ['A', 'site'],
  'DELETE /api/v1/people/:userId/invitation': ['A', 'site'],
  'PUT /api/v1/people/:userId/role': ['A', 'site'],
  'PUT /api/v1/people/:userId/disabled': ['A', 'site'],
  'PUT /api/v1/people/:userId/teams': ['A', 'site'],
  'POST /api/v1/people/:userId/reset-factors': ['A', 'site'],
  'GET /api/v1/people/:userId/sessions': ['A', 'site'],
  'DELETE /api/v1/people/:userId/sessions': ['A', 'site'],
  'DELETE /api/v1/people/:userId/sessions/:sessionId': ['A', 'site'],

  'GET /api/v1/hubs': ['NLEK', 'answer'],
  'GET /api/v1/hubs/days': ['NLEK', 'answer'],
  'GET /api/v1/hubs/:hubId/log': ['NLE', 'object'],
  'POST /api/v1/hubs/:hubId/log': ['NLE', 'object'],
  'GET /api/v1/hubs/:hubId/records': ['E', 'object'],
  'GET /api/v1/hubs/:hubId/ledger': ['LEA', 'object'],
  'GET /api/v1/pumps': ['NLEK', 'answer'],
  'GET /api/v1/pumps/:pumpId/history': ['NLEK', 'object'],
  'GET /api/v1/pumps/:pumpId/export': ['NLE', 'object'],
  'GET /api/v1/pumps/:pumpId/about': ['NLEK', 'object'],
  'GET /api/v1/pumps/:pumpId/completeness': ['NLEK', 'object'],
  'GET /api/v1/pumps/:pumpId/adherence': ['NL', 'object'],
  'GET /api/v1/adherence': ['NL', 'answer'],
  'GET /api/v1/supply': ['NL', 'answer'],
  'POST /api/v1/roster': ['NLEK', 'answer'],
  'GET /api/v1/replay': ['NLEK', 'answer'],
  'GET /api/v1/analytics': ['NLEK', 'answer'],

  'GET /api/v1/assignments': ['NL', 'answer'],
  'GET /api/v1/assignments/:pumpId/history': ['NL', 'object'],
  'GET /api/v1/assignments/:pumpId/phone': ['NL', 'object'],
  'PUT /api/v1/assignments/:pumpId': ['L', 'object'],
  'DELETE /api/v1/assignments/:pumpId': ['L', 'object'],
  'POST /api/v1/assignments/team': ['L', 'object'],

  'GET /api/v1/alarms': ['NLEK', 'answer'],
  'GET /api/v1/alarms/:episodeId': ['NLEK', 'object'],
  'POST /api/v1/alarms/:episodeId/accept': acts,
  'POST /api/v1/alarms/:episodeId/seen': acts,
  'POST /api/v1/alarms/:episodeId/withdraw': acts,
  'POST /api/v1/alarms/:episodeId/take-over': acts,
  'POST /api/v1/alarms/:episodeId/withdraw-hand-over': acts,
  'POST /api/v1/alarms/:episodeId/check-in': acts,
  'POST /api/v1/alarms/:episodeId/unshelve': acts,
  'POST /api/v1/alarms/:episodeId/reject': acts,
  'POST /api/v1/alarms/:episodeId/take-from': acts,
  'POST /api/v1/alarms/:episodeId/decline-hand-over': acts,
  'POST /api/v1/alarms/:episodeId/hand-over': acts,
  'POST /api/v1/alarms/:episodeId/escalate': acts,
  'POST /api/v1/alarms/:episodeId/shelve': ['L', 'object'],
  'POST /api/v1/alarms/:episodeId/resolve': acts,
  'PUT /api/v1/alarms/:episodeId/triage': acts,
  'GET /api/v1/colleagues': ['NL', 'answer'],

  'GET /api/v1/hand-over': ['NL', 'object'],
  'POST /api/v1/hand-over/offer': ['NL', 'self'],
  'POST /api/v1/hand-over/take': ['NL', 'self'],
  'POST /api/v1/hand-over/decline': ['NL', 'self'],
  'POST /api/v1/hand-over/withdraw': ['NL', 'self'],
  'PUT /api/v1/watched/:pumpId': acts,
  'DELETE /api/v1/watched/:pumpId': acts,

  'GET /api/v1/on-call': ['NLA', 'answer'],
  'GET /api/v1/teams': ['NLA', 'answer'],
  'GET /api/v1/teams/:teamId/people': ['NLA', 'object'],
  'PUT /api/v1/teams/:teamId': ['A', 'object'],
  'PUT /api/v1/teams/:teamId/members': ['LA', 'object'],
  'GET /api/v1/teams/:teamId/rota': ['NLA', 'object'],
  'PUT /api/v1/teams/:teamId/rota': ['LA', 'object'],

  'GET /api/v1/push': ['NL', 'self'],
  'PUT /api/v1/push/devices': ['NL', 'self'],
  'DELETE /api/v1/push/devices/:deviceId': ['NL', 'self'],
  'POST /api/v1/push/devices/:deviceId/test': ['NL', 'self'],
  'GET /api/v1/paging/channels': ['LA', 'site'],
  'GET /api/v1/shift-check': ['NL', 'self'],
  'POST /api/v1/shift-check': ['NL', 'self'],
  'GET /api/v1/readiness': ['NL', 'self'],
  'PUT /api/v1/readiness': ['NL', 'self'],

  'GET /api/v1/audit': ['A', 'site'],
  'GET /api/v1/audit/export': ['A', 'site'],

  'GET /api/v1/simulators/pumps': ['E', 'site'],
  'GET /api/v1/simulators/pumps/:pumpId': ['E', 'site'],
  'GET /api/v1/simulators/pumps/:pumpId/scenario': ['E', 'site'],
  'GET /api/v1/simulators/pumps/:pumpId/wire': ['E', 'site'],
  'POST /api/v1/simulators/pumps/:pumpId/act': ['E', 'site'],
  'POST /api/v1/simulators/pumps/:pumpId/fault': ['E', 'site'],
  'POST /api/v1/simulators/pumps/:pumpId/key': ['E', 'site'],
  'GET /api/v1/simulators/scenarios': ['E', 'site'],
  'POST /api/v1/simulators/pumps/:pumpId/scenario': ['E', 'site'],
  'GET /api/v1/simulators/fleet': ['E', 'site'],
  'POST /api/v1/simulators/fleet': ['E', 'site'],
  'POST /api/v1/simulators/fleet/stop': ['E', 'site'],
  'POST /api/v1/simulators/speed': ['E', 'site'],
  'POST /api/v1/simulators/pumps/:pumpId/speed': ['E', 'site'],
  'POST /api/v1/simulators/pause': ['E', 'site'],
  'POST /api/v1/simulators/pumps/:pumpId/pause': ['E', 'site'],
  'POST /api/v1/simulators/start': ['E', 'site'],
  'POST /api/v1/simulators/pumps/:pumpId/start': ['E', 'site'],
  'POST /api/v1/simulators/step': ['E', 'site'],
  'POST /api/v1/simulators/pumps/:pumpId/step': ['E', 'site'],
}

/** Asks nobody who it is: signing in, tokens that are a right by themselves, health for machines, the interface's own description. */
export const openToEverybody: readonly string[] = [
  'POST /api/v1/session',
  'POST /api/v1/invitations/look',
  'POST /api/v1/invitations/accept',
  'GET /api/v1/sign-in-ways',
  'POST /api/v1/sso',
  'GET /api/v1/sso/callback',
  'POST /api/v1/session/second',
  'POST /api/v1/session/passkey/options',
  'POST /api/v1/session/passkey',
  'POST /api/v1/push/receipts',
  'POST /api/v1/paging/calls/:notificationId/:token',
  'GET /healthz',
  'GET /readyz',
  'GET /api/docs',
  'GET /api/docs/',
  'GET /api/docs/json',
  'GET /api/docs/yaml',
  'GET /api/docs/static/*',
  'GET /api/docs/static/index.html',
  'GET /api/docs/static/swagger-initializer.js',
  'GET /api/docs/static/theme/plain.css',
  'GET /api/openapi.json',
  'GET /*',
  'GET /hub/v1/time',
]

/** Good only with the signature of a hub, or with its claim. */
export const signedByHubs: readonly string[] = [
  'POST /hub/v1/enrol-nonce',
  'POST /hub/v1/enrol',
  'POST /hub/v1/alarm',
  'POST /hub/v1/telemetry',
  'POST /hub/v1/heartbeat',
  'POST /hub/v1/rotate-key',
]

/** What a page may say on the live feed. Admins are refused at the door. */
export const liveTable: Readonly<Record<LiveRequest, string>> = {
  hello: 'NLEK',
  station: 'NLEK',
  'canary-heard': 'NLEK',
  command: 'NL',
  receipt: 'NL',
}

/** Routes that no row names; HEAD is what its GET is. */
export const withoutEntry = (routes: readonly string[]): readonly string[] =>
  routes
    .map((route) => route.replace(/^HEAD /, 'GET '))
    .filter(
      (route) => !(route in authorizationTable) && !openToEverybody.includes(route) && !signedByHubs.includes(route),
    )
