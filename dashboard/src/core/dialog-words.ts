import { wordsPart } from './words-part.ts'

// Words of the dialogs on an alarm; they come with it.

export const dialogWords = wordsPart({
  closeOut: {
    title: 'Close out',
    class: 'What was it?',
    finding: 'What was found?',
    note: 'Note (what was said and done)',
    submit: 'Close out',
    sending: 'Closing out …',
    stillActive: 'The condition is still there. It stays listed until the pump says that it ended.',
    choose: 'Choose what it was and what was found.',
  },
  cantTake: {
    title: 'Can’t take',
    reason: 'Why? The next person and the lead see it.',
    sending: 'Sending …',
    submit: 'Can’t take',
    needed: 'A reason is needed.',
  },

  handOver: {
    title: 'Hand over',
    to: 'To whom? It stays yours until they take it over.',
    loading: 'Asking who can take it …',
    nobody: 'There is nobody else who can take alarms.',
    choose: 'Choose somebody.',
    submit: 'Offer it',
    sending: 'Sending …',
  },
  cantTakeOver: {
    title: 'Can’t take over',
    reason: 'Why? Its owner keeps it and sees the reason.',
    sending: 'Sending …',
    submit: 'Can’t take over',
    needed: 'A reason is needed.',
  },
  takeFrom: {
    title: 'Take from its owner',
    reason: 'Why? Its owner is told.',
    sending: 'Taking …',
    submit: 'Take it',
    needed: 'A reason is needed.',
  },
  escalate: {
    title: 'Escalate',
    to: 'Whom? Owner and priority stay; the page goes out now.',
    next: 'Whoever is next',
    loading: 'Asking who can be paged …',
    submit: 'Page now',
    sending: 'Sending …',
  },
  shelve: {
    title: 'Shelve',
    reason: 'Why? It stays open and counted, and comes back by itself.',
    minutes: 'For how long?',
    min: (count: number) => `${count} min`,
    submit: 'Shelve',
    sending: 'Shelving …',
    needed: 'A reason is needed.',
  },
})
