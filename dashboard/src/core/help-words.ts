import { wordsPart } from './words-part.ts'

// What each key does; it comes with the help.

export const helpWords = wordsPart({
  everywhere: 'Everywhere',
  /** `key`: of a screen. */
  goKey: (key: string) => `g then ${key}`,
  shellKeys: [
    ['?', 'this help'],
    ['Esc', 'close'],
  ],
  queueKeys: {
    title: 'While the alarm queue has the focus',
    keys: [
      ['j k or arrows', 'next, previous alarm'],
      ['Enter', 'open the alarm'],
      ['1 2 3', 'first High, Medium, Low'],
      ['M', 'pause the sound of this page, or end the pause'],
      ['/', 'find'],
      ['C', 'speak the counts'],
    ],
  },
  answerKeys: {
    title: 'On the alarm that has the focus',
    keys: [
      ['T', 'take'],
      ['S', 'seen'],
      ['E', 'escalate'],
      ['N', 'note'],
      ['O', 'close out'],
    ],
  },
} as const)
