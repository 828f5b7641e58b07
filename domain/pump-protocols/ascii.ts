export const CR = 0x0d
export const LF = 0x0a

/** Bytes as the characters of the same number. For frames, which are bounded: `bytes` is spread over the stack. */
export const asciiText = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** Characters as the bytes of the same number. `text` must be ASCII. */
export const asciiBytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])

/** Upper-case, no separators. */
export const hexText = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += hexOfByte[byte] ?? ''
  return text
}

/** `value` in upper-case hexadecimal, padded with zeros. */
export const hexDigits = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0')

const hexOfByte = Array.from({ length: 256 }, (_, byte) => hexDigits(byte, 2))
