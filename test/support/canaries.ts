// F29 and I14 of reliability.md: what is secret, or about a patient, stands in its own store and nowhere else.

/** A word or a key that can be told from everything else, and where alone it may stand. */
export interface Canary {
  readonly name: string
  readonly value: string | Uint8Array
  /** Names of places that may hold it. Null: none. */
  readonly home: RegExp | null
}

/** Something that a search looks through: a log, a file of a database, the body of an error. */
export interface Place {
  readonly name: string
  readonly content: Buffer
}

export interface Hit {
  readonly canary: string
  readonly place: string
  readonly form: string
}

/** Shorter ones would be found by chance. */
const leastBytes = 8

const bytesOf = (value: string | Uint8Array): Buffer =>
  typeof value === 'string' ? Buffer.from(value) : Buffer.from(value)

/** Base64 of whatever holds these bytes, at each of the three places where they may begin in a group. */
const insideBase64 = (bytes: Buffer): readonly string[] =>
  [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    const from = shift === 0 ? 0 : 4
    const whole = Math.floor((shift + bytes.length) / 3) * 4
    return text.slice(from, whole)
  })

const textFormsOf = (value: string): readonly (readonly [string, Buffer])[] => [
  ['as it is', Buffer.from(value)],
  ['as UTF-16', Buffer.from(value, 'utf16le')],
  ['in a URL', Buffer.from(encodeURIComponent(value))],
  ['as JSON', Buffer.from(JSON.stringify(value).slice(1, -1))],
]

/** How it may have been written. Each form once. */
const formsOf = ({ value }: Canary): ReadonlyMap<string, Buffer> => {
  const bytes = bytesOf(value)
  const forms = new Map<string, Buffer>(typeof value === 'string' ? textFormsOf(value) : [['as it is', bytes]])
  forms.set('in hexadecimal', Buffer.from(bytes.toString('hex')))
  for (const [shift, text] of insideBase64(bytes).entries()) {
    forms.set(`in base64 (${shift})`, Buffer.from(text))
    forms.set(`in base64url (${shift})`, Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_')))
  }
  const seen = new Set<string>()
  return new Map(
    [...forms].filter(([, form]) => {
      const isNew = !seen.has(form.toString('latin1'))
      seen.add(form.toString('latin1'))
      return isNew
    }),
  )
}

/** Where each canary stands that should not. Throws for one that is too short to be told from chance. */
export const searchForCanaries = (places: readonly Place[], canaries: readonly Canary[]): readonly Hit[] =>
  canaries.flatMap((canary) => {
    if (bytesOf(canary.value).length < leastBytes) throw new Error(`${canary.name} is too short to be looked for`)
    const forms = formsOf(canary)
    return places
      .filter(({ name }) => canary.home?.test(name) !== true)
      .flatMap(({ name, content }) =>
        [...forms]
          .filter(([, form]) => content.includes(form))
          .map(([form]) => ({ canary: canary.name, place: name, form })),
      )
  })
