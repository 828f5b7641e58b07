import type { UserId } from '#domain/ids.ts'
import type { SessionList } from '#domain/live/sessions.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { InvitationLink, InvitationView, NewPerson, PeopleList } from '#domain/people/people-api.ts'
import type { SignInWays } from '#domain/people/single-sign-on.ts'
import type { PersonRole } from '#domain/people/person-roles.ts'

// Who may come in and where they are: one's own sessions, an administrator's list of people, a link that somebody was sent. Decoded by
// code that the worker fetches with the first of them.

export type PeopleRequest =
  | { readonly what: 'people-ways' }
  | { readonly what: 'people-sso'; readonly invitation: string | null }
  | { readonly what: 'people' | 'people-own-sessions' | 'people-own-sessions-end' }
  | { readonly what: 'people-own-session-end'; readonly sessionId: string }
  | { readonly what: 'people-add'; readonly person: NewPerson }
  | {
      readonly what: 'people-invite' | 'people-withdraw' | 'people-sessions' | 'people-sessions-end'
      readonly userId: UserId
    }
  | { readonly what: 'people-session-end'; readonly userId: UserId; readonly sessionId: string }
  | { readonly what: 'people-role'; readonly userId: UserId; readonly role: PersonRole }
  | { readonly what: 'people-disabled'; readonly userId: UserId; readonly disabled: boolean }
  | { readonly what: 'people-reset-factors'; readonly userId: UserId; readonly reason: string }
  | { readonly what: 'people-teams'; readonly userId: UserId; readonly teamIds: readonly TeamId[] }
  | { readonly what: 'people-link'; readonly token: string }
  | { readonly what: 'people-link-use'; readonly token: string; readonly password: string }

export interface PeopleResults {
  readonly people: PeopleList
  readonly 'people-ways': SignInWays
  readonly 'people-sso': { readonly url: string }
  readonly 'people-own-sessions': SessionList
  readonly 'people-own-sessions-end': null
  readonly 'people-own-session-end': null
  readonly 'people-add': InvitationLink
  readonly 'people-invite': InvitationLink
  readonly 'people-withdraw': null
  readonly 'people-sessions': SessionList
  readonly 'people-sessions-end': null
  readonly 'people-session-end': null
  readonly 'people-role': null
  readonly 'people-disabled': null
  readonly 'people-reset-factors': null
  readonly 'people-teams': null
  readonly 'people-link': InvitationView
  readonly 'people-link-use': null
}

export const isPeopleRequest = (request: { readonly what: string }): request is PeopleRequest =>
  request.what.startsWith('people')
