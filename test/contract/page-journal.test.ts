import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EpisodeId, UserId } from '#domain/ids.ts'
import { PageRoot, type PageEvent } from '#domain/paging/events.ts'
import { openDatabase } from '#server/adapters/sqlite/database.ts'
import { journalMigrations } from '#server/adapters/sqlite/journal-migrations.ts'
import { pageLabelsMigration } from '#server/adapters/sqlite/migrations/028-page-labels.ts'
import { openJournal, type Journal } from '#server/adapters/sqlite/open-journal.ts'
import * as sql from '#server/adapters/sqlite/page-sql.ts'

const root = PageRoot.parse('real/pump:P-1')
const other = PageRoot.parse('demo/site')
const person = { userId: UserId.parse('u-1'), name: 'm.osei' }
const nobody = { yes: [], no: [] }
const queued = (id: string, at: number): PageEvent => ({
  type: 'page-queued',
  at,
  to: person,
  about: [{ episodeId: EpisodeId.parse('e-1'), version: 0 }],
  page: {
    notificationId: id,
    kind: 'alarm',
    episodeIds: [EpisodeId.parse('e-1')],
    priority: 'high',
    place: 'primary',
    attempt: 1,
    ward: null,
    simulated: false,
    at,
  },
})

describe('the journal of pages', () => {
  let folder: string
  let journal: Journal
  const open = (): Journal => openJournal(join(folder, 'journal.db'))
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pages-'))
    journal = open()
  })
  afterEach(async () => {
    await journal.alarms[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  const append = (
    events: readonly PageEvent[],
    expectedVersion: number,
    nextDue: number | null = null,
    token: number | null = null,
  ) => journal.pages.commit([{ root, expectedVersion, events, nextDue, token }], nobody)
  const conflict = expect.objectContaining({ code: 'SRV_VERSION_CONFLICT' })

  it('overwrites the labels of beds that earlier releases kept with each page', async () => {
    const file = join(folder, 'earlier.db')
    const old = openDatabase(file, journalMigrations.slice(0, journalMigrations.indexOf(pageLabelsMigration)))
    const event = queued('n-1', 10)
    const labelled = {
      ...event,
      ...(event.type === 'page-queued' ? { page: { ...event.page, ward: 'North 12 by the window' } } : {}),
    }
    old.prepare(sql.appendPageEvent).run(root, 1, 10, JSON.stringify(labelled))
    old.prepare(sql.putPageDue).run(root, 1, 0, 100)
    old.close()
    expect(readFileSync(file).includes('by the window')).toBe(true)
    const upgraded = openJournal(file)
    expect(await upgraded.pages.load(root)).toEqual({ events: [event], version: 1 })
    await upgraded.alarms[Symbol.asyncDispose]()
    expect(readFileSync(file).includes('by the window')).toBe(false)
  })

  it('keeps events in their order over a restart', async () => {
    await append([queued('n-1', 10)], 0, 100)
    await append([queued('n-2', 20)], 1, 200)
    await journal.alarms[Symbol.asyncDispose]()
    journal = open()
    expect(await journal.pages.load(root)).toEqual({ events: [queued('n-1', 10), queued('n-2', 20)], version: 2 })
    expect(await journal.pages.restless()).toEqual([root])
  })

  it('refuses what was decided on an older version, all of it', async () => {
    await append([queued('n-1', 10)], 0)
    const both = [
      { root: other, expectedVersion: 0, events: [queued('n-3', 5)], nextDue: null, token: null },
      { root, expectedVersion: 0, events: [queued('n-2', 20)], nextDue: null, token: null },
    ]
    await expect(journal.pages.commit(both, nobody)).rejects.toEqual(conflict)
    expect((await journal.pages.load(other)).events).toEqual([])
  })

  it('begins anew after a rest, and keeps the story', async () => {
    await append([queued('n-1', 10), { type: 'root-at-rest', at: 30 }], 0)
    expect(await journal.pages.load(root)).toEqual({ events: [], version: 2 })
    expect(await journal.pages.restless()).toEqual([])
    expect(await journal.pages.since(root, 0)).toHaveLength(2)
    expect(await journal.pages.since(root, 20)).toHaveLength(1)
  })

  it('hands a due root to one holder at a time, and to another one when the lease has run out', async () => {
    await append([queued('n-1', 10)], 0, 100)
    expect(await journal.pages.claim(99, 'a', 1000, 10)).toEqual([])
    expect(await journal.pages.claim(100, 'a', 1000, 10)).toEqual([{ root, token: 1 }])
    expect(await journal.pages.claim(500, 'b', 1000, 10)).toEqual([])
    expect(await journal.pages.claim(1100, 'b', 1000, 10)).toEqual([{ root, token: 2 }])
  })

  it('fences the holder whose lease was taken over', async () => {
    await append([queued('n-1', 10)], 0, 100)
    const [first] = await journal.pages.claim(100, 'a', 1000, 10)
    const [second] = await journal.pages.claim(1100, 'b', 1000, 10)
    await expect(append([queued('n-2', 20)], 1, 200, first?.token)).rejects.toEqual(conflict)
    await append([queued('n-3', 20)], 1, 200, second?.token)
    expect((await journal.pages.load(root)).version).toBe(2)
  })

  it('gives the longest waiting first, and no more than asked for', async () => {
    await append([queued('n-1', 10)], 0, 100)
    await journal.pages.commit([{ root: other, expectedVersion: 0, events: [], nextDue: 50, token: null }], nobody)
    expect((await journal.pages.claim(100, 'a', 1000, 1)).map((due) => due.root)).toEqual([other])
  })

  it('remembers whom no page reached, until one does', async () => {
    const one = { person, simulated: false, since: 10, reason: 'web-push: 410' }
    await journal.pages.commit([], { yes: [], no: [one] })
    await journal.pages.commit([], { yes: [], no: [{ ...one, since: 20, reason: 'no answer' }] })
    expect(await journal.pages.unreached()).toEqual([{ ...one, reason: 'no answer' }])
    await journal.pages.commit([], { yes: [person], no: [] })
    expect(await journal.pages.unreached()).toEqual([])
  })

  it.each(Object.entries(sql).filter(([name, text]) => text.includes('WHERE') && name !== 'restlessRoots'))(
    '%s finds its rows by an index',
    (_, text) => {
      const plan = journal.database
        .prepare(`EXPLAIN QUERY PLAN ${text}`)
        .all()
        .map((row) => String(row['detail']))
      expect(plan.filter((line) => line.startsWith('SCAN page_'))).toEqual([])
    },
  )
})
