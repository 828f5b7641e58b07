// Words of the dialogs on an alarm; a part of messages.ts.

export const dialogWords = {
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
} as const
