import { describe, expect, it } from 'vitest'
import { UserId } from '#domain/ids.ts'
import { coverage } from '#domain/on-call/coverage.ts'
import { RotaFile, rotaOfFile } from '#domain/on-call/rota-file.ts'

const users = new Map([
  ['m.osei', UserId.parse('u-1')],
  ['j.lind', UserId.parse('u-2')],
])
const userOf = (name: string): UserId | null => users.get(name) ?? null
const week = { weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '07:00', to: '07:00' }

describe('a rota as a person writes it', () => {
  it('names users, several places a line, and exceptions by the clock of the team', () => {
    const file = RotaFile.parse({
      team: 'north',
      timeZone: 'Europe/Berlin',
      entries: [{ ...week, primary: 'm.osei', lead: 'j.lind' }],
      overrides: [{ from: '2026-12-24T19:00', to: '2026-12-25T07:00', place: 'primary', user: 'j.lind' }],
    })
    const read = rotaOfFile(file, userOf)
    if (!read.ok) throw new Error(read.problems.join())
    const from = Date.parse('2026-12-24T12:00Z')
    expect(
      coverage(read.rota, 'primary', from, from + 24 * 3_600_000).map(({ from: start, userId }) => [
        new Date(start).toISOString().slice(0, 16),
        userId,
      ]),
    ).toEqual([
      ['2026-12-24T12:00', 'u-1'],
      ['2026-12-24T18:00', 'u-2'],
      ['2026-12-25T06:00', 'u-1'],
    ])
    expect(read.rota.entries.map(({ place }) => place)).toEqual(['primary', 'lead'])
  })

  it('says once who is not known, and which lines overlap', () => {
    const line = { ...week, primary: 'x' }
    const file = RotaFile.parse({ team: 'north', timeZone: 'UTC', entries: [line, line] })
    expect(rotaOfFile(file, userOf)).toEqual({
      ok: false,
      problems: ['there is no user named "x" who can be on call'],
    })
    const twice = RotaFile.parse({ ...file, entries: [week, week].map((one) => ({ ...one, primary: 'm.osei' })) })
    expect(rotaOfFile(twice, userOf)).toMatchObject({ ok: false, problems: [expect.stringContaining('overlap')] })
  })

  it.each([
    ['nobody in a line', { entries: [week] }],
    [
      'a day that does not exist',
      { entries: [], overrides: [{ from: '2026-02-30T10:00', to: '2026-03-01T10:00', place: 'lead', user: null }] },
    ],
    [
      'a time with a zone',
      { entries: [], overrides: [{ from: '2026-02-03T10:00Z', to: '2026-03-01T10:00', place: 'lead', user: null }] },
    ],
    ['a weekday in another language', { entries: [{ ...week, weekdays: ['montag'], primary: 'm.osei' }] }],
  ])('is refused with %s', (_, content) => {
    expect(RotaFile.safeParse({ team: 'north', timeZone: 'UTC', ...content }).success).toBe(false)
  })
})
