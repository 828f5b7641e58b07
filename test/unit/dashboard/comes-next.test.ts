import { describe, expect, it } from 'vitest'
import { comesNext } from '#dashboard/core/comes-next.ts'
import { compareAlarmsFor } from '#dashboard/core/alarm-order.ts'
import { escalatedTo } from '#dashboard/core/escalated-to.ts'
import { EpisodeId } from '#domain/ids.ts'
import { alarmOf, lind, osei, pagedOf, someTime } from '#test/support/live-fixtures.ts'

const inMs = (ms: number) => someTime + ms
const page = (step: 'page' | 'again' | 'backup' | 'lead', ms: number) =>
  pagedOf('a', { next: { step, dueAt: inMs(ms) } })

describe('what the owner line says comes next', () => {
  it.each(['page', 'again', 'backup', 'lead'] as const)('of an alarm nobody has: %s, as the server told it', (step) => {
    for (const status of ['new', 'seen', 'declined'] as const)
      expect(comesNext(alarmOf('a'), status, page(step, 48_000), someTime)).toEqual({ step, leftMs: 48_000 })
  })

  it('is the rise of a Medium when that comes before the next page', () => {
    const alarm = alarmOf('a', { next: { step: 'rise', dueAt: inMs(30_000) } })
    expect(comesNext(alarm, 'new', page('again', 60_000), someTime)).toEqual({ step: 'rise', leftMs: 30_000 })
    expect(comesNext(alarm, 'new', page('again', 10_000), someTime)).toEqual({ step: 'again', leftMs: 10_000 })
    expect(comesNext(alarm, 'new', null, someTime)).toEqual({ step: 'rise', leftMs: 30_000 })
  })

  it('promises nothing that the server did not, and nothing any more whose time went by', () => {
    expect(comesNext(alarmOf('a'), 'new', null, someTime)).toBeNull()
    expect(comesNext(alarmOf('a'), 'new', pagedOf('a', { next: null }), someTime)).toBeNull()
    expect(comesNext(alarmOf('a'), 'new', page('page', -1_000), someTime)).toEqual({ step: 'page', leftMs: 0 })
    expect(comesNext(alarmOf('a'), 'new', page('page', -3_000), someTime)).toBeNull()
  })

  it('W31: asks the owner to check in, and then says when she loses it', () => {
    const checkIn = alarmOf('a', { owner: osei, next: { step: 'check-in', dueAt: inMs(300_000) } })
    expect(comesNext(checkIn, 'taken-by-me', null, someTime)).toEqual({ step: 'check-in', dueAt: inMs(300_000) })
    const lapse = alarmOf('a', { owner: lind, next: { step: 'lapse', dueAt: inMs(20_000) } })
    expect(comesNext(lapse, 'taken', null, someTime)).toEqual({ step: 'lapse', leftMs: 20_000 })
  })

  it('wants an outcome of what ended and was taken, and nothing of what nobody answered', () => {
    expect(comesNext(alarmOf('a'), 'ended-taken', null, someTime)).toEqual({ step: 'outcome' })
    for (const status of ['ended-unanswered', 'handed-over', 'offered-to-me', 'closed-out'] as const)
      expect(comesNext(alarmOf('a'), status, page('page', 10_000), someTime)).toBeNull()
  })
})

describe('an alarm that was escalated to whoever looks', () => {
  const beyond = [{ userId: lind.userId, place: 'backup' as const }]
  const paged = new Map([[EpisodeId.parse('new'), pagedOf('new', { beyond })]])
  const older = alarmOf('old', { startedAt: inMs(-90_000), criticality: 'critical' })
  const newer = alarmOf('new', { startedAt: inMs(-10_000), criticality: 'standard' })
  const medium = alarmOf('med', { priority: 'medium', startedAt: inMs(-900_000) })

  it('stands on top of its priority for her, and of no higher one', () => {
    const order = (ids: readonly EpisodeId[]) =>
      [medium, older, newer].toSorted(compareAlarmsFor(new Set(ids))).map(({ episodeId }) => episodeId)
    expect(order(escalatedTo(lind.userId, [older, newer, medium], paged))).toEqual(['new', 'old', 'med'])
    expect(order(escalatedTo(osei.userId, [older, newer, medium], paged))).toEqual(['old', 'new', 'med'])
    expect(order([EpisodeId.parse('med')])).toEqual(['old', 'new', 'med'])
  })

  it('is one that was paged to her place, or that a colleague asked her about, and never one she has', () => {
    const asked = alarmOf('asked', { escalated: { by: osei, to: lind, at: someTime } })
    const anybody = alarmOf('anybody', { escalated: { by: osei, to: null, at: someTime } })
    expect(escalatedTo(lind.userId, [asked, anybody, newer], paged)).toEqual(['asked', 'new'])
    expect(
      escalatedTo(
        lind.userId,
        [
          { ...asked, owner: lind },
          { ...newer, owner: lind },
        ],
        paged,
      ),
    ).toEqual([])
    expect(escalatedTo(null, [asked, newer], paged)).toEqual([])
  })
})
