import { SessionList } from '#domain/live/sessions.ts'
import { InvitationLink, InvitationView, PeopleList } from '#domain/people/people-api.ts'
import { SignInWays, SsoBegun } from '#domain/people/single-sign-on.ts'
import type { PeopleRequest } from '#dashboard/core/people-requests.ts'
import { decoded, done } from './call.ts'
import type { Call } from './call.ts'

const api = '/api/v1'

const person = (userId: string, part: string): string => `${api}/people/${encodeURIComponent(userId)}/${part}`

export const peopleCall = (request: PeopleRequest): Call => {
  switch (request.what) {
    case 'people-ways':
      return { path: `${api}/sign-in-ways`, method: 'GET', decode: decoded(SignInWays, (ways) => ways) }
    case 'people-sso':
      return {
        path: `${api}/sso`,
        method: 'POST',
        body: { invitation: request.invitation },
        decode: decoded(SsoBegun, (begun) => begun),
      }
    case 'people':
      return { path: `${api}/people`, method: 'GET', decode: decoded(PeopleList, (list) => list) }
    case 'people-own-sessions':
      return { path: `${api}/sessions`, method: 'GET', decode: decoded(SessionList, (list) => list) }
    case 'people-own-sessions-end':
      return { path: `${api}/sessions`, method: 'DELETE', decode: done }
    case 'people-own-session-end':
      return { path: `${api}/sessions/${encodeURIComponent(request.sessionId)}`, method: 'DELETE', decode: done }
    case 'people-add':
      return {
        path: `${api}/people`,
        method: 'POST',
        body: request.person,
        decode: decoded(InvitationLink, (link) => link),
      }
    case 'people-invite':
      return {
        path: person(request.userId, 'invitation'),
        method: 'POST',
        body: {},
        decode: decoded(InvitationLink, (link) => link),
      }
    case 'people-withdraw':
      return { path: person(request.userId, 'invitation'), method: 'DELETE', decode: done }
    case 'people-sessions':
      return {
        path: person(request.userId, 'sessions'),
        method: 'GET',
        decode: decoded(SessionList, (list) => list),
      }
    case 'people-sessions-end':
      return { path: person(request.userId, 'sessions'), method: 'DELETE', decode: done }
    case 'people-session-end': {
      const one = `sessions/${encodeURIComponent(request.sessionId)}`
      return { path: person(request.userId, one), method: 'DELETE', decode: done }
    }
    case 'people-role':
      return { path: person(request.userId, 'role'), method: 'PUT', body: { role: request.role }, decode: done }
    case 'people-disabled':
      return {
        path: person(request.userId, 'disabled'),
        method: 'PUT',
        body: { disabled: request.disabled },
        decode: done,
      }
    case 'people-reset-factors':
      return {
        path: person(request.userId, 'reset-factors'),
        method: 'POST',
        body: { reason: request.reason },
        decode: done,
      }
    case 'people-teams':
      return { path: person(request.userId, 'teams'), method: 'PUT', body: { teamIds: request.teamIds }, decode: done }
    case 'people-link':
      return {
        path: `${api}/invitations/look`,
        method: 'POST',
        body: { token: request.token },
        decode: decoded(InvitationView, (view) => view),
      }
    case 'people-link-use':
      return {
        path: `${api}/invitations/accept`,
        method: 'POST',
        body: { token: request.token, password: request.password },
        decode: done,
      }
  }
}
