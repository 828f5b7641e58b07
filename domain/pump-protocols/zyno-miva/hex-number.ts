import type { Field } from '../fields.ts'

/** 1 to 8 hex digits in either case, in units of 1/`scale`. */
export const hexNumber = (text: string, scale: number): Field<number> =>
  /^[0-9A-Fa-f]{1,8}$/.test(text) ? Number.parseInt(text, 16) / scale : { raw: text }
