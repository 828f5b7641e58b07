import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { UserId } from '#domain/ids.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { Rota } from '#domain/on-call/rota.ts'
import { instant } from '#domain/time.ts'
import { ServerError } from '#server/core/errors.ts'
import type { Act, OnCallStore, StoredRota, StoredTeam } from '#server/core/on-call-store.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import type { OfficeChanges } from './office-changes.ts'
import { number, text } from './row.ts'
import type { Row } from './row.ts'

const teams = 'SELECT team_id, name FROM team ORDER BY team_id'
const members = 'SELECT user_id FROM team_member WHERE team_id = ? ORDER BY user_id'
const newestRota =
  'SELECT version, at, by_user_id, by_name, rota FROM rota WHERE team_id = ? ORDER BY version DESC LIMIT 1'
const putTeam = 'INSERT INTO team (team_id, name) VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name'
const clearMembers = 'DELETE FROM team_member WHERE team_id = ?'
const addMember = 'INSERT INTO team_member (team_id, user_id) VALUES (?, ?)'
const addRota = 'INSERT INTO rota (team_id, version, at, by_user_id, by_name, rota) VALUES (?, ?, ?, ?, ?, ?)'

const rotaOfRow = (row: Row): StoredRota => ({
  version: number(row, 'version'),
  rota: Rota.parse(JSON.parse(text(row, 'rota'))),
  changedBy: { userId: UserId.parse(text(row, 'by_user_id')), name: text(row, 'by_name') },
  changedAt: instant(number(row, 'at')),
})

export class SqliteOnCallStore implements OnCallStore {
  readonly #transaction: JournalTransaction
  readonly #changes: OfficeChanges
  readonly #teams: StatementSync
  readonly #members: StatementSync
  readonly #newestRota: StatementSync
  readonly #putTeam: StatementSync
  readonly #clearMembers: StatementSync
  readonly #addMember: StatementSync
  readonly #addRota: StatementSync

  constructor(database: DatabaseSync, transaction: JournalTransaction, changes: OfficeChanges) {
    this.#transaction = transaction
    this.#changes = changes
    this.#teams = database.prepare(teams)
    this.#members = database.prepare(members)
    this.#newestRota = database.prepare(newestRota)
    this.#putTeam = database.prepare(putTeam)
    this.#clearMembers = database.prepare(clearMembers)
    this.#addMember = database.prepare(addMember)
    this.#addRota = database.prepare(addRota)
  }

  async teams(): Promise<readonly StoredTeam[]> {
    return this.#teams.all().map((row) => {
      const teamId = TeamId.parse(text(row, 'team_id'))
      const rota = this.#newestRota.get(teamId)
      return {
        teamId,
        name: text(row, 'name'),
        members: this.#members.all(teamId).map((member) => UserId.parse(text(member, 'user_id'))),
        rota: rota === undefined ? null : rotaOfRow(rota),
      }
    })
  }

  async putTeam(teamId: TeamId, name: string, { by, at }: Act): Promise<void> {
    this.#transaction(() => {
      const before = this.#teams.all().find((row) => text(row, 'team_id') === teamId)
      this.#putTeam.run(teamId, name)
      this.#changes.note({
        at,
        by,
        action: 'team.name',
        object: `team:${teamId}`,
        version: 0,
        changed: ['name'],
        before: before === undefined ? null : text(before, 'name'),
        after: name,
      })
    })
  }

  async putMembers(teamId: TeamId, userIds: readonly UserId[], { by, at }: Act): Promise<void> {
    this.#transaction(() => {
      const before = this.#members.all(teamId).map((row) => text(row, 'user_id'))
      this.#clearMembers.run(teamId)
      for (const userId of new Set(userIds)) this.#addMember.run(teamId, userId)
      this.#changes.note({
        at,
        by,
        action: 'team.members',
        object: `team:${teamId}`,
        version: 0,
        changed: ['members'],
        before,
        after: [...new Set(userIds)].toSorted(),
      })
    })
  }

  async putRota(teamId: TeamId, expectedVersion: number, rota: Rota, { by, at }: Act): Promise<void> {
    this.#transaction(() => {
      const newest = this.#newestRota.get(teamId)
      if ((newest === undefined ? 0 : number(newest, 'version')) !== expectedVersion)
        throw new ServerError('SRV_VERSION_CONFLICT', `the rota of ${teamId} was changed meanwhile`)
      const version = expectedVersion + 1
      this.#addRota.run(teamId, version, at, by.userId, by.name, JSON.stringify(rota))
      this.#changes.note({
        at,
        by,
        action: 'rota.set',
        object: `rota:${teamId}`,
        version,
        changed: ['rota'],
        before: newest === undefined ? null : rotaOfRow(newest).rota,
        after: rota,
      })
    })
  }
}
