import type { LanguageId } from './languages.ts'
import { pseudoWords } from './pseudo-words.ts'
import type { WordsLike } from './words-type.ts'

/**
 * Words of a screen or a dialog that loads later: they come with it, and the wall starts without them. They are read through
 * the language that was chosen and in no other way.
 */
export interface WordsPart<T extends object> {
  readonly of: (language: LanguageId) => WordsLike<T>
}

/** The words a part gives. */
export type WordsOf<P> = P extends WordsPart<infer T> ? WordsLike<T> : never

export type WordsOfAll<P extends readonly unknown[]> = P extends readonly [infer First, ...infer Rest]
  ? WordsOf<First> & WordsOfAll<Rest>
  : unknown

export const wordsPart = <const T extends object>(english: T): WordsPart<T> => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every text is a string
  const widened = english as unknown as WordsLike<T>
  let pseudo: WordsLike<T> | null = null
  return {
    of: (language) => {
      switch (language) {
        case 'en':
          return widened
        case 'pseudo':
          return (pseudo ??= pseudoWords(widened))
      }
    },
  }
}
