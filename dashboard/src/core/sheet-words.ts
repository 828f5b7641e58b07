import { wordsPart } from './words-part.ts'

// Words of the sheet that covers a phone; they come with it.

export const sheetWords = wordsPart({
  sheet: {
    label: 'New High alarm',
    slide: 'Slide to take',
    press: 'Press again to take',
    take: 'Take',
    later: 'Back to the list',
    more: (count: number) => `and ${count} more High`,
  },
})
