/** What core code may say. The program hands down a pino logger; object first, then a fixed sentence, no patient data. */
export interface Log {
  debug(facts: object, sentence: string): void
  info(facts: object, sentence: string): void
  warn(facts: object, sentence: string): void
  error(facts: object, sentence: string): void
}
