import type { Finding, ResolveClass } from '#domain/live/views.ts'
import { wordsPart } from './words-part.ts'

// Words of what an alarm turned out to be; they come with whatever asks or tells it.

const finding: Readonly<Record<Finding, string>> = {
  'kink-or-clamp': 'Kink or clamp',
  air: 'Air',
  battery: 'Battery',
  'door-or-cassette': 'Door or cassette',
  'site-problem': 'Site problem',
  'user-action': 'User action',
  none: 'Nothing found',
}

const resolveClass: Readonly<Record<ResolveClass, string>> = {
  'true-and-acted': 'True, acted on',
  'true-not-relevant': 'True, not relevant',
  false: 'False alarm',
}

export const outcomeWords = wordsPart({ finding, resolveClass })
