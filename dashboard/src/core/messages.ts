import { pageWords } from '#domain/paging/page-words.ts'
import { alarmWords } from './alarm-words.ts'
import { criticality, failure, operatingState, priority } from './closed-words.ts'
import { dutyWords } from './duty-words.ts'
import { pathWords } from './path-words.ts'
import { queueWords } from './queue-words.ts'
import { shellWords } from './shell-words.ts'
import { wallWords } from './wall-words.ts'
import type { WordsLike } from './words-type.ts'

// The words the wall starts with. Short, factual, no blame. What loads later brings a part of its own (words-part.ts); a second
// language is a second object of the type `Words`, and one more of each part.

export const en = {
  ...shellWords,
  ...wallWords,
  ...queueWords,
  path: pathWords,
  duty: dutyWords,
  page: pageWords,
  alarm: alarmWords,
  priority,
  operatingState,
  criticality,
  failure,
} as const

export type Words = WordsLike<typeof en>
