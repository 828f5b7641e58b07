import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hiddenBy, passes, wardOf } from '#dashboard/core/queue-filter.ts'
import { mediumGroups, queueItems } from '#dashboard/core/queue-items.ts'
import { maySelect } from '#dashboard/core/selection.ts'
import { withTombstones } from '#dashboard/core/tombstones.ts'
import { soundDuty } from '#dashboard/core/sound-duty.ts'
import { keyAction } from '#dashboard/ui/queue-keys.ts'
import { EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import { alarmOf, lind, osei, someTime } from '#test/support/live-fixtures.ts'

const place = { me: osei.userId, wardOf: () => 'North' }
const wishes = {
  flood: false,
  allLows: false,
  openGroups: new Set<string>(),
  alone: new Set<EpisodeId>(),
  gone: new Set<EpisodeId>(),
}
const lows = (count: number) => Array.from({ length: count }, (_, at) => alarmOf(`low-${at}`, { priority: 'low' }))
const shown = (alarms: readonly ReturnType<typeof alarmOf>[], wish: Partial<typeof wishes> = {}) =>
  queueItems(alarms, { ...wishes, ...wish }).map((item) =>
    item.kind === 'row' || item.kind === 'tomb'
      ? `${item.kind} ${item.alarm.episodeId}`
      : item.kind === 'group'
        ? `group ${item.group.key} ${item.group.alarms.length}`
        : `fold ${item.folded}${item.shown === 0 ? ' of all' : ''}`,
  )

const ids = (...names: readonly string[]) => names.map((name) => EpisodeId.parse(name))
const medium = (id: string, code: 'battery-low' | 'mains-lost', hub: string) =>
  alarmOf(id, { priority: 'medium', code, hubId: HubId.parse(hub) })

describe('W30: a filter', () => {
  const alarms = [
    alarmOf('high-1'),
    alarmOf('high-2', { response: 'accepted', owner: lind }),
    alarmOf('mine', { priority: 'medium', response: 'accepted', owner: osei }),
    alarmOf('ended', { condition: 'ended', response: 'accepted', owner: lind }),
  ]
  it('says how many of each priority it hides, and counts nothing that is over', () => {
    expect(hiddenBy({ kind: 'mine' }, alarms, place)).toEqual({ high: 2, medium: 0, low: 0 })
    expect(hiddenBy({ kind: 'unowned' }, alarms, place)).toEqual({ high: 1, medium: 1, low: 0 })
    expect(hiddenBy({ kind: 'all' }, alarms, place)).toEqual({ high: 0, medium: 0, low: 0 })
  })
  it('shows or counts every alarm that goes on, whatever it is', () => {
    const filters = fc.constantFrom(
      { kind: 'all' } as const,
      { kind: 'mine' } as const,
      { kind: 'unowned' } as const,
      { kind: 'ward', ward: 'South' } as const,
      { kind: 'pump', pumpId: PumpId.parse('P-9'), hubId: null } as const,
    )
    const going = alarms.filter(({ condition }) => condition !== 'ended')
    fc.assert(
      fc.property(filters, (filter) => {
        const { high, medium, low } = hiddenBy(filter, alarms, place)
        expect(going.filter((alarm) => passes(filter, alarm, place)).length + high + medium + low).toBe(going.length)
      }),
    )
  })
  it('of a pump shows what befell its hub, too', () => {
    const hubId = HubId.parse('hub-1')
    const filter = { kind: 'pump', pumpId: PumpId.parse('P-9'), hubId } as const
    expect(passes(filter, alarmOf('hub', { pumpId: null, hubId, code: 'link-lost-hub' }), place)).toBe(true)
    expect(passes(filter, alarmOf('other'), place)).toBe(false)
  })
  it('knows an offer to me as mine', () => {
    expect(passes({ kind: 'mine' }, alarmOf('a', { owner: lind, handedTo: osei }), place)).toBe(true)
  })
  it('reads the ward off labels that end in a number', () => {
    expect(['North 12', 'Haus Süd, 3b', 'Küche', '12', null].map(wardOf)).toEqual([
      'North',
      'Haus Süd',
      null,
      null,
      null,
    ])
  })
})

describe('W5: the sound', () => {
  it('is asked about every open alarm, and no filter has a say in it', () => {
    const question = {
      link: 'live',
      unwatched: false,
      sessionEndsAt: null,
      paused: false,
      now: someTime,
      me: osei.userId,
    } as const
    expect(soundDuty({ ...question, alarms: [alarmOf('a')] }).steady).toBe('high')
    expect(Object.keys(question)).not.toContain('filter')
  })
})

describe('folding', () => {
  it('shows three unowned Low and how many more there are', () => {
    expect(shown(lows(5))).toEqual(['row low-0', 'row low-1', 'row low-2', 'fold 2'])
    expect(shown(lows(3))).toHaveLength(3)
    expect(shown(lows(5), { allLows: true })).toHaveLength(6)
  })
  it('folds every unowned Low in a flood', () => {
    expect(shown(lows(4), { flood: true })).toEqual(['fold 4 of all'])
  })
  it('never folds or groups what was escalated to whoever looks', () => {
    const media = [medium('m-1', 'battery-low', 'h-1'), medium('m-2', 'battery-low', 'h-2')]
    const alone = new Set(ids('m-2', 'low-4'))
    expect(shown([...media, ...lows(5)], { flood: true, alone })).toEqual([
      'row m-1',
      'row m-2',
      'fold 4 of all',
      'row low-4',
    ])
  })
  it('never folds or groups a High', () => {
    const highs = Array.from({ length: 40 }, (_, at) => alarmOf(`high-${at}`))
    expect(shown(highs, { flood: true })).toHaveLength(40)
  })
  it('shows every alarm once when everything is opened', () => {
    const any = fc.record({
      priority: fc.constantFrom('high', 'medium', 'low'),
      code: fc.constantFrom('battery-low', 'mains-lost'),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), fc.boolean(), (some, flood) => {
        const alarms = some.map((part, at) => alarmOf(`a-${at}`, part))
        const openGroups = new Set(mediumGroups(alarms).map(({ key }) => key))
        const rows = queueItems(alarms, { ...wishes, flood, allLows: true, openGroups }).filter(
          ({ kind }) => kind === 'row',
        )
        expect(rows).toHaveLength(alarms.length)
      }),
    )
  })
})

describe('a flood', () => {
  it('groups Medium alarms that nobody owns by cause, and leaves a single one alone', () => {
    const alarms = [
      medium('a', 'battery-low', 'h-1'),
      medium('b', 'battery-low', 'h-2'),
      medium('c', 'battery-low', 'h-3'),
      medium('d', 'mains-lost', 'h-1'),
    ]
    expect(mediumGroups(alarms).map(({ key, alarms: group }) => [key, group.length])).toEqual([
      ['cause:battery-low', 3],
    ])
    expect(shown(alarms, { flood: true })).toEqual(['group cause:battery-low 3', 'row d'])
  })
})

describe('W33: a row that leaves', () => {
  it('keeps its place as a tombstone', () => {
    const gone = new Set(ids('b'))
    expect(withTombstones(ids('a', 'b', 'c'), ids('a', 'c'), gone)).toEqual(ids('a', 'b', 'c'))
    expect(withTombstones(ids('b', 'c'), ids('new', 'c'), gone)).toEqual(ids('b', 'new', 'c'))
  })
  it('was never there if it was not shown', () => {
    expect(withTombstones(ids('a'), ids('a'), new Set(ids('b')))).toEqual(ids('a'))
  })
})

describe('choosing several', () => {
  it('is for Low alarms, or Medium ones of one cause, that nobody has; never for High', () => {
    const low = alarmOf('low', { priority: 'low' })
    const battery = alarmOf('m', { priority: 'medium', code: 'battery-low' })
    expect(maySelect(alarmOf('high'), [])).toBe(false)
    expect(maySelect(low, [])).toBe(true)
    expect(maySelect(low, [battery])).toBe(false)
    expect(maySelect(alarmOf('n', { priority: 'medium', code: 'battery-low' }), [battery])).toBe(true)
    expect(maySelect(alarmOf('o', { priority: 'medium', code: 'mains-lost' }), [battery])).toBe(false)
    expect(maySelect({ ...low, response: 'accepted', owner: lind }, [])).toBe(false)
  })
})

describe('keys of the queue', () => {
  it('move and answer', () => {
    expect(keyAction('J')).toEqual({ do: 'move', by: 1 })
    expect(keyAction('t')).toEqual({ do: 'take' })
    expect(keyAction('m')).toEqual({ do: 'pause' })
    expect(keyAction('x')).toBeNull()
  })
})
