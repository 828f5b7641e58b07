// Labels that one person reads for another at three in the morning: equal but for case and spaces, with two neighbouring digits
// exchanged, or with one letter more, less or other. Two beds with other numbers are not alike.

const spaceOnly = /[^\p{L}\p{N}]+/gu

interface Parts {
  readonly letters: string
  /** Without leading zeros, joined by a mark. */
  readonly digits: string
}

const partsOf = (label: string): Parts => {
  const plain = label.toLowerCase().replaceAll(spaceOnly, ' ').trim()
  const numbers = plain.match(/\d+/g) ?? []
  return {
    letters: plain.replaceAll(/[\d ]+/g, ''),
    digits: numbers.map((number) => number.replace(/^0+(?=\d)/, '')).join('-'),
  }
}

/** Neighbours exchanged once; false when nothing differs. */
const isExchange = (a: string, b: string): boolean => {
  if (a.length !== b.length) return false
  let first = 0
  while (first < a.length && a[first] === b[first]) first += 1
  if (first + 1 >= a.length) return false
  return a[first] === b[first + 1] && a[first + 1] === b[first] && a.slice(first + 2) === b.slice(first + 2)
}

/** Long enough that one letter is not the whole name. */
const shortestName = 4

const oneLetterApart = (a: string, b: string): boolean => {
  if (Math.min(a.length, b.length) < shortestName || Math.abs(a.length - b.length) > 1) return false
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  const rest = (text: string, skip: number): string => text.slice(at + skip)
  return rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1) || isExchange(a, b)
}

const alikeParts = (a: Parts, b: Parts): boolean => {
  if (a.letters === b.letters) return a.digits === b.digits || isExchange(a.digits, b.digits)
  return a.digits === b.digits && oneLetterApart(a.letters, b.letters)
}

/** Whether one is easily taken for the other; a label is alike itself. */
export const alike = (a: string, b: string): boolean => alikeParts(partsOf(a), partsOf(b))

/** Finds those that are alike among many, without comparing each with each. */
export class SimilarLabels<Id> {
  readonly #byDigits = new Map<string, { readonly id: Id; readonly label: string; readonly parts: Parts }[]>()

  add(id: Id, label: string): void {
    const parts = partsOf(label)
    const key = keyOf(parts)
    const known = this.#byDigits.get(key)
    const entry = { id, label, parts }
    if (known === undefined) this.#byDigits.set(key, [entry])
    else known.push(entry)
  }

  /** Of others, in the order they were added. */
  of(id: Id, label: string): readonly { readonly id: Id; readonly label: string }[] {
    const parts = partsOf(label)
    return (this.#byDigits.get(keyOf(parts)) ?? []).filter((other) => other.id !== id && alikeParts(parts, other.parts))
  }
}

/** Exchanged digits stay the same digits. */
const keyOf = ({ digits }: Parts): string => digits.split('').toSorted().join('')
