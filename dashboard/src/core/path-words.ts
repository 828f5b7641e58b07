/** Words about proofs that alarms come through. */
export const pathWords = {
  label: 'Path',
  proven: (age: string) => `proven ${age} ago`,
  waiting: 'not proven yet',
  unproven: (age: string | null) => (age === null ? 'NOT PROVEN' : `NOT PROVEN for ${age}`),
  notHeard: 'YOU HEAR NOTHING',
  checkDue: 'check your sound',
} as const
