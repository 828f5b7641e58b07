import type { HubId } from '#domain/ids.ts'
import type { HubActBody, HubLogEntry, HubRecord } from '#domain/live/hub-log.ts'
import type { Person } from '#domain/live/views.ts'
import type { Instant } from '#domain/time.ts'

export interface HubActWrite extends HubActBody {
  readonly hubId: HubId
  readonly by: Person
  readonly at: Instant
}

/** What people did about hubs. Append only. */
export interface HubLogStore {
  /** Durable when resolved. A `requestId` that is known changes nothing. */
  add(act: HubActWrite): Promise<void>
  /** The newest `limit`, newest first. */
  of(hubId: HubId, limit: number): readonly HubLogEntry[]
  /** Of all hubs, from then on (ms), oldest first. */
  since(at: number): readonly HubLogEntry[]
  /** Events and tombstones of a hub by their arrival, the newest `limit`, newest first. */
  records(hubId: HubId, limit: number): readonly HubRecord[]
}
