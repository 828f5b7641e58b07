import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { UserId } from '#domain/ids.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { instant } from '#domain/time.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'

const north = TeamId.parse('north')
const lind = { userId: UserId.parse('u-lind'), name: 'j.lind' }
const act = { by: lind, at: instant(1_000_000) }
const rota = {
  timeZone: 'Europe/Berlin',
  entries: [{ weekdays: ['mon' as const], from: '07:00', to: '19:00', place: 'primary' as const, userId: lind.userId }],
  overrides: [{ from: 5, to: 6, place: 'lead' as const, userId: null }],
}

describe('teams and rotas in the journal', () => {
  it('survive the end of the server whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'on-call-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const journal = openJournal(join(folder, 'journal.db'))
    await journal.onCall.putTeam(north, 'North', act)
    await journal.onCall.putMembers(north, [lind.userId, lind.userId], act)
    await journal.onCall.putRota(north, 0, rota, act)
    await journal.alarms[Symbol.asyncDispose]()
    const again = openJournal(join(folder, 'journal.db'))
    expect(await again.onCall.teams()).toEqual([
      {
        teamId: north,
        name: 'North',
        members: [lind.userId],
        rota: { version: 1, rota, changedBy: lind, changedAt: act.at },
      },
    ])
    await again.alarms[Symbol.asyncDispose]()
  })

  it('refuse a rota made from an older version, and keep every one there was', async () => {
    const journal = openJournal(':memory:')
    await journal.onCall.putTeam(north, 'North', act)
    await journal.onCall.putRota(north, 0, rota, act)
    await expect(journal.onCall.putRota(north, 0, rota, act)).rejects.toMatchObject({ code: 'SRV_VERSION_CONFLICT' })
    await journal.onCall.putRota(north, 1, { ...rota, overrides: [] }, act)
    expect((await journal.onCall.teams())[0]?.rota).toMatchObject({ version: 2, rota: { overrides: [] } })
    expect(journal.database.prepare('SELECT version FROM rota').all()).toHaveLength(2)
    const changes = journal.database.prepare('SELECT by_name, object, changed FROM office_change').all()
    expect(changes.map(({ object, changed }) => [object, changed])).toEqual([
      ['team:north', 'name'],
      ['rota:north', 'rota'],
      ['rota:north', 'rota'],
    ])
  })

  it('have no rota without a team', async () => {
    const journal = openJournal(':memory:')
    await expect(journal.onCall.putRota(north, 0, rota, act)).rejects.toMatchObject({ code: 'SRV_JOURNAL_UNAVAILABLE' })
  })
})
