import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alarmLook, saysState } from '#dashboard/core/alarm-look.ts'
import { compareAlarms, countOf, groupOf, mostUrgent, unownedUrgent } from '#dashboard/core/alarm-order.ts'
import { heldOrder } from '#dashboard/core/held-order.ts'
import { EpisodeId } from '#domain/ids.ts'
import { ConditionState, ResponseState } from '#domain/live/views.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmOf, lind, osei, someTime } from '#test/support/live-fixtures.ts'

const says = (more: Partial<AlarmView>): boolean => saysState(alarmLook(alarmOf('a', more), null))
const order = (alarms: readonly ReturnType<typeof alarmOf>[]): readonly string[] =>
  alarms.toSorted(compareAlarms).map((alarm) => alarm.episodeId)

describe('the queue', () => {
  it('puts unowned first, then priority, criticality and the oldest onset; then taken; then ended', () => {
    const taken = { response: 'accepted', owner: lind } as const
    expect(
      order([
        alarmOf('ended', { condition: 'ended', ...taken }),
        alarmOf('taken-high', taken),
        alarmOf('low', { priority: 'low' }),
        alarmOf('medium', { priority: 'medium' }),
        alarmOf('high-young', { startedAt: someTime }),
        alarmOf('high-old', { startedAt: someTime - 9_000 }),
        alarmOf('high-critical', { startedAt: someTime, criticality: 'critical' }),
      ]),
    ).toEqual(['high-critical', 'high-old', 'high-young', 'medium', 'low', 'taken-high', 'ended'])
  })

  it('counts a criticality nobody knows as critical', () => {
    const known = alarmOf('standard', { startedAt: someTime - 60_000 })
    const unknown = alarmOf('unknown', { criticality: 'unknown' })
    expect(order([known, unknown])).toEqual(['unknown', 'standard'])
  })

  it('keeps a High that ended before anybody answered among the unowned, and a Medium not', () => {
    expect(groupOf(alarmOf('a', { condition: 'latched' }))).toBe('unowned')
    expect(groupOf(alarmOf('b', { condition: 'ended', priority: 'medium' }))).toBe('ended')
  })

  it('never drops an alarm that nobody hears any more', () => {
    const unverified = alarmOf('a', { condition: 'unverified' })
    expect(groupOf(unverified)).toBe('unowned')
    expect(alarmLook(unverified, null)).toMatchObject({ hatched: true, sounds: true, tint: true })
  })

  it('is total: two different episodes are never equal, and the comparison is antisymmetric', () => {
    const any = fc
      .record({
        id: fc.constantFrom('a', 'b', 'c'),
        priority: fc.constantFrom('high', 'medium', 'low', 'info' as const),
        condition: fc.constantFrom(...ConditionState.options),
        response: fc.constantFrom(...ResponseState.options),
        startedAt: fc.constantFrom(someTime, someTime - 1),
      })
      .map(({ id, ...rest }) => alarmOf(id, rest))
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(Math.sign(compareAlarms(a, b))).toBe(-Math.sign(compareAlarms(b, a)) + 0)
        if (a.episodeId !== b.episodeId) expect(compareAlarms(a, b)).not.toBe(0)
      }),
    )
  })

  it('names the most urgent and counts what nobody owns', () => {
    const alarms = [alarmOf('a', { priority: 'low' }), alarmOf('b', { priority: 'medium' }), alarmOf('c')]
    expect(mostUrgent(alarms)?.episodeId).toBe('c')
    expect(mostUrgent([])).toBeNull()
    expect(unownedUrgent(alarms)).toBe(2)
  })

  it('counts ended ones apart from open ones', () => {
    const alarms = [
      alarmOf('a'),
      alarmOf('b', { response: 'accepted', owner: lind }),
      alarmOf('c', { condition: 'ended', response: 'accepted', owner: lind }),
    ]
    expect(countOf(alarms, 'high')).toEqual({ open: 2, unowned: 1, taken: 1, ended: 1 })
    expect(countOf(alarms, 'low')).toEqual({ open: 0, unowned: 0, taken: 0, ended: 0 })
  })
})

describe('the look of a row', () => {
  it('goes quiet for everybody when somebody took it, and only the owner may close it out at once', () => {
    const taken = alarmOf('a', { response: 'accepted', owner: lind })
    expect(alarmLook(taken, osei.userId)).toMatchObject({ filled: false, flash: null, sounds: false, main: 'open' })
    expect(alarmLook(taken, lind.userId)).toMatchObject({ status: 'taken-by-me', main: 'close-out' })
  })

  it('goes on flashing and sounding when it was only seen or declined', () => {
    for (const response of ['new', 'seen', 'rejected'] as const)
      expect(alarmLook(alarmOf('a', { response }), null)).toMatchObject({ flash: 'high', sounds: true, main: 'take' })
  })

  it('flashes High and Medium alone', () => {
    expect(alarmLook(alarmOf('a', { priority: 'low' }), null)).toMatchObject({ flash: null, tint: true, sounds: true })
    expect(alarmLook(alarmOf('a', { priority: 'info' }), null)).toMatchObject({
      flash: null,
      tint: false,
      sounds: false,
    })
  })

  it('is outlined and dashed when it ended', () => {
    const ended = alarmOf('a', { condition: 'ended', priority: 'medium' })
    expect(alarmLook(ended, null)).toMatchObject({ filled: false, dashed: true, status: 'ended-unanswered' })
  })

  it('names the state of its pump while it lasts, and not once it is over, answered or not', () => {
    expect(says({})).toBe(true)
    expect(says({ condition: 'unverified' })).toBe(true)
    expect(says({ response: 'accepted', owner: lind })).toBe(true)
    expect(says({ condition: 'latched' })).toBe(false)
    expect(says({ condition: 'latched', response: 'accepted', owner: lind })).toBe(false)
    expect(says({ condition: 'ended' })).toBe(false)
  })
})

const ids = (...names: readonly string[]) => names.map((name) => EpisodeId.parse(name))

describe('W32: a held list', () => {
  it('keeps the places of rows it shows while their order changes', () => {
    expect(heldOrder(ids('a', 'b', 'c'), ids('c', 'a', 'b'))).toEqual({ rows: ids('a', 'b', 'c'), arrived: [] })
  })
  it('drops what has gone and puts what is new into the slot, in the order of the queue', () => {
    expect(heldOrder(ids('a', 'b', 'c'), ids('new', 'a', 'newer', 'c'))).toEqual({
      rows: ids('a', 'c'),
      arrived: ids('new', 'newer'),
    })
  })
  it('shows every alarm exactly once', () => {
    const some = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'))
    fc.assert(
      fc.property(some, some, (shown, sorted) => {
        const { rows, arrived } = heldOrder(ids(...shown), ids(...sorted))
        expect([...rows, ...arrived].toSorted()).toEqual(sorted.toSorted())
      }),
    )
  })
})
