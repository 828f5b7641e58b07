import type { Migration } from './database.ts'
import { journalMigration } from './migrations/001-journal.ts'
import { hubsMigration } from './migrations/002-hubs.ts'
import { accountsMigration } from './migrations/003-accounts.ts'
import { keyLifeMigration } from './migrations/004-key-life.ts'
import { onCallMigration } from './migrations/005-on-call.ts'
import { pagingMigration } from './migrations/006-paging.ts'
import { pushMigration } from './migrations/007-push.ts'
import { keptStatesMigration } from './migrations/008-kept-states.ts'
import { canaryMigration } from './migrations/009-canary.ts'
import { numberingsMigration } from './migrations/011-numberings.ts'
import { officeMigration } from './migrations/013-office.ts'
import { readinessMigration } from './migrations/014-readiness.ts'
import { pumpFirmwareMigration } from './migrations/015-pump-firmware.ts'
import { hubLogMigration } from './migrations/017-hub-log.ts'
import { auditMigration } from './migrations/018-audit.ts'
import { patientsMigration } from './migrations/019-patients.ts'
import { factorsMigration } from './migrations/020-factors.ts'
import { peopleMigration } from './migrations/023-people.ts'
import { identitiesMigration } from './migrations/024-identities.ts'
import { pageLabelsMigration } from './migrations/028-page-labels.ts'
import { factorResetsMigration } from './migrations/029-factor-resets.ts'
import { rollUpsMigration } from './migrations/031-roll-ups.ts'
import { ledgerMigration } from './migrations/032-ledger.ts'

/** In the order they run. Add a file and a line here; never reorder. */
export const journalMigrations: readonly Migration[] = [
  journalMigration,
  hubsMigration,
  accountsMigration,
  keyLifeMigration,
  onCallMigration,
  pagingMigration,
  pushMigration,
  keptStatesMigration,
  canaryMigration,
  numberingsMigration,
  officeMigration,
  readinessMigration,
  pumpFirmwareMigration,
  hubLogMigration,
  auditMigration,
  patientsMigration,
  factorsMigration,
  peopleMigration,
  identitiesMigration,
  pageLabelsMigration,
  factorResetsMigration,
  rollUpsMigration,
  ledgerMigration,
]
