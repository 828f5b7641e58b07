import { catalogue, defaultPriority } from '#domain/alarm/catalogue.ts'
import type { AlarmDefaults } from './alarm-book.ts'

/** The catalogue's words for a pump that gives none. The hub does not know the therapy: raising by it is the server's part. */
export const alarmDefaults: AlarmDefaults = {
  priority: (code) => defaultPriority(code, null),
  type: (code) => catalogue[code].type,
}
