import { describe, expect, it } from 'vitest'
import { HubId } from '#domain/ids.ts'
import { actMarks } from '#dashboard/core/hub-acts.ts'
import { hubRank, silentGroups } from '#dashboard/core/hub-groups.ts'
import { stripOf, stripSums } from '#dashboard/core/hub-strip.ts'
import { hubOf, someTime } from '#test/support/live-fixtures.ts'

const silent = (id: string, heardAt: number) => hubOf(id, { state: 'lost', lastHeardAt: heardAt })

describe('a hub’s strip', () => {
  it('joins what is alike, marks restarts, and knows nothing of what is missing', () => {
    expect(stripOf('hhHps.', 8)).toEqual({
      runs: [
        { kind: 'unknown', from: 0, length: 2 },
        { kind: 'heard', from: 2, length: 3 },
        { kind: 'partly', from: 5, length: 1 },
        { kind: 'silent', from: 6, length: 1 },
        { kind: 'unknown', from: 7, length: 1 },
      ],
      restarts: [4],
      slots: 8,
    })
    expect(stripOf('', 3).runs).toEqual([{ kind: 'unknown', from: 0, length: 3 }])
    expect(stripSums(stripOf('hhPss.', 6), 10)).toEqual({ heardMs: 30, silentMs: 20, unknownMs: 10, restarts: 1 })
  })
})

describe('silent hubs', () => {
  const minute = 60_000
  const nets = new Map<string, string>()
  const netOf = (hubId: string): string | null => nets.get(hubId) ?? null
  const on = (network: string, ...ids: string[]): void => ids.forEach((id) => nets.set(id, network))

  it('of one net that fell silent together have one cause, told once', () => {
    on('203.0.113.0/24', 'a', 'b', 'c', 'd')
    on('198.51.100.0/24', 'e')
    const hubs = [
      silent('a', someTime),
      silent('b', someTime + 10_000),
      silent('c', someTime + 20_000),
      hubOf('d', { lastHeardAt: someTime + 60 * minute }),
      silent('e', someTime + 30 * minute),
    ]
    expect(silentGroups(hubs, netOf)).toEqual([
      { network: '203.0.113.0/24', since: someTime, hubs: ['a', 'b', 'c'].map((id) => HubId.parse(id)), of: 4 },
    ])
  })

  it('of several nets at once point at the server’s own line', () => {
    on('203.0.113.0/24', 'a', 'b')
    on('198.51.100.0/24', 'e', 'f')
    const hubs = ['a', 'b', 'e', 'f'].map((id) => silent(id, someTime))
    expect(silentGroups(hubs, netOf)).toMatchObject([{ network: null, of: 4 }])
  })

  it('that have nothing in common are no group', () => {
    expect(silentGroups([silent('a', someTime), silent('b', someTime + 10 * minute)], netOf)).toEqual([])
    expect(silentGroups([hubOf('never', { state: 'never-heard', lastHeardAt: null })], netOf)).toEqual([])
  })

  it('stand first, then those whose path is unproven or whose alarms wait', () => {
    const path = { everyMs: 1, provenAt: null, tookMs: null, hops: null, overdue: true }
    const outbox = { alarmRows: 1, telemetryRows: 0, alarmOldestMs: 1, telemetryOldestMs: null, quarantined: 0 }
    const hubs = [
      silent('lost', someTime),
      hubOf('unproven', { path }),
      hubOf('waiting', { outbox }),
      hubOf('never', { state: 'never-heard' }),
      hubOf('live', {}),
      hubOf('revoked', { state: 'revoked' }),
    ]
    expect(hubs.map(hubRank)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('puts hubs that run on too little power before those that are well', () => {
    const powers = ['low-voltage', 'battery', 'mains', null, undefined] as const
    expect(powers.map((power) => hubRank(hubOf('a', { power })))).toEqual([2, 2, 4, 4, 4])
  })
})

describe('acts on a hub in its day', () => {
  const slotMs = 300_000
  const to = 1000 * slotMs

  it('stand where they were done, the newest at the end of the strip, and none that is older than the strip', () => {
    const acts = [
      { kind: 'note' as const, at: to - 300 * slotMs },
      { kind: 'ticket' as const, at: to - 12 * slotMs },
      { kind: 'visit' as const, at: to + 60_000 },
    ]
    expect(actMarks(acts, to, slotMs, 288)).toEqual([
      { kind: 'ticket', at: 276 },
      { kind: 'visit', at: 288 },
    ])
  })
})
