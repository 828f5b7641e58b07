import type { Assignment } from '#domain/assignment/assignment.ts'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { Act } from './on-call-store.ts'

/** One patient: every stretch in which a pump was used for them, oldest first. */
export interface PatientRecord {
  readonly patientId: string
  readonly uses: readonly Assignment[]
  readonly erasedAt: number | null
}

/** Everything that is kept about one patient, and what pumps did meanwhile. */
export interface PatientExport extends PatientRecord {
  readonly alarms: readonly { readonly pumpId: string; readonly at: number; readonly event: AlarmEvent }[]
  /** Who looked, and when, by ids. */
  readonly looks: readonly { readonly actor: string; readonly at: number; readonly pumpId: string }[]
}

export interface PatientRecords {
  list(): readonly PatientRecord[]
  /** Recorded before it is returned. Null: there is no such patient. */
  export(patientId: string, act: Act): PatientExport | null
  /** Everything about the person goes, on disk when it returns; that a pump was in use then stays, with what the pump told. */
  erase(patientId: string, act: Act): 'erased' | 'unknown' | 'in-use'
  /** Rows whose key is not here: they count as not known, which is critical. */
  unreadable(): { readonly rows: number; readonly keyIds: readonly string[] }
}

export interface KeyReplacement {
  /** Makes a new key the first one, unless one is being replaced already. Ids of new and old keys. */
  begin(act: Act): { readonly newest: string; readonly others: readonly string[] }
  /** Rows that are not under the newest key yet. */
  left(): number
  /** Seals the next rows anew, in one transaction; how many it looked at, 0 after the last one. What cannot be opened stays as it is. */
  step(limit: number): number
  /** Forgets the old keys if nothing is under them; false: something is. */
  end(): boolean
}
