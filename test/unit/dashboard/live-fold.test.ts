import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkHeartbeat, foldTelemetry, foldUpdate, fromSnapshot } from '#dashboard/core/live-fold.ts'
import type { LiveState } from '#dashboard/core/live-fold.ts'
import { ChannelId } from '#domain/ids.ts'
import { openDigest } from '#domain/live/messages.ts'
import type { LiveChange, LiveSnapshot, LiveUpdate } from '#domain/live/messages.ts'
import { alarmOf, hubOf, pagedOf, pumpOf, sampleOf, someTime } from '#test/support/live-fixtures.ts'

const snapshot = (overrides: Partial<LiveSnapshot> = {}): LiveSnapshot => ({
  at: { epoch: 'a', seq: 4 },
  serverAt: someTime,
  alarms: [alarmOf('e1')],
  pumps: [pumpOf('p1')],
  hubs: [hubOf('h1')],
  paged: [],
  ...overrides,
})
const rate = (state: LiveState): number | null | undefined => [...state.pumps.values()][0]?.sample?.rateMlPerHour
const update = (seq: number, changes: LiveChange[], epoch = 'a'): LiveUpdate => ({
  at: { epoch, seq },
  serverAt: someTime + seq,
  changes,
})

const reading = (channel: string, rateMlPerHour: number, sampledAt: number) => ({
  sample: sampleOf({ channelId: ChannelId.parse(channel), rateMlPerHour }),
  sampledAt,
  receivedAt: sampledAt,
  uncertaintyMs: 0,
})

describe('the fold of the live feed', () => {
  it('applies the next number', () => {
    const folded = foldUpdate(fromSnapshot(snapshot()), update(5, [{ kind: 'alarm', alarm: alarmOf('e2') }]))
    expect(folded.kind === 'applied' && [...folded.state.alarms.keys()]).toEqual(['e1', 'e2'])
    expect(folded.kind === 'applied' && folded.state.at.seq).toBe(5)
  })

  it('knows what its snapshot already contains', () => {
    const repeated = update(4, [{ kind: 'alarm-closed', episodeId: alarmOf('e1').episodeId }])
    expect(foldUpdate(fromSnapshot(snapshot()), repeated)).toEqual({ kind: 'known' })
  })

  it('asks for a snapshot after a gap, in another epoch and before the first snapshot', () => {
    const state = fromSnapshot(snapshot())
    const change: LiveChange[] = [{ kind: 'hub', hub: hubOf('h2') }]
    expect(foldUpdate(state, update(6, change))).toEqual({ kind: 'resync', reason: 'gap' })
    expect(foldUpdate(state, update(5, change, 'b'))).toEqual({ kind: 'resync', reason: 'other-epoch' })
    expect(foldUpdate(null, update(5, change))).toEqual({ kind: 'resync', reason: 'nothing-yet' })
  })

  it('keeps the newer sample when a volatile one comes late', () => {
    const state = fromSnapshot(snapshot())
    const late = {
      pumpId: pumpOf('p1').pumpId,
      sample: sampleOf({ rateMlPerHour: 9 }),
      uncertaintyMs: 0,
      otherChannels: [],
    }
    const older = { ...late, sampledAt: someTime - 1, receivedAt: someTime }
    const newer = { ...late, sampledAt: someTime + 1, receivedAt: someTime }
    expect(rate(foldTelemetry(state, { serverAt: someTime, samples: [older] }))).toBe(2)
    expect(rate(foldTelemetry(state, { serverAt: someTime, samples: [newer] }))).toBe(9)
  })

  it('keeps the channels of a pump apart: each has its newest, and neither hides the other', () => {
    const { pumpId } = pumpOf('p1')
    const first = reading('1', 5, someTime + 10)
    const second = reading('2', 7, someTime + 11)
    const both = foldTelemetry(fromSnapshot(snapshot()), {
      serverAt: someTime,
      samples: [{ pumpId, ...first, otherChannels: [second] }],
    })
    const told = { pumpId, ...reading('1', 6, someTime + 20), otherChannels: [reading('2', 9, someTime + 5)] }
    const later = foldTelemetry(both, { serverAt: someTime, samples: [told] }).pumps.get(pumpId)
    expect(later?.sample?.rateMlPerHour).toBe(6)
    expect(later?.otherChannels.map(({ sample }) => [sample?.channelId, sample?.rateMlPerHour])).toEqual([['2', 7]])
  })

  it('ignores samples of pumps it does not know', () => {
    const state = fromSnapshot(snapshot())
    const unknown = {
      pumpId: pumpOf('p9').pumpId,
      sample: null,
      sampledAt: 1,
      receivedAt: 1,
      uncertaintyMs: 0,
      otherChannels: [],
    }
    expect(foldTelemetry(state, { serverAt: someTime, samples: [unknown] }).pumps).toEqual(state.pumps)
  })
})

describe('a heartbeat', () => {
  const state = fromSnapshot(snapshot())
  const beat = { at: { epoch: 'a', seq: 4 }, serverAt: someTime, openAlarms: 1, openDigest: '', build: 'x' }
  const own = openDigest(state.alarms.values())

  it('proves that both pictures are one', () => {
    expect(checkHeartbeat(state, { ...beat, openDigest: own }, openDigest)).toBeNull()
  })
  it('W16: finds a lost update, a restarted server and a different alarm', () => {
    const ahead = { ...beat, at: { epoch: 'a', seq: 5 }, openDigest: own }
    const restarted = { ...beat, at: { epoch: 'b', seq: 4 }, openDigest: own }
    expect(checkHeartbeat(state, ahead, openDigest)).toBe('gap')
    expect(checkHeartbeat(state, restarted, openDigest)).toBe('other-epoch')
    expect(checkHeartbeat(state, { ...beat, openDigest: 'ffffffff' }, openDigest)).toBe('other-digest')
    expect(checkHeartbeat(null, beat, openDigest)).toBe('nothing-yet')
  })
})

const episodes = ['e1', 'e2', 'e3', 'e4'] as const
const anyChange: fc.Arbitrary<LiveChange> = fc.oneof(
  fc.record({ id: fc.constantFrom(...episodes), version: fc.nat(9) }).map(({ id, version }): LiveChange => ({
    kind: 'alarm',
    alarm: alarmOf(id, { version }),
  })),
  fc.constantFrom(...episodes).map((id): LiveChange => ({ kind: 'alarm-closed', episodeId: alarmOf(id).episodeId })),
  fc.nat(3).map((n): LiveChange => ({ kind: 'pump', pump: pumpOf(`p${n}`) })),
  fc.nat(3).map((n): LiveChange => ({ kind: 'hub', hub: hubOf(`h${n}`) })),
  fc.constantFrom(...episodes).map((id): LiveChange => ({ kind: 'paged', note: pagedOf(id) })),
  fc.constantFrom(...episodes).map((id): LiveChange => ({ kind: 'not-paged', episodeId: pagedOf(id).episodeId })),
)

const snapshotOf = (state: LiveState): LiveSnapshot => ({
  at: state.at,
  serverAt: state.serverAt,
  alarms: [...state.alarms.values()],
  pumps: [...state.pumps.values()],
  hubs: [...state.hubs.values()],
  paged: [...state.paged.values()],
})
const sorted = (state: LiveState): unknown => [
  openDigest(state.alarms.values()),
  [...state.pumps.keys()].toSorted(),
  [...state.hubs.keys()].toSorted(),
]

describe('any prefix and a snapshot', () => {
  it('end in the state of the server, however much of the stream is doubled after the snapshot', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyChange, { minLength: 1, maxLength: 3 }), { maxLength: 20 }),
        fc.nat(),
        (stream, cut) => {
          const updates = stream.map((changes, index) => update(index + 1, changes))
          const start = fromSnapshot(snapshot({ at: { epoch: 'a', seq: 0 } }))
          const server = updates.reduce<LiveState[]>((states, next) => {
            const folded = foldUpdate(states.at(-1) ?? start, next)
            return folded.kind === 'applied' ? [...states, folded.state] : states
          }, [])
          expect(server).toHaveLength(updates.length)
          const at = updates.length === 0 ? 0 : cut % (updates.length + 1)
          let client = fromSnapshot(snapshotOf(server[at - 1] ?? start))
          // Everything once more from the beginning: what the snapshot contains is known.
          for (const next of updates) {
            const folded = foldUpdate(client, next)
            if (folded.kind === 'applied') client = folded.state
            else expect(folded.kind).toBe('known')
          }
          expect(sorted(client)).toEqual(sorted(server.at(-1) ?? start))
        },
      ),
    )
  })

  it('never apply anything after a lost update', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { minLength: 2, maxLength: 20 }), fc.nat(), (changes, lost) => {
        const missing = (lost % (changes.length - 1)) + 1
        let state = fromSnapshot(snapshot({ at: { epoch: 'a', seq: 0 } }))
        for (const [index, change] of changes.entries()) {
          if (index + 1 === missing) continue
          const folded = foldUpdate(state, update(index + 1, [change]))
          expect(folded.kind).toBe(index + 1 > missing ? 'resync' : 'applied')
          if (folded.kind === 'applied') state = folded.state
        }
        expect(state.at.seq).toBe(missing - 1)
      }),
    )
  })
})
