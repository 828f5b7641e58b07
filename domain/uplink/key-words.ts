// A key's id as four words that two people can compare on the telephone: proquints (Daniel S. Wilkerson, arXiv:0901.4016), 16 bits a
// word. Against a key that somebody makes to look alike: 2^64 tries.

const consonants = 'bdfghjklmnprstvz'
const vowels = 'aiou'
const wordCount = 4
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Of 16 bits: 0x7f00 is `lusab`. */
export const proquint = (value: number): string =>
  [
    [12, 15, consonants],
    [10, 3, vowels],
    [6, 15, consonants],
    [4, 3, vowels],
    [0, 15, consonants],
  ]
    .map(([shift, mask, letters]) => String(letters).charAt((value >> Number(shift)) & Number(mask)))
    .join('')

/** Of the id that both sides make from the public key: `k-` and base64url. Null: it is no such id. */
export const keyWords = (keyId: string): string | null => {
  const digits = Array.from(keyId.replace(/^k-/, ''), (character) => alphabet.indexOf(character))
  if (digits.includes(-1) || digits.length * 6 < wordCount * 16) return null
  const bits = digits.map((digit) => digit.toString(2).padStart(6, '0')).join('')
  return Array.from({ length: wordCount }, (_, at) => proquint(parseInt(bits.slice(at * 16, at * 16 + 16), 2))).join(
    '-',
  )
}
