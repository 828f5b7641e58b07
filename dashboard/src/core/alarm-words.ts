import { catalogue } from '#domain/alarm/catalogue.ts'
import type { CatalogueEntry } from '#domain/alarm/catalogue-entry.ts'
import type { AlarmCode } from '#domain/alarm/codes.ts'

export type AlarmWords = Pick<
  CatalogueEntry,
  'name' | 'consequence' | 'meaning' | 'firstChecks' | 'criticalFirstChecks'
>

/** Names and sentences of the alarm catalogue, as one more part of messages.ts. */
export const alarmWords: Readonly<Record<AlarmCode, AlarmWords>> = catalogue
