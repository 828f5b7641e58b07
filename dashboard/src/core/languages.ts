import { en } from './messages.ts'
import type { Words } from './messages.ts'
import { pseudoWords } from './pseudo-words.ts'

export type LanguageId = 'en' | 'pseudo'

export interface Language {
  readonly id: LanguageId
  /** BCP 47, for `lang`. */
  readonly tag: string
  readonly dir: 'ltr' | 'rtl'
  /** For `Intl`: digits, month names, decimal signs. */
  readonly locale: string
  readonly words: Words
}

export const languageIds: readonly LanguageId[] = ['en', 'pseudo']

/** The pseudo-locale runs from right to left, so that a layout that knows only left and right is seen at once. */
export const languageOf = (id: LanguageId): Language => {
  switch (id) {
    case 'en':
      return { id, tag: 'en', dir: 'ltr', locale: 'en-GB', words: en }
    case 'pseudo':
      return { id, tag: 'en-XB', dir: 'rtl', locale: 'en-GB', words: pseudoWords(en) }
  }
}

/** `?lang=` of the address first, then what was chosen before, then English. */
export const languageIdOf = (search: string, chosen: string | null): LanguageId => {
  const asked = new URLSearchParams(search).get('lang') ?? chosen
  return languageIds.find((id) => id === asked) ?? 'en'
}
