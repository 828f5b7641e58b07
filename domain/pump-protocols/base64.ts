const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const valueOf: ReadonlyMap<string, number> = new Map(Array.from(alphabet, (character, value) => [character, value]))

/** The bytes of standard base64 with padding and without line breaks; null when it is none. */
export const base64Bytes = (text: string): Uint8Array | null => {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  if (text.length % 4 !== 0) return null
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let [held, bits, at] = [0, 0, 0]
  for (const character of text.slice(0, text.length - padding)) {
    const value = valueOf.get(character)
    if (value === undefined) return null
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[at] = (held >> bits) & 0xff
    at += 1
  }
  return bytes
}

export const base64Text = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.subarray(at, at + 3)
    const all = (first << 16) | ((second ?? 0) << 8) | (third ?? 0)
    const digit = (shift: number): string => alphabet[(all >> shift) & 63] ?? ''
    text += digit(18) + digit(12) + (second === undefined ? '=' : digit(6)) + (third === undefined ? '=' : digit(0))
  }
  return text
}
