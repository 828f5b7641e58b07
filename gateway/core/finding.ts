/** What the doctor found in one place. `fail`: the hub cannot do its work; `warn`: it can, somebody should look. */
export interface Finding {
  /** What was looked at, e.g. `port bed-1`. */
  readonly check: string
  readonly level: 'ok' | 'warn' | 'fail'
  readonly text: string
  /** What to do about it; null when all is well. */
  readonly next: string | null
}

export const ok = (check: string, text: string): Finding => ({ check, level: 'ok', text, next: null })
export const warn = (check: string, text: string, next: string): Finding => ({ check, level: 'warn', text, next })
export const fail = (check: string, text: string, next: string): Finding => ({ check, level: 'fail', text, next })

/** One line for a person. */
export const lineOf = ({ check, level, text, next }: Finding): string =>
  `${level.padEnd(4)}  ${check}: ${text}${next === null ? '' : ` → ${next}`}`
