import { wordsPart } from './words-part.ts'

// Words of the page behind an invitation; they come with it.

export const invitedWords = wordsPart({
  invited: {
    title: 'Choose your password',
    loading: 'Looking at your link …',
    welcome: (name: string, role: string, site: string) => `You sign in to ${site} as ${name}, ${role}.`,
    password: 'Password',
    hint: 'Fifteen characters or more: four or five words that nobody would put together. At least eight. A password manager may make it.',
    again: 'The same again',
    differ: 'The two are not the same.',
    submit: 'Save and sign in',
    waiting: 'Saving …',
    over: 'This link is over, was used or was withdrawn. Ask whoever sent it for a new one.',
    toSignIn: 'To the sign-in page',
    failed: (why: string) => `It could not be saved. ${why}`,
  },
})
