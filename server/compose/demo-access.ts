import { join } from 'node:path'
import { readDemoAccess, writeDemoAccess } from '../adapters/demo-access.ts'
import type { AccountStore } from '../core/accounts.ts'
import { demoPeople, demonstration } from '../core/demo-people.ts'
import type { Enrolment } from '../core/enrolment.ts'
import type { KnownHub } from '../core/ports.ts'
import type { UserAdministration } from '../core/user-administration.ts'
import type { SqliteDemoPeople } from '../adapters/sqlite/demo-people.ts'

export interface DemoParts {
  readonly dataDir: string
  readonly users: UserAdministration
  readonly accounts: Pick<AccountStore, 'userByName'>
  /** Who is of the demonstration: only they are paged for simulated alarms. */
  readonly demo: Pick<SqliteDemoPeople, 'add'>
  readonly enrolment: Enrolment
  readonly knownHubs: readonly KnownHub[]
}

/** The people of the demonstration and a claim for its hub, in a file that the demonstration reads. */
export const letDemoIn = async ({ dataDir, users, accounts, demo, enrolment, knownHubs }: DemoParts): Promise<void> => {
  const file = join(dataDir, 'demo-access.json')
  const before = await readDemoAccess(file)
  const enrolled = knownHubs.some((hub) => hub.name === 'demo' && hub.enrolledAt !== null)
  const claim = enrolled ? null : await enrolment.createClaim({ name: 'demo' }, demonstration)
  const people = await demoPeople(users, before?.users ?? [])
  for (const { name } of people) {
    const user = await accounts.userByName(name)
    if (user !== null) demo.add(user.userId)
  }
  await writeDemoAccess(file, {
    users: [...people],
    claim: claim === null ? null : { id: claim.claimId, code: claim.code },
  })
}
