/** What stood where a value was expected. The value is unknown; the digits are kept. */
export interface Malformed {
  readonly raw: string
}

/** A field of a good frame: its value, null when the pump left it empty, or what stood there instead. */
export type Field<T extends string | number | boolean | null> = T | Malformed

export const isMalformed = (field: unknown): field is Malformed =>
  typeof field === 'object' && field !== null && 'raw' in field

/** The value, or null when it is empty or malformed. */
export const valueOf = <T extends string | number | boolean>(field: Field<T | null>): T | null =>
  isMalformed(field) ? null : field

/** A whole number without sign or leading zero. */
export const integer = (text: string): Field<number> =>
  /^(?:0|[1-9][0-9]*)$/.test(text) ? Number(text) : { raw: text }

export const signedInteger = (text: string): Field<number> =>
  // `+ 0` turns -0 into 0
  /^-?(?:0|[1-9][0-9]*)$/.test(text) ? Number(text) + 0 : { raw: text }

/** One of a closed list of words. */
export const word = <W extends string>(text: string, words: readonly W[]): Field<W> =>
  words.find((known) => known === text) ?? { raw: text }

/** Text of a given shape. */
export const shaped = (text: string, shape: RegExp): Field<string> => (shape.test(text) ? text : { raw: text })

/** Empty is "not available" where the table says so. */
export const orEmpty = <T extends string | number>(text: string, parse: (text: string) => Field<T>): Field<T | null> =>
  text === '' ? null : parse(text)

/** Optional sign, digits, optional fraction of one to three digits, as whole thousandths: no comparison in floating point. */
export const thousandths = (text: string): Field<number> => {
  const parts = /^([+-]?)([0-9]{1,9})(?:\.([0-9]{1,3}))?$/.exec(text)
  if (!parts) return { raw: text }
  const [, sign = '', whole = '0', fraction = ''] = parts
  const magnitude = Number(whole) * 1000 + Number(fraction.padEnd(3, '0'))
  return sign === '-' && magnitude > 0 ? -magnitude : magnitude
}

export const hex4 = /^[0-9A-F]{4}$/

/** The same as a number. */
export const decimal = (text: string): Field<number> => {
  const scaled = thousandths(text)
  return isMalformed(scaled) ? scaled : scaled / 1000
}

/** `-?digits[.digits]`, as it stands: no `+`, no blank, any number of decimal places. */
export const plainDecimal = (text: string): Field<number> =>
  // `+ 0` turns -0 into 0
  /^-?[0-9]{1,12}(?:\.[0-9]{1,12})?$/.test(text) ? Number(text) + 0 : { raw: text }
