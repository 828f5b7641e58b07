import { wordsPart } from './words-part.ts'

// Words that the administrator's lists share; they come with the first of them.

export const adminWords = wordsPart({
  admin: {
    failed: (why: string) => `It could not be done. ${why}`,
  },
})
