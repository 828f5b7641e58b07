import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { PatientKeys } from '#server/core/patient-cipher.ts'
import type { KeyReplacement, PatientRecords } from '#server/core/patient-records.ts'
import type { Audit, AuditedChange, AuditReader } from '#server/core/audit.ts'
import type { FactorStore } from '#server/core/factor-store.ts'
import type { AssignmentStore } from '#server/core/assignments.ts'
import type { PageJournal } from '#server/core/paging/page-journal.ts'
import type { WatchJournal } from '#server/core/watch-book.ts'
import type { OnCallStore } from '#server/core/on-call-store.ts'
import type { HubDayStore } from '#server/core/hub-days.ts'
import type { HubLogStore } from '#server/core/hub-log.ts'
import type { ShiftAcceptanceLog } from '#server/core/shift-acceptances.ts'
import type { PathProofs } from '#server/core/path/path-proofs.ts'
import type { AlarmJournal, HubRegistry, NonceBook, ReceiptBook } from '#server/core/ports.ts'
import type { AnalyticsSource } from '#server/core/analytics.ts'
import type { LedgerStore } from '#server/core/ledger/facts.ts'
import type { DueMinutes } from '#server/core/roll-ups/due-minutes.ts'
import type { PumpEvents } from '#server/core/pump-events.ts'
import type { StateArchive } from '#server/core/state-archive.ts'
import { SqliteAnalyticsSource } from './analytics-source.ts'
import { SqliteAssignmentStore } from './assignment-store.ts'
import { SqliteAuditReader } from './audit-reader.ts'
import { SqliteAuditTrail } from './audit-trail.ts'
import { openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { SqliteDueMinutes } from './due-minutes.ts'
import { createSqliteFactors } from './factor-store.ts'
import { SqliteHubDays } from './hub-days.ts'
import { SqliteHubLog } from './hub-log.ts'
import { SqliteHubRegistry } from './hub-registry.ts'
import { journalMigrations } from './journal-migrations.ts'
import { journalTransaction } from './journal-transaction.ts'
import { SqliteAlarmJournal } from './journal.ts'
import { SqliteLedger } from './ledger.ts'
import { OfficeChanges } from './office-changes.ts'
import { SqliteKeyReplacement } from './key-replacement.ts'
import { moveAssignments } from './move-assignments.ts'
import { SqliteOnCallStore } from './on-call-store.ts'
import { patientCipher } from './patient-cipher.ts'
import { passingPatientKeys, patientKeyFile } from './patient-keys.ts'
import { SqlitePatientRecords } from './patient-records.ts'
import { PatientUseRows } from './patient-use-rows.ts'
import { SqlitePageJournal } from './page-journal.ts'
import type { ReadinessStore } from '#server/core/readiness-book.ts'
import { SqlitePathProofs } from './path-proofs.ts'
import { SqliteReadiness } from './readiness.ts'
import { SqlitePumpEvents } from './pump-events.ts'
import { SqlitePumpFirmware } from './pump-firmware.ts'
import { SqliteReceipts } from './receipts.ts'
import { SqliteRequestNumbers } from './request-numbers.ts'
import { SqliteShiftAcceptances } from './shift-acceptances.ts'
import { SqliteStateArchive } from './state-archive.ts'
import { number } from './row.ts'
import { SqliteWatchJournal } from './watch-journal.ts'

/** Everything that lives in `journal.db`, on one connection. */
export interface Journal {
  /** For adapters with tables of their own in this file; their work has to be synchronous between BEGIN and COMMIT. */
  readonly database: Database
  /** Closes the connection when disposed. */
  readonly alarms: AlarmJournal
  readonly receipts: ReceiptBook
  readonly dueMinutes: DueMinutes
  readonly ledger: LedgerStore
  readonly hubs: HubRegistry
  readonly nonces: NonceBook
  readonly assignments: AssignmentStore
  readonly onCall: OnCallStore
  readonly watches: WatchJournal
  /** Another number as soon as another process has written, such as a command beside the server. */
  outsideWrites(): number
  readonly pages: PageJournal
  readonly readiness: ReadinessStore
  readonly proofs: PathProofs
  readonly states: StateArchive
  readonly acceptances: ShiftAcceptanceLog
  readonly hubDays: HubDayStore
  readonly hubLog: HubLogStore
  readonly analytics: AnalyticsSource
  readonly firmware: Pick<SqlitePumpFirmware, 'history'>
  readonly pumpEvents: PumpEvents
  readonly audit: Audit
  readonly auditReader: AuditReader
  /** For adapters with tables of their own in this file. */
  readonly change: AuditedChange
  readonly patients: PatientRecords
  readonly keyReplacement: KeyReplacement
  readonly factors: FactorStore
}

export interface JournalSecrets {
  /** Contents in the audit trail are hashed under it; left out it is good for this process alone. */
  readonly auditContentKey?: Uint8Array
  /** Left out: the file `patient-keys` beside the database. */
  readonly patientKeys?: PatientKeys
}

const keysBeside = (file: string): PatientKeys =>
  file === ':memory:' ? passingPatientKeys() : patientKeyFile(join(dirname(file), 'patient-keys'))

/** `:memory:` for tests. Throws `SRV_DATABASE_UNUSABLE`, and `SRV_CONFIG` for keys that are none. */
export const openJournal = (file: string, secrets: JournalSecrets = {}): Journal => {
  const { auditContentKey = randomBytes(32), patientKeys = keysBeside(file) } = secrets
  const database = openDatabase(file, journalMigrations)
  const cipher = patientCipher(patientKeys)
  const rows = new PatientUseRows(cipher)
  moveAssignments(database, rows)
  const nonces = new SqliteRequestNumbers(database)
  const transaction = journalTransaction(database, nonces)
  const dataVersion = database.prepare('PRAGMA data_version')
  const audit = new SqliteAuditTrail(database, transaction, auditContentKey)
  const changes = new OfficeChanges(database, audit)
  const patientParts = { transaction, audit, rows, keys: patientKeys, cipher }
  const ledger = new SqliteLedger(database, transaction)
  const dueMinutes = new SqliteDueMinutes(database, transaction)
  const receipts = new SqliteReceipts(database, transaction, dueMinutes, ledger)
  const states = new SqliteStateArchive(database, transaction)
  return {
    database,
    alarms: new SqliteAlarmJournal(database, transaction, receipts, audit, ledger),
    receipts,
    dueMinutes,
    ledger,
    hubs: new SqliteHubRegistry(database, transaction, audit),
    nonces,
    assignments: new SqliteAssignmentStore(database, transaction, changes, rows),
    watches: new SqliteWatchJournal(database, transaction, audit),
    onCall: new SqliteOnCallStore(database, transaction, changes),
    outsideWrites: () => {
      const row = dataVersion.get()
      return row === undefined ? 0 : number(row, 'data_version')
    },
    pages: new SqlitePageJournal(database, transaction),
    proofs: new SqlitePathProofs(database, transaction),
    readiness: new SqliteReadiness(database, transaction),
    states,
    hubDays: new SqliteHubDays(database, transaction),
    hubLog: new SqliteHubLog(database, transaction, audit),
    acceptances: new SqliteShiftAcceptances(database, transaction, audit),
    analytics: new SqliteAnalyticsSource(database, states),
    firmware: new SqlitePumpFirmware(database),
    pumpEvents: new SqlitePumpEvents(database),
    audit,
    auditReader: new SqliteAuditReader(database),
    change: audit.change,
    patients: new SqlitePatientRecords(database, patientParts),
    keyReplacement: new SqliteKeyReplacement(database, patientParts),
    factors: createSqliteFactors(database, audit.change, cipher),
  }
}
