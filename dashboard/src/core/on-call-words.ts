import { wordsPart } from './words-part.ts'

// Words of who is on call, in full; they come when somebody opens it.

export const onCallWords = wordsPart({
  rota: {
    nextChange: 'Next change',
    gap: 'Nobody first',
    reach: {
      reachable: 'can be reached',
      doubtful: 'may not be reached',
      unreachable: 'CANNOT BE REACHED',
    },
  },
  /** Of somebody on call. */
  colleague: {
    provenAt: (time: string) => `sound proven ${time}`,
    heard: (time: string) => `heard a test page ${time}`,
    heardNothing: (time: string) => `HEARD NOTHING ${time}`,
    looking: 'signed in to look only',
    without: (item: string, reason: string) => `${item} does not work: ${reason}`,
  },
})
