import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askableDuty } from '#domain/paging/facts.ts'
import { emptyLog, takeDown } from '#domain/paging/log.ts'
import { nextPage } from '#domain/paging/next-page.ts'
import { defaultPagingPolicy, longestSilenceMs } from '#domain/paging/policy.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import { lead, nurse, other, PagingBench, second } from '#test/support/paging-spec.ts'

const people = [nurse, second, lead, other]
const person = fc.constantFrom(...people)
const askable = fc.option(person, { nil: null, freq: 1 })
const id = fc.constantFrom('a', 'b', 'c')

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('raise' as const), id, high: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('accept' as const), id, by: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('give-back' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('decline' as const), id, by: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lapse' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('miss' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('escalate' as const), id, by: person, to: askable }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('calm' as const), id }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('notice' as const),
      by: person,
      kind: fc.constantFrom('audible', 'viewed'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('duty' as const), primary: askable, backup: askable, lead: askable }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('channels' as const),
      say: fc.array(fc.constantFrom('sent', 'undeliverable', 'timed-out', null), { minLength: 4, maxLength: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 900_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const play = (bench: PagingBench, told: Step): unknown => {
  switch (told.do) {
    case 'raise':
      bench.owned = bench.owned.filter(({ episodeId }) => episodeId !== told.id)
      return bench.raise(told.id, { priority: told.high ? 'high' : 'medium' })
    case 'settle':
      bench.owned = bench.owned.filter(({ episodeId }) => episodeId !== told.id)
      return bench.settle(told.id)
    case 'accept':
      return bench.alarms.some(({ episodeId }) => episodeId === told.id) ? bench.accept(told.id, told.by) : null
    case 'give-back': {
      if (!bench.owned.some(({ episodeId }) => episodeId === told.id)) return null
      bench.owned = bench.owned.filter(({ episodeId }) => episodeId !== told.id)
      return bench.raise(told.id)
    }
    case 'lapse': {
      if (!bench.owned.some(({ episodeId }) => episodeId === told.id)) return null
      bench.owned = bench.owned.filter(({ episodeId }) => episodeId !== told.id)
      return bench.raise(told.id, { lapsedAt: bench.now })
    }
    case 'miss':
      bench.owned = bench.owned.map((one) => (one.episodeId === told.id ? { ...one, missedAt: bench.now } : one))
      return bench.decide()
    case 'escalate':
      return bench.escalate(told.id, told.by, told.to)
    case 'calm':
      bench.escalated = bench.escalated.filter(({ episodeId }) => episodeId !== told.id)
      return bench.decide()
    case 'decline':
      return bench.decline(told.id, told.by)
    case 'notice':
      return bench.notice(told.by, told.kind === 'viewed' ? 'viewed' : 'audible')
    case 'duty':
      bench.duty = askableDuty({ teamId: defaultTeam, ...told }, bench.mayPage)
      return null
    case 'channels':
      bench.outcome = (userId) => told.say[people.findIndex((one) => one.userId === userId)] ?? null
      return null
    case 'pass':
      return bench.pass(told.ms)
    case 'restart':
      return bench.restart()
  }
}

const run = (steps: readonly Step[], check: (bench: PagingBench, before: number) => void): PagingBench => {
  const bench = new PagingBench()
  bench.mayPage = (userId) => userId !== other.userId
  for (const one of steps) {
    const before = bench.events.length
    play(bench, one)
    check(bench, before)
  }
  return bench
}

const anySteps = fc.array(step, { maxLength: 40 })
const holds = (check: (bench: PagingBench, before: number) => void): void =>
  fc.assert(
    fc.property(anySteps, (steps) => {
      run(steps, check)
    }),
    { numRuns: 400 },
  )

describe('paging, whatever people, channels and processes do', () => {
  it('knows no endless silence: as long as an alarm is unanswered, the next look is set', () => {
    holds((bench) => {
      if (bench.alarms.length === 0) return
      const { nextDue } = bench.last
      expect(nextDue).not.toBeNull()
      // The duty may have changed since the last look, but not the time of the next one.
      expect(nextDue).toBeGreaterThan(bench.now - 1)
      expect(nextDue).toBeLessThanOrEqual(bench.now + longestSilenceMs(defaultPagingPolicy))
    })
  })

  it('asks somebody within the longest wait when there is somebody who can be asked', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const bench = run(steps, () => undefined)
        bench.raise('z')
        bench.duty = askableDuty({ teamId: defaultTeam, primary: null, backup: null, lead }, bench.mayPage)
        const before = bench.events.length
        bench.pass(2 * longestSilenceMs(defaultPagingPolicy))
        const queued = bench.events.slice(before).filter(({ type }) => type === 'page-queued')
        expect(queued.length).toBeGreaterThan(0)
      }),
      { numRuns: 200 },
    )
  })

  it('is a fold of its journal: a replay is the state', () => {
    holds((bench) => expect(bench.events.reduce(takeDown, emptyLog)).toEqual(bench.log))
  })

  it('pages nobody of the other name space', () => {
    holds((bench, before) => {
      for (const event of bench.events.slice(before))
        if (event.type === 'page-queued') expect(event.to.userId).not.toBe(other.userId)
    })
  })

  it('pages nobody about an alarm that is answered or over', () => {
    holds((bench, before) => {
      for (const event of bench.events.slice(before)) {
        if (event.type !== 'page-queued') continue
        const asked = event.page.kind === 'escalation' ? bench.escalated : [...bench.alarms, ...bench.owned]
        const known = asked.map(({ episodeId }) => episodeId)
        expect(known).toEqual(expect.arrayContaining(event.page.episodeIds))
      }
    })
  })

  it('makes at most one new page per person at a time, and never two with one id', () => {
    holds((bench) => {
      const queued = bench.events.filter((event) => event.type === 'page-queued')
      const alarms = queued.filter(({ page }) => page.kind === 'alarm')
      const ids = new Set(queued.map(({ page }) => page.notificationId))
      expect(ids.size).toBe(queued.length)
      // A rise begins anew, also in the moment of the page before it.
      const moments = new Set(
        alarms.map(
          ({ at, to, page, about }) =>
            `${at} ${to.userId} ${about.map(({ episodeId, version }) => `${episodeId} ${version}`).join()} ${page.place} ${page.priority}`,
        ),
      )
      expect(moments.size).toBe(alarms.length)
    })
  })

  it('decides nothing twice: a second look at the same moment has nothing to do', () => {
    holds((bench) => {
      bench.decide()
      const { length } = bench.events
      bench.decide()
      expect(bench.events).toHaveLength(length)
    })
  })

  it('promises the next page as it comes: nobody before, her then, and no promise without a page', () => {
    let promised = 0
    fc.assert(
      fc.property(anySteps, fc.boolean(), (steps, unattended) => {
        const bench = run(steps, () => undefined)
        bench.outcome = () => 'sent'
        bench.unattended = unattended
        bench.decide()
        const promise = nextPage(bench.facts, bench.log, defaultPagingPolicy, bench.now)
        const pagesFrom = (before: number) =>
          bench.events
            .slice(before)
            .flatMap((event) => (event.type === 'page-queued' && event.page.kind === 'alarm' ? [event] : []))
        const before = bench.events.length
        if (promise === null) {
          bench.pass(2 * longestSilenceMs(defaultPagingPolicy))
          expect(pagesFrom(before)).toEqual([])
          return
        }
        promised += 1
        bench.pass(promise.at - 1 - bench.now)
        expect(pagesFrom(before)).toEqual([])
        bench.pass(1)
        expect(pagesFrom(before).map(({ at, to, page }) => `${at} ${to.name} ${page.place}`)).toContain(
          `${promise.at} ${promise.to.name} ${promise.place}`,
        )
      }),
      { numRuns: 400 },
    )
    expect(promised).toBeGreaterThan(100)
  })
})
