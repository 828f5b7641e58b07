import { expect, it } from 'vitest'
import { keyWords, proquint } from '#domain/uplink/key-words.ts'

// Addresses and their words as the paper prints them (arXiv:0901.4016).
it.each([
  ['lusab-babad', [0x7f00, 0x0001]],
  ['gutih-tugad', [0x3f54, 0xdcc1]],
  ['gutuk-bisog', [0x3f76, 0x0723]],
  ['mudof-sakat', [0x8c62, 0xc18d]],
  ['haguz-biram', [0x40ff, 0x06c8]],
])('says %s for its numbers', (words, numbers) => {
  expect(numbers.map(proquint).join('-')).toBe(words)
})

it('reads the first 64 bits of a key’s id, and nothing that is none', () => {
  const id = Buffer.from([0x7f, 0, 0, 1, 0x3f, 0x54, 0xdc, 0xc1, 9, 9, 9, 9, 9, 9, 9, 9]).toString('base64url')
  expect(keyWords(`k-${id}`)).toBe('lusab-babad-gutih-tugad')
  expect(keyWords('k-short')).toBeNull()
  expect(keyWords('k-not base64 at all')).toBeNull()
})
