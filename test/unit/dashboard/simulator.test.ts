import { describe, expect, it } from 'vitest'
import { HubId, PumpId } from '#domain/ids.ts'
import { judge } from '#dashboard/core/simulator-invariants.ts'
import type { Facts, PumpTruth } from '#dashboard/core/simulator-invariants.ts'
import { changesOf, logged, mostEntries, virtualTime } from '#dashboard/core/simulator-log.ts'
import { alarmOf } from '#test/support/live-fixtures.ts'

const truth = (changes: Partial<PumpTruth> = {}): PumpTruth => ({
  id: 'P-1',
  plugged: true,
  activeAlarms: [],
  faults: [],
  infusedTotalMl: 5,
  virtualMs: 1_000,
  ...changes,
})
const shown = (link: 'up' | 'lost' = 'up') => new Map([['P-1', { pumpId: 'P-1', hubId: 'hub-1', link }]])
const alarm = (changes: Parameters<typeof alarmOf>[1] = {}) =>
  alarmOf('e', { pumpId: PumpId.parse('P-1'), code: 'occlusion-downstream', ...changes })
const facts = (changes: Partial<Facts> = {}): Facts => ({
  truths: [truth()],
  before: new Map(),
  shown: shown(),
  alarms: [],
  ...changes,
})
const found = (changes: Partial<Facts>, afterMs = 60_000) => {
  const { seen } = judge(facts(changes), new Map(), 0)
  return judge(facts(changes), seen, afterMs).findings.map(({ name, broken }) => [name, broken])
}

describe('what must hold between pumps and this screen', () => {
  it('holds when both say the same', () => {
    expect(found({})).toEqual([])
    expect(found({ truths: [truth({ activeAlarms: ['occlusion-downstream'] })], alarms: [alarm()] })).toEqual([])
  })

  it('finds an alarm of a pump that is not on the wall, and gives it 15 s on its way', () => {
    const missing = { truths: [truth({ activeAlarms: ['occlusion-downstream'] })] }
    expect(found(missing, 14_000)).toEqual([['alarm-shown', false]])
    expect(found(missing, 15_000)).toEqual([['alarm-shown', true]])
    expect(found({ ...missing, alarms: [alarm({ code: 'device-text' })] })).toEqual([])
  })

  it('asks nothing of a pump that nobody can read', () => {
    const unreadable = [truth({ activeAlarms: ['occlusion-downstream'], plugged: false })]
    expect(found({ truths: unreadable })).toEqual([])
    expect(found({ truths: [truth({ activeAlarms: ['occlusion-downstream'], faults: ['half-open'] })] })).toEqual([])
  })

  it('finds an alarm that goes on here and not at its pump; what the server derives has no pump', () => {
    expect(found({ alarms: [alarm()] })).toEqual([['no-ghost', true]])
    expect(found({ alarms: [alarm({ condition: 'unverified' })] })).toEqual([])
    expect(found({ alarms: [alarm({ code: 'under-infusion' })] })).toEqual([])
  })

  it('finds silence that looks like OK', () => {
    expect(found({ shown: shown('lost') }, 44_000)).toEqual([['heard-or-alarmed', false]])
    expect(found({ shown: shown('lost') }, 45_000)).toEqual([['heard-or-alarmed', true]])
    expect(found({ shown: new Map() })).toEqual([['heard-or-alarmed', true]])
    expect(found({ shown: shown('lost'), alarms: [alarm({ code: 'link-lost-pump' })] })).toEqual([])
    const hub = alarm({ code: 'link-lost-hub', pumpId: null, hubId: HubId.parse('hub-1') })
    expect(found({ shown: shown('lost'), alarms: [hub] })).toEqual([])
  })

  it('finds a counter that goes back by itself', () => {
    const before = new Map([['P-1', truth({ infusedTotalMl: 6 })]])
    expect(found({ before }, 0)).toEqual([['counter-rises', true]])
    expect(found({ before, truths: [truth({ faults: ['counter-reset'] })] })).toEqual([])
  })

  it('begins anew when a difference was gone in between', () => {
    const missing = facts({ truths: [truth({ activeAlarms: ['occlusion-downstream'] })] })
    const first = judge(missing, new Map(), 0)
    const gone = judge(facts(), first.seen, 10_000)
    expect(judge(missing, gone.seen, 20_000).findings).toMatchObject([{ forMs: 0, broken: false }])
  })
})

describe('what happened to simulated pumps', () => {
  const pump = {
    id: 'P-1',
    virtualMs: 3_723_450,
    operatingState: 'infusing',
    plugged: true,
    activeAlarms: ['battery-low'],
    faults: [],
  }

  it('is told by virtual time, newest first, and bounded', () => {
    const after = {
      ...pump,
      operatingState: 'stopped-alarm',
      plugged: false,
      activeAlarms: ['air-in-line'],
      faults: ['flip'],
    }
    const changes = changesOf(pump, after)
    expect(changes.map(({ what, detail }) => [what, detail])).toEqual([
      ['alarm-began', 'air-in-line'],
      ['alarm-ended', 'battery-low'],
      ['fault-began', 'flip'],
      ['state', 'stopped-alarm'],
      ['unplugged', ''],
    ])
    expect(logged([], changes)[0]).toBe(changes.at(-1))
    expect(
      logged(
        Array.from({ length: mostEntries }, () => changes[0]!),
        changes,
      ),
    ).toHaveLength(mostEntries)
    expect(changesOf(pump, pump)).toEqual([])
    expect(virtualTime(pump.virtualMs)).toBe('1:02:03.4')
  })
})
