import type { PasswordFault } from '#domain/people/factors.ts'
import { wordsPart } from './words-part.ts'

// Why a new password is not taken, by the word the server says.

const faults = {
  'too-short': 'At least 8 characters.',
  'too-long': 'At most 256 characters.',
  common: 'Many people use this one, or it is easy to guess. Take another one.',
  'about-you': 'Little more than your name, this site or this program. Take another one.',
  same: 'This is the one you have.',
} as const satisfies Record<PasswordFault, string>

export const passwordWords = wordsPart({ passwordFaults: faults })
