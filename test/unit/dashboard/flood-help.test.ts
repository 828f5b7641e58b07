import { describe, expect, it } from 'vitest'
import { floodHelp } from '#dashboard/core/flood-help.ts'
import type { FloodFacts } from '#dashboard/core/flood-help.ts'
import { rateLineOf } from '#dashboard/core/rate-line.ts'
import { EpisodeId } from '#domain/ids.ts'
import { pageWords } from '#domain/paging/page-words.ts'
import { alarmOf, lind, osei, pagedOf, someTime } from '#test/support/live-fixtures.ts'

const teams = [{ duty: { primary: osei, backup: lind, lead: lind } }]
const facts: FloodFacts = {
  alarms: [alarmOf('a'), alarmOf('b', { priority: 'medium' })],
  paged: new Map(),
  teams,
  me: osei.userId,
  now: someTime,
  withinMs: 600_000,
}
const askedAlarm = (secondsAgo: number, flood?: number) =>
  alarmOf('a', {
    escalated: { by: osei, to: lind, at: someTime - secondsAgo * 1_000, ...(flood === undefined ? {} : { flood }) },
  })

const progressAfter = (secondsAgo: number, paged: FloodFacts['paged']) =>
  floodHelp({ ...facts, alarms: [askedAlarm(secondsAgo, 14)], paged }).asked?.progress

describe('help in a flood', () => {
  it('is asked of whoever else is on call, with the most urgent alarm nobody has', () => {
    const taken = alarmOf('taken', { response: 'accepted', owner: osei })
    expect(floodHelp({ ...facts, alarms: [...facts.alarms, taken] })).toMatchObject({
      helper: lind,
      about: { episodeId: 'a' },
    })
    expect(floodHelp({ ...facts, alarms: [taken] }).about?.episodeId).toBe('taken')
    expect(floodHelp({ ...facts, me: lind.userId }).helper).toEqual(osei)
  })

  it('is asked of nobody when nobody else is on call, and with nothing that is over', () => {
    expect(floodHelp({ ...facts, teams: [{ duty: { primary: osei, backup: null, lead: osei } }] }).helper).toBeNull()
    expect(floodHelp({ ...facts, teams: [] }).helper).toBeNull()
    expect(floodHelp({ ...facts, alarms: [alarmOf('o', { condition: 'ended', endedAt: someTime })] }).about).toBeNull()
  })

  it('was asked as long as the flood’s time goes, and an escalation of one alarm is no such asking', () => {
    expect(floodHelp({ ...facts, alarms: [askedAlarm(30, 14)] }).asked).toMatchObject({
      by: osei,
      at: someTime - 30_000,
    })
    expect(floodHelp({ ...facts, alarms: [askedAlarm(601, 14)] }).asked).toBeNull()
    expect(floodHelp({ ...facts, alarms: [askedAlarm(30)] }).asked).toBeNull()
  })

  it('W29: is not called done before a page was made: how far it got is what the server says', () => {
    const id = EpisodeId.parse('a')
    const beyond = [{ userId: lind.userId, place: 'backup' as const }]
    const last = { name: lind.name, place: 'backup' as const, at: someTime, progress: 'heard' as const }
    expect(progressAfter(1, new Map())).toBeNull()
    expect(progressAfter(6, new Map())).toBe('not-paged')
    expect(progressAfter(6, new Map([[id, pagedOf('a', { beyond, last })]]))).toBe('heard')
    expect(progressAfter(6, new Map([[id, pagedOf('a', { beyond })]]))).toBeNull()
  })

  it('says on the page that it is about many alarms', () => {
    const episodeIds = [EpisodeId.parse('a')]
    const page = { notificationId: 'n', kind: 'escalation', priority: 'high', place: 'backup', ward: 'Bed 4' } as const
    const rest = { episodeIds, attempt: 1, simulated: false, at: someTime }
    expect(pageWords({ ...page, ...rest, flood: 14 })).toEqual({
      title: 'Help wanted: High alarm',
      body: 'Flood, 14 new alarms. A colleague asks you to join.',
    })
    expect(pageWords({ ...page, ...rest }).body).toBe('Bed 4. A colleague asks for you.')
  })
})

const bucket = (from: number, high: number, low = 0) => ({ from, high, medium: 0, low, most: 0 })

describe('the line of the last hours', () => {
  it('is stepped, counts every priority, and has a scale of five at least', () => {
    const line = rateLineOf({ buckets: [bucket(0, 0), bucket(600_000, 1, 1), bucket(1_200_000, 0)] }, 1_500_000, 42)
    expect(line).toEqual({ path: 'M0 41H1L1 25H2L2 41H3', width: 3, count: 2, most: 2, from: 0, to: 1_500_000 })
    expect(rateLineOf({ buckets: [bucket(0, 40)] }, 1, 42).path).toBe('M0 1H1')
  })
})
