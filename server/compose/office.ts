import { join } from 'node:path'
import type { HubId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { Instant } from '#domain/time.ts'
import { newPassword, newUserId } from '../adapters/account-secrets.ts'
import { createArgon2Hasher } from '../adapters/argon2-hasher.ts'
import { nodeClock } from '../adapters/node-clock.ts'
import { nodeHubCrypto } from '../adapters/node-hub-crypto.ts'
import { readOrMakeSecret } from '../adapters/secret-file.ts'
import { createSqliteAccounts } from '../adapters/sqlite-accounts.ts'
import { openJournal } from '../adapters/sqlite/open-journal.ts'
import { patientKeysOf } from '../adapters/sqlite/patient-keys.ts'
import type { ServerConfig } from '../config.ts'
import { AssignmentBook } from '../core/assignment-book.ts'
import { Enrolment } from '../core/enrolment.ts'
import type { Claim } from '../core/enrolment.ts'
import type { OnCallBook } from '../core/on-call-book.ts'
import type { HubRegistry } from '../core/ports.ts'
import { createUserAdministration } from '../core/user-administration.ts'
import type { UserAdministration } from '../core/user-administration.ts'
import type { PeopleDesk } from '../core/people-desk.ts'
import { openOnCall } from './on-call.ts'
import { rulesOfSite } from './password-rules.ts'
import { openPeopleDesk } from './people.ts'

/** What the server and its commands share: the journal's database and what is made of it. */
export interface Office extends AsyncDisposable {
  readonly people: PeopleDesk
  readonly journal: ReturnType<typeof openJournal>
  readonly users: UserAdministration
  readonly hubs: HubRegistry
  readonly assignments: AssignmentBook
  readonly onCall: OnCallBook
  now(): Instant
  /** For a new hub, or with `hubId` for one that has to pair again: its records stay its own. Null: no such hub. */
  createClaim(by: Person, name: string, hubId: HubId | null): Promise<Claim | null>
}

/** What is made of the journal's database alone. */
export const openParts = async (config: ServerConfig) => {
  const auditContentKey = await readOrMakeSecret(join(config.dataDir, 'audit-content-key'))
  const journal = openJournal(join(config.dataDir, 'journal.db'), {
    auditContentKey,
    ...(config.patientKeys === null ? {} : { patientKeys: patientKeysOf(config.patientKeys) }),
  })
  const accounts = createSqliteAccounts(journal.database, journal.change)
  const hasher = createArgon2Hasher(config.passwordPepper)
  const users = createUserAdministration({
    store: accounts,
    factors: journal.factors,
    hasher,
    newUserId,
    newPassword,
    clock: nodeClock,
  })
  const hubCrypto = nodeHubCrypto(await readOrMakeSecret(join(config.dataDir, 'claim-pepper')))
  const enrolment = new Enrolment(journal.hubs, hubCrypto, nodeClock)
  return { journal, accounts, hasher, rules: rulesOfSite(config.siteName), users, hubCrypto, enrolment }
}

/** Those are the running server's, which hears of it from the database. */
const noOpenPages = { ended: () => undefined, recheck: async () => null }

/** For the commands on users, claims and hubs, beside a running server or without one. */
export const openOffice = async (config: ServerConfig): Promise<Office> => {
  const { journal, accounts, rules, hasher, users, enrolment } = await openParts(config)
  const onCall = await openOnCall(journal.onCall, accounts, nodeClock)
  const assignments = new AssignmentBook(journal.assignments, nodeClock)
  await assignments.refresh()
  return {
    journal,
    users,
    hubs: journal.hubs,
    assignments,
    onCall,
    people: openPeopleDesk({
      journal,
      store: accounts,
      sessions: noOpenPages,
      hasher,
      rules,
      onCall,
      clock: nodeClock,
    }).desk,
    now: () => nodeClock.now(),
    createClaim: async (by, name, hubId) => {
      if (hubId === null) return enrolment.createClaim({ name }, by)
      const known = (await journal.hubs.hubs()).find((hub) => hub.hubId === hubId)
      return known === undefined ? null : enrolment.createClaim({ name: known.name, hubId }, by)
    },
    [Symbol.asyncDispose]: () => journal.alarms[Symbol.asyncDispose](),
  }
}
