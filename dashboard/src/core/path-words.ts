/** Words about proofs that alarms come through. */
export const pathWords = {
  label: 'Path',
  proven: (age: string) => `proven ${age} ago`,
  waiting: 'not proven yet',
  unproven: (age: string | null) => (age === null ? 'NOT PROVEN' : `NOT PROVEN for ${age}`),
  notHeard: 'YOU HEAR NOTHING',
  checkDue: 'check your sound',
  why: {
    proven: 'A silent test alarm came from the server through this page’s sound. It comes at least once a minute.',
    waiting: 'Waiting for the first test alarm.',
    unproven:
      'No test alarm has come through this page’s sound. An alarm might not be heard here: turn the sound on, load the page again, or use another device.',
    'not-heard':
      'You said that you hear nothing. Look at the volume, the cable and the output of this computer, then try again.',
    'check-due': 'Nobody can prove that you hear this loudspeaker, except you. Play a test page once a shift.',
  },
  play: 'Play a test page',
  playAgain: 'Play it again',
  question: 'Did you hear it?',
  yes: 'I heard it',
  no: 'I heard nothing',
  noSound: 'The sound is off. Turn it on, then play it again.',
  sending: 'Sending …',
  failed: 'The server did not answer. Try again.',
  heardAt: (time: string) => `You heard a test page at ${time}.`,
  /** Of a colleague on call. */
  person: {
    provenAt: (time: string) => `sound proven ${time}`,
    heard: (time: string) => `heard a test page ${time}`,
    heardNothing: (time: string) => `HEARD NOTHING ${time}`,
  },
  hub: {
    title: 'Alarm path',
    proven: 'Proven',
    unproven: 'NOT PROVEN',
    off: 'No test alarms',
    took: (seconds: string) => `, took ${seconds} s`,
  },
} as const
