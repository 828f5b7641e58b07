import { HubId, PumpId } from '#domain/ids.ts'
import type { AlarmSubject } from '#server/core/ports.ts'

/** The subject behind a stored `subjectKey`. */
export const subjectOfKey = (key: string): AlarmSubject => {
  if (key.startsWith('pump:')) return { kind: 'pump', pumpId: PumpId.parse(key.slice('pump:'.length)) }
  if (key.startsWith('hub:')) return { kind: 'hub', hubId: HubId.parse(key.slice('hub:'.length)) }
  return { kind: 'site' }
}
