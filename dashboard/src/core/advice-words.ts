import { advice } from '#domain/alarm/advice.ts'
import { wordsPart } from './words-part.ts'

// What each alarm means, and what to ask on the phone; it comes with whatever shows it.

export const adviceWords = wordsPart({ advice })
