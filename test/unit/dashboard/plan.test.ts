import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JudgedRunView } from '#domain/live/adherence.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { keptCounts, keptMark, keptNotes } from '#dashboard/core/kept-look.ts'
import { parsePlan, planQuery } from '#dashboard/core/plan-view.ts'
import type { PlanView } from '#dashboard/core/plan-view.ts'
import { heldOnAxis, onAxis, supplyAxis } from '#dashboard/core/supply-axis.ts'

const hour = 3_600_000

describe('the address of the plan', () => {
  it('is read as it was written', () => {
    const view = fc.record({
      part: fc.constantFrom<PlanView['part']>('supply', 'week'),
      teamId: fc.constantFrom(null, TeamId.parse('north')),
      weeksAgo: fc.integer({ min: 0, max: 12 }),
    })
    fc.assert(
      fc.property(view, (given) => {
        const read = parsePlan(planQuery(given))
        expect(read).toEqual(given.part === 'week' ? given : { ...given, weeksAgo: 0 })
      }),
    )
  })

  it('of long ago, or typed, shows tonight', () => {
    expect(parsePlan(undefined)).toEqual({ part: 'supply', teamId: null, weeksAgo: 0 })
    expect(parsePlan('view=month&team=<b>&ago=-3')).toEqual({ part: 'supply', teamId: null, weeksAgo: 0 })
    expect(parsePlan('view=week&ago=1.5').weeksAgo).toBe(0)
  })
})

describe('the axis of the night', () => {
  it('has a mark at every even hour of the facility’s clock, and twelve hours', () => {
    const now = Date.UTC(2026, 0, 5, 20, 30)
    const axis = supplyAxis(now, 'Europe/Berlin')
    // 21:30 there
    expect(axis.ticks.map((at) => (at - now) / hour)).toEqual([0.5, 2.5, 4.5, 6.5, 8.5, 10.5])
    expect([onAxis(axis, now), onAxis(axis, now + 6 * hour), onAxis(axis, now + 13 * hour)]).toEqual([0, 50, null])
    expect([heldOnAxis(axis, now - 1), heldOnAxis(axis, now + 99 * hour)]).toEqual([0, 100])
  })

  it('stands at whole hours of a zone that is half an hour apart', () => {
    const now = Date.UTC(2026, 0, 5, 20, 31)
    const [first = 0] = supplyAxis(now, 'Asia/Kolkata').ticks
    // 02:01 there
    expect(first).toBe(Date.UTC(2026, 0, 5, 22, 30))
  })
})

const run = (changes: Partial<JudgedRunView>): JudgedRunView => ({
  startsAt: 0,
  endsAt: 12 * hour,
  plannedMl: 1000,
  day: 0,
  cutAt: null,
  start: { how: 'at', notBefore: 0, notAfter: 60_000 },
  stop: { how: 'at', notBefore: 12 * hour, notAfter: 12 * hour },
  volume: { ml: 1000, atLeast: false },
  pauses: { count: 0, ms: 0 },
  judged: { start: 'kept', stop: 'kept', volume: 'kept' },
  gaps: [],
  ...changes,
})

describe('the mark of a planned delivery', () => {
  const missed = run({ start: { how: 'none' }, judged: { start: 'missed', stop: 'open', volume: 'missed' } })
  const unknown = run({ start: { how: 'not-known' }, judged: { start: 'not-known', stop: 'open', volume: 'open' } })
  const toCome = run({ start: { how: 'to-come' }, judged: { start: 'open', stop: 'open', volume: 'open' } })
  const running = run({ stop: { how: 'runs' }, judged: { start: 'kept', stop: 'open', volume: 'open' } })

  it('says the worst that is known, and what is not known before what is open', () => {
    expect([run({}), missed, unknown, toCome, running].map(keptMark)).toEqual([
      'kept',
      'differs',
      'not-known',
      'open',
      'open',
    ])
    expect(keptCounts([{ runs: [run({}), missed] }, { runs: [unknown, running] }])).toEqual({
      kept: 1,
      differs: 1,
      'not-known': 1,
      open: 1,
    })
  })

  it('is known to be short although its start is not known', () => {
    expect(keptMark(run({ judged: { start: 'not-known', stop: 'early', volume: 'short' } }))).toBe('differs')
  })

  it('has the words that matter beside it', () => {
    expect(keptNotes(run({}))).toEqual([{ what: 'started', at: 60_000 }])
    expect(keptNotes(missed)).toEqual([{ what: 'not-started' }])
    expect(keptNotes(unknown)).toEqual([{ what: 'not-known' }])
    expect(keptNotes(toCome)).toEqual([{ what: 'planned', at: 0 }])
    expect(keptNotes(running)).toEqual([{ what: 'runs' }])
    expect(keptNotes(run({ start: { how: 'none' }, judged: { start: 'open', stop: 'open', volume: 'open' } }))).toEqual(
      [{ what: 'due' }],
    )
    const late = run({
      start: { how: 'at', notBefore: hour, notAfter: hour },
      stop: { how: 'at', notBefore: 4 * hour, notAfter: 4 * hour },
      volume: { ml: 250, atLeast: false },
      judged: { start: 'late', stop: 'early', volume: 'short' },
    })
    expect(keptNotes(late)).toEqual([
      { what: 'late', at: hour },
      { what: 'ended-early', at: 4 * hour },
      { what: 'part', percent: 25 },
    ])
  })
})
