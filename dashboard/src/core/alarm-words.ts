import { catalogue } from '#domain/alarm/catalogue.ts'
import type { CatalogueEntry } from '#domain/alarm/catalogue-entry.ts'
import type { AlarmCode } from '#domain/alarm/codes.ts'

/** Names of the alarm catalogue and what each means for the infusion, as one more part of messages.ts. */
export const alarmWords: Readonly<Record<AlarmCode, Pick<CatalogueEntry, 'name' | 'consequence'>>> = catalogue
