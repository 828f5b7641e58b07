import { expect, it } from 'vitest'
import { isRealContact } from '#server/core/push-contact.ts'

it.each([
  ['mailto:it@hospital.org', true],
  ['https://hospital.org/contact', true],
  ['https://watch.hospital.org', true],
  ['mailto:it@localhost', false],
  ['mailto:it@watch.lan', false],
  ['mailto:operator@infusion-watch.invalid', false],
  ['https://localhost', false],
  ['https://192.168.1.4', false],
  ['https://[::1]/', false],
  ['https://watch.local', false],
  ['http://hospital.org', false],
  ['it@hospital.org', false],
  ['mailto:it', false],
  ['', false],
])('W20: push services can reach whoever is behind %s: %s', (contact, isReal) => {
  expect(isRealContact(contact)).toBe(isReal)
})
