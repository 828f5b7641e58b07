import type { SsoRefusal } from '#domain/people/single-sign-on.ts'
import { wordsPart } from './words-part.ts'

// Words of the way in by the provider of the house; they come with the button, if there is one.

const refused = {
  unavailable: 'Single sign-on does not answer. Sign in with name and password, or try again in a moment.',
  refused: 'What single sign-on answered could not be believed. Try again; if it stays so, tell your administrator.',
  over: 'That took too long, or it was begun in another window. Begin again.',
  'no-second-factor': 'Single sign-on did not ask for a second factor. Set one up there, then come back.',
  'no-account':
    'Single sign-on knows you, but you have no account here. Ask your administrator for an account and its link.',
  disabled: 'Your account here is disabled. Ask your administrator.',
  'name-taken': 'Somebody else has your name here. Ask your administrator.',
  'somebody-else': 'Somebody else is signed in at the sign-in of the house.',
  'not-anew': 'The sign-in of the house did not ask you again.',
} as const satisfies Record<SsoRefusal, string>

export const ssoWords = wordsPart({
  sso: {
    or: 'or',
    waiting: 'To the sign-in of the house …',
    refused,
  },
})
