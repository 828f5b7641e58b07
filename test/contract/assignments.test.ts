import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { unassigned } from '#domain/assignment/assignment.ts'
import type { AssignmentDetails } from '#domain/assignment/assignment.ts'
import { PumpId, UserId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { readAssignments, writtenAssignments } from '#server/adapters/assignments-file.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { AssignmentBook } from '#server/core/assignment-book.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const pumpId = PumpId.parse('P-1')
const lind = { userId: UserId.parse('u-lind'), name: 'j.lind' }
const file = { userId: UserId.parse('file'), name: 'file' }
const bed12: AssignmentDetails = {
  ...unassigned,
  label: 'Home 12',
  phone: '+49 30 1234567',
  criticality: 'standard',
  therapy: 'parenteral-nutrition',
  timeZone: 'Europe/Berlin',
  plan: {
    starts: [{ weekdays: ['mon', 'fri'], at: '21:00', durationMinutes: 660, volumeMl: 2000, rateMlPerHour: null }],
  },
}

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'assignments-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const open = (path = ':memory:') => {
  const journal = openJournal(path)
  const clock = new ManualClock()
  return { journal, clock, book: new AssignmentBook(journal.assignments, clock) }
}

describe('what a pump is used for', () => {
  it('survives the end of the server whole', async () => {
    const path = join(folder(), 'journal.db')
    const { journal, book } = open(path)
    await book.set(lind, pumpId, 0, bed12)
    await journal.alarms[Symbol.asyncDispose]()
    const again = open(path)
    await again.book.refresh()
    expect(again.book.get(pumpId)).toEqual(bed12)
    await again.journal.alarms[Symbol.asyncDispose]()
  })

  it('keeps every stretch of a pump that moves, with who moved it', async () => {
    const { book, clock } = open()
    await book.set(lind, pumpId, 0, bed12)
    const moved = clock.now() + 60_000
    clock.advance(60_000)
    await book.set(lind, pumpId, 1, { ...bed12, label: 'Home 7', phone: null })
    clock.advance(60_000)
    await book.set(lind, pumpId, 2, null)
    expect(book.get(pumpId)).toBeUndefined()
    const history = await book.history(pumpId)
    expect(history.map(({ version, details }) => [version, details?.label ?? null])).toEqual([
      [1, 'Home 12'],
      [2, 'Home 7'],
      [3, null],
    ])
    expect(history[0]).toMatchObject({ validTo: moved, changedBy: lind })
    expect(history[1]).toMatchObject({ validFrom: moved, validTo: moved + 60_000 })
    expect(history[2]).toMatchObject({ validTo: null })
  })

  it('is changed by one of two people who saw the same version', async () => {
    const { book } = open()
    await book.set(lind, pumpId, 0, bed12)
    const first = await book.set(lind, pumpId, 1, { ...bed12, label: 'Home 7' })
    const second = await book.set(file, pumpId, 1, { ...bed12, label: 'Home 8' })
    expect(first.outcome).toBe('ok')
    expect(second).toMatchObject({ outcome: 'conflict', assignment: { version: 2, changedBy: lind } })
    expect(book.get(pumpId)?.label).toBe('Home 7')
  })

  it('stretches stay in order when the clock steps back', async () => {
    const { book, clock, journal } = open()
    await book.set(lind, pumpId, 0, bed12)
    const at = instant(clock.now() - 3_600_000)
    await journal.assignments.put([{ pumpId, expectedVersion: 1, details: null, by: lind, at }])
    const [first, second] = await book.history(pumpId)
    expect(first?.validTo).toBe(first?.validFrom)
    expect(second?.validFrom).toBe(first?.validFrom)
  })

  it('the record of who changed what names fields and holds neither label nor number', async () => {
    const { book, journal } = open()
    await book.set(lind, pumpId, 0, bed12)
    await book.set(lind, pumpId, 1, { ...bed12, phone: '+49 30 7654321', criticality: 'critical' })
    const rows = journal.database.prepare('SELECT by_name, object, version, changed FROM office_change').all()
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { by_name: 'j.lind', object: 'assignment:P-1', version: 1, changed: 'use' },
      { by_name: 'j.lind', object: 'assignment:P-1', version: 2, changed: 'phone criticality' },
    ])
  })
})

describe('another process beside the server', () => {
  it('is noticed when it writes, and only then', async () => {
    const path = join(folder(), 'journal.db')
    const [server, command] = [open(path), open(path)]
    const before = server.journal.outsideWrites()
    await server.book.set(lind, pumpId, 0, bed12)
    expect(server.journal.outsideWrites()).toBe(before)
    await command.book.set(lind, PumpId.parse('P-2'), 0, bed12)
    expect(server.journal.outsideWrites()).not.toBe(before)
    for (const { journal } of [server, command]) await journal.alarms[Symbol.asyncDispose]()
  })
})

describe('assignments in a file', () => {
  it('is read as often as it likes: the second time nothing changes', async () => {
    const { book, journal } = open()
    const list = new Map([[pumpId, { label: 'Home 12', criticality: 'standard' as const }]])
    expect(await book.import(file, list, { spare: true })).toEqual([pumpId])
    expect(await book.import(file, list, { spare: true })).toEqual([])
    expect(await journal.assignments.history(pumpId)).toHaveLength(1)
  })

  it('spares what a person changed since, and leaves fields alone that it does not name', async () => {
    const { book } = open()
    const other = PumpId.parse('P-2')
    const list = new Map([pumpId, other].map((id) => [id, { label: 'Home 12' }]))
    await book.import(file, list, { spare: true })
    await book.set(lind, pumpId, 1, bed12)
    const next = new Map([pumpId, other].map((id) => [id, { label: 'Home 13' }]))
    expect(await book.import(file, next, { spare: true })).toEqual([other])
    expect(await book.import(file, next, { spare: false })).toEqual([pumpId])
    expect(book.get(pumpId)).toEqual({ ...bed12, label: 'Home 13' })
  })

  it('what was written is read back the same', async () => {
    const { book } = open()
    await book.set(lind, pumpId, 0, bed12)
    await book.set(lind, PumpId.parse('P-2'), 0, unassigned)
    await book.set(lind, PumpId.parse('P-2'), 1, null)
    const path = join(folder(), 'assignments.yaml')
    writeFileSync(path, writtenAssignments(book))
    expect(await readAssignments(path, 'the file')).toEqual(new Map([[pumpId, bed12]]))
  })

  it.each([
    ['an offset instead of a zone', 'P-1: { timeZone: "+01:00" }', 'P-1.timeZone: must be a time zone'],
    ['a zone that does not exist', 'P-1: { timeZone: Europe/Atlantis }', 'P-1.timeZone: must be a time zone'],
    ['a number with words', 'P-1: { phone: "call Anna" }', 'P-1.phone: must be a telephone number'],
    [
      'a plan at no time',
      'P-1: { plan: { starts: [{ weekdays: [mon], at: "24:00", durationMinutes: 5 }] } }',
      'starts.0.at',
    ],
    ['an unknown field', 'P-1: { patient: Anna }', 'patient'],
    ['a pump id with a space', '"P 1": { label: x }', 'P 1'],
  ])('says what is wrong: %s', async (_, content, words) => {
    const path = join(folder(), 'assignments.yaml')
    writeFileSync(path, content)
    await expect(readAssignments(path, 'the file')).rejects.toThrow(words)
  })
})
