import { describe, expect, it } from 'vitest'
import { TeamId } from '#domain/on-call/duty.ts'
import type { PumpView } from '#domain/live/views.ts'
import { batteryUntil, endsAt, matchesFilter, matchesSearch, sortLines } from '#server/core/roster-lines.ts'
import type { RosterLine } from '#server/core/roster-lines.ts'
import { pumpOf, sampleOf, someTime } from '#test/support/live-fixtures.ts'

const hourMs = 3_600_000
const lineOf = (id: string, pump: Partial<PumpView> = {}, more: Partial<RosterLine> = {}): RosterLine => {
  const view = pumpOf(id, pump)
  const { sample, sampledAt, receivedAt, uncertaintyMs } = view
  return {
    pump: view,
    reading: { sample, sampledAt, receivedAt, uncertaintyMs },
    several: false,
    hubName: 'Hub 1',
    team: null,
    adherence: null,
    ...more,
  }
}
const labels = (lines: readonly RosterLine[]) => lines.map(({ pump }) => pump.label ?? pump.pumpId)
const moment = { now: someTime, until: someTime + 6 * hourMs }

describe('the order of the roster', () => {
  it('puts beds in the order of their numbers, and a pump without a label by its id', () => {
    const lines = ['North 12', 'North 3', null].map((label, at) => lineOf(`P-${at}`, { label }))
    expect(labels(sortLines(lines, 'label', false))).toEqual(['North 3', 'North 12', 'P-2'])
  })

  it('puts last what is not told, whichever way the rest goes', () => {
    const lines = [
      lineOf('A', { sample: sampleOf({ rateMlPerHour: null }) }),
      lineOf('B', { sample: sampleOf({ rateMlPerHour: 1 }) }),
      lineOf('C', { sample: sampleOf({ rateMlPerHour: 9 }) }),
    ]
    expect(labels(sortLines(lines, 'rate', false))).toEqual(['B', 'C', 'A'])
    expect(labels(sortLines(lines, 'rate', true))).toEqual(['C', 'B', 'A'])
  })

  it('puts the oldest data last by age, as the ages grow', () => {
    const lines = [lineOf('old', { sampledAt: someTime - hourMs }), lineOf('new', { sampledAt: someTime })]
    expect(labels(sortLines(lines, 'data-age', false))).toEqual(['new', 'old'])
  })
})

describe('a search', () => {
  it('finds every word in label, pump, serial, drug, hub or team', () => {
    const team = { teamId: TeamId.parse('north'), name: 'Ward North' }
    const line = lineOf('P-0421', { label: 'K-318', serial: '7F-22910' }, { team })
    for (const search of ['k-318', 'p-0421', '22910', 'morphine 318', 'ward hub', ''])
      expect(matchesSearch(line, search)).toBe(true)
    expect(matchesSearch(line, 'morphine 319')).toBe(false)
  })
})

describe('a saved view', () => {
  it('"ending" holds running programs that end before the shift does, and counts those that do not say', () => {
    const soon = lineOf('A', { sample: sampleOf({ timeRemainingSeconds: 3600 }) })
    expect(endsAt(soon)).toBe(someTime + hourMs)
    expect(matchesFilter(soon, 'ending', moment)).toBe('yes')
    const later = lineOf('B', { sample: sampleOf({ timeRemainingSeconds: 7 * 3600 }) })
    expect(matchesFilter(later, 'ending', moment)).toBe('no')
    const stopped = lineOf('C', { sample: sampleOf({ operatingState: 'paused', timeRemainingSeconds: 60 }) })
    expect(matchesFilter(stopped, 'ending', moment)).toBe('no')
    const silent = lineOf('D', { sample: sampleOf({ timeRemainingSeconds: null }) })
    expect(matchesFilter(silent, 'ending', moment)).toBe('untold')
    expect(matchesFilter(lineOf('E', { sample: null, sampledAt: null }), 'ending', moment)).toBe('untold')
  })

  it('"battery" goes on counting while a pump is not heard', () => {
    const sample = sampleOf({ powerSource: 'onBattery', batteryMinutesRemaining: 150 })
    const line = lineOf('A', { sample })
    expect(batteryUntil(line)).toBe(someTime + 150 * 60_000)
    expect(matchesFilter(line, 'battery', moment)).toBe('no')
    expect(matchesFilter(line, 'battery', { ...moment, now: someTime + hourMs })).toBe('yes')
  })

  it('"battery" leaves out pumps on mains and counts those that tell no time', () => {
    const mains = lineOf('A', { sample: sampleOf({ powerSource: 'onMains', batteryMinutesRemaining: 5 }) })
    expect(matchesFilter(mains, 'battery', moment)).toBe('no')
    const untold = lineOf('B', { sample: sampleOf({ powerSource: 'onBattery', batteryMinutesRemaining: null }) })
    expect(matchesFilter(untold, 'battery', moment)).toBe('untold')
  })

  it('"unheard" holds pumps of which nothing was heard for an hour, or ever', () => {
    expect(matchesFilter(lineOf('A', { sampledAt: someTime - hourMs }), 'unheard', moment)).toBe('yes')
    expect(matchesFilter(lineOf('B', { sample: null, sampledAt: null }), 'unheard', moment)).toBe('yes')
    expect(matchesFilter(lineOf('C', { sampledAt: someTime - hourMs + 1 }), 'unheard', moment)).toBe('no')
  })
})
