import { wordsPart } from './words-part.ts'

// Words of the list of one's own sessions; they come with the menu.

export const sessionsWords = wordsPart({
  sessions: {
    open: 'My sessions',
    title: 'Where you are signed in',
    here: 'this screen',
    unknownDevice: 'A device that is not known',
    from: (origin: string) => `from ${origin}`,
    since: (time: string) => `since ${time}`,
    used: (age: string) => `used ${age} ago`,
    ends: (time: string) => `ends ${time} at the latest`,
    end: 'End',
    endOf: (device: string) => `End the session of ${device}`,
    endOthers: 'End all others',
    alone: 'You are signed in nowhere else.',
    strange: 'Is one of them not yours? End it: its screen goes dark at once. Then change your password.',
    loading: 'Loading …',
    failed: (why: string) => `It could not be done. ${why}`,
  },
})
