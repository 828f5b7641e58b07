/** Words about proofs that alarms come through. */
export const pathWords = {
  label: 'Path',
  proven: (age: string) => `proven ${age} ago`,
  waiting: 'not proven yet',
  unproven: (age: string | null) => (age === null ? 'NOT PROVEN' : `NOT PROVEN for ${age}`),
  notHeard: 'YOU HEAR NOTHING',
  checkDue: 'check your sound',
  /** Of a colleague on call. */
  person: {
    provenAt: (time: string) => `sound proven ${time}`,
    heard: (time: string) => `heard a test page ${time}`,
    heardNothing: (time: string) => `HEARD NOTHING ${time}`,
  },
} as const
