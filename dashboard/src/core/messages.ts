import { pageWords } from '#domain/paging/page-words.ts'
import { alarmWords } from './alarm-words.ts'
import { criticality, failure, finding, operatingState, powerSource, priority, resolveClass } from './closed-words.ts'
import { dialogWords } from './dialog-words.ts'
import { handOverWords } from './hand-over-words.ts'
import { historyWords } from './history-words.ts'
import { hubsWords } from './hubs-words.ts'
import { panelWords } from './panel-words.ts'
import { pathWords } from './path-words.ts'
import { pumpWords } from './pump-words.ts'
import { pushWords } from './push-words.ts'
import { queueWords } from './queue-words.ts'
import { readinessWords } from './readiness-words.ts'
import { rosterWords } from './roster-words.ts'
import { shellKeyWords, shellWords } from './shell-words.ts'
import { queueKeyWords, wallWords } from './wall-words.ts'
import { simulatorWords } from './simulator-words.ts'
import type { WordsLike } from './words-type.ts'

// Every word of the screens. Short, factual, no blame. A screen adds a file of its own and one line here; a second language is
// a second object of the type `Words`.

export const en = {
  ...shellWords,
  ...wallWords,
  ...queueWords,
  ...panelWords,
  ...dialogWords,
  ...pumpWords,
  ...hubsWords,
  ...handOverWords,
  ...historyWords,
  ...simulatorWords,
  roster: rosterWords,
  path: pathWords,
  readiness: readinessWords,
  push: pushWords,
  page: pageWords,
  alarm: alarmWords,
  help: {
    title: 'Keyboard shortcuts',
    on: 'Single keys do something',
    parts: [shellKeyWords, queueKeyWords],
  },
  priority,
  operatingState,
  powerSource,
  finding,
  resolveClass,
  criticality,
  failure,
} as const

export type Words = WordsLike<typeof en>
