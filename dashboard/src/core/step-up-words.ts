import { wordsPart } from './words-part.ts'

// Words of the dialog that asks for a fresh proof; they come with it.

export const stepUpWords = wordsPart({
  stepUp: {
    title: 'Is it still you?',
    why: 'This needs a proof from the last 10 minutes. What you asked for goes on by itself.',
    password: 'Your password',
    submit: 'Go on',
    waiting: 'Checking …',
  },
})
