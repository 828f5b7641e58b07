import { describe, expect, it } from 'vitest'
import { runsInPlans } from '#domain/adherence/planned-stretches.ts'
import { adherencePolicy } from '#domain/adherence/policy.ts'
import { unassigned } from '#domain/assignment/assignment.ts'
import type { Assignment, AssignmentDetails } from '#domain/assignment/assignment.ts'
import { Plan } from '#domain/assignment/plan.ts'
import { PumpId, UserId } from '#domain/ids.ts'
import { hour, minute } from './support.ts'

const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const planAt = (at: string): Plan => Plan.parse({ starts: [{ weekdays: everyDay, at, durationMinutes: 600 }] })
const midnight = Date.UTC(2026, 0, 5)
const week = { from: midnight, to: midnight + 3 * 24 * hour }

const home = (changes: Partial<AssignmentDetails> = {}): AssignmentDetails => ({
  ...unassigned,
  label: 'Home 1',
  plan: planAt('20:00'),
  ...changes,
})

/** Each from its hour to that of the next. */
const since = (...stretches: readonly (readonly [number, AssignmentDetails | null])[]): readonly Assignment[] =>
  stretches.map(([from, details], index) => ({
    pumpId: PumpId.parse('P-1'),
    version: index + 1,
    validFrom: midnight + from * hour,
    validTo: stretches[index + 1] === undefined ? null : midnight + (stretches[index + 1]?.[0] ?? 0) * hour,
    details,
    changedBy: { userId: UserId.parse('u-1'), name: 'Kim' },
  }))

const runs = (history: readonly Assignment[]) =>
  runsInPlans(history, 'UTC', week, adherencePolicy).map(({ run, from, to, cutAt }) => ({
    starts: (run.startsAt - midnight) / hour,
    from: (from - midnight) / hour,
    to: (to - midnight) / hour,
    cutAt: cutAt === null ? null : (cutAt - midnight) / hour,
  }))

describe('deliveries that were due', () => {
  it('are those of the plan that held when they were to begin', () => {
    expect(runs(since([-99, home()]))).toEqual([
      { starts: 20, from: 19, to: 42, cutAt: null },
      { starts: 44, from: 43, to: 66, cutAt: null },
      { starts: 68, from: 67, to: 90, cutAt: null },
    ])
  })

  it('begin with the plan: nobody had planned what came before it', () => {
    expect(runs(since([20.5, home()])).map(({ starts }) => starts)).toEqual([44, 68])
  })

  it('are the same when the number to call changes', () => {
    const all = runs(since([-99, home()]))
    expect(runs(since([-99, home()], [20.1, home({ phone: '+49 30 1' })], [50, home({ phone: null })]))).toEqual(all)
  })

  it('are the new plan’s when it was changed before the start counted as late', () => {
    const late = planAt('21:00')
    expect(runs(since([-99, home()], [20.4, home({ plan: late })])).map(({ starts }) => starts)).toEqual([21, 45, 69])
    expect(runs(since([-99, home()], [20.6, home({ plan: late })])).map(({ starts }) => starts)).toEqual([
      20, 21, 45, 69,
    ])
  })

  it('end with the home: what the pump does for somebody else is not looked at', () => {
    expect(runs(since([-99, home()], [22, home({ label: 'Home 2', plan: null })]))).toEqual([
      { starts: 20, from: 19, to: 22, cutAt: 22 },
    ])
    expect(runs(since([-99, home()], [22, null], [43.5, home()]))).toEqual([
      { starts: 20, from: 19, to: 22, cutAt: 22 },
      { starts: 44, from: 43.5, to: 66, cutAt: null },
      { starts: 68, from: 67, to: 90, cutAt: null },
    ])
  })

  it('go by the clock of the home, through the night in which it is set', () => {
    const spring = { from: Date.UTC(2026, 2, 28), to: Date.UTC(2026, 2, 30) }
    const history = since([-99, home({ timeZone: 'Europe/Berlin' })])
    const found = runsInPlans(history, 'UTC', spring, adherencePolicy).map(({ run }) => run.startsAt)
    expect(found).toEqual([Date.UTC(2026, 2, 28, 19), Date.UTC(2026, 2, 29, 18)])
  })

  it('are none without a plan, and of nobody', () => {
    expect(runs([])).toEqual([])
    expect(runs(since([-99, home({ plan: null })]))).toEqual([])
    expect(runs(since([-99, null]))).toEqual([])
  })

  it('are looked at from when the pump came into the home', () => {
    expect(runs(since([19 + 30 / 60, home()]))[0]?.from).toBe(19 + (30 * minute) / hour)
  })
})
