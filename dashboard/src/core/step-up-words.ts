import { wordsPart } from './words-part.ts'

// Words of the dialog that asks for a fresh proof; they come with it.

export const stepUpWords = wordsPart({
  stepUp: {
    title: 'Is it still you?',
    why: 'This needs a proof from the last 10 minutes. What you asked for goes on by itself.',
    password: 'Your password',
    sso: (label: string) => `${label}: sign in there again`,
    elsewhere: 'Go on in the window that has opened. When you are done there, this goes on by itself.',
    blocked: 'The browser did not open the window. Allow it for this page, then press again.',
    submit: 'Go on',
    waiting: 'Checking …',
  },
})
