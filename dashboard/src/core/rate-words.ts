import { plural } from './plural.ts'
import { wordsPart } from './words-part.ts'

// Words of the line under an empty queue; they come with it.

export const rateWords = wordsPart({
  rate: {
    summary: (count: number, most: number) =>
      count === 0
        ? 'No alarm in the last 12 h.'
        : `${plural(count, 'alarm', 'alarms')} in the last 12 h, at most ${most} in ten minutes.`,
    failed: 'How many there were in the last 12 h is not known now.',
  },
})
