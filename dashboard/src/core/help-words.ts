import { wordsPart } from './words-part.ts'

// What each key does; it comes with the help.

const shellKeyWords = {
  title: 'Everywhere',
  keys: [
    ['g then a', 'Alarms'],
    ['g then p', 'Pumps'],
    ['g then h', 'Hubs'],
    ['g then o', 'Handover'],
    ['g then r', 'History'],
    ['g then s', 'Simulator'],
    ['?', 'this help'],
    ['Esc', 'close'],
  ],
} as const

const queueKeyWords = {
  title: 'While the alarm queue has the focus',
  keys: [
    ['j k or arrows', 'next, previous alarm'],
    ['Enter', 'open the alarm'],
    ['T', 'take'],
    ['S', 'seen'],
    ['E', 'escalate'],
    ['N', 'note'],
    ['O', 'close out'],
    ['1 2 3', 'first High, Medium, Low'],
    ['M', 'pause the sound of this page, or end the pause'],
    ['/', 'find'],
    ['C', 'speak the counts'],
  ],
} as const

export const helpWords = wordsPart({ keyParts: [shellKeyWords, queueKeyWords] })
