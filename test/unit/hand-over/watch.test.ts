import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideWatch, evolveWatch } from '#domain/hand-over/watch.ts'
import type { WatchCommand, WatchState } from '#domain/hand-over/watch.ts'
import { PumpId, UserId } from '#domain/ids.ts'

const pumpId = PumpId.parse('P-1')
const person = (name: string) => ({ userId: UserId.parse(name), name })
const people = ['a', 'b', 'c'].map(person)
const who = fc.constantFrom(...people)
const command: fc.Arbitrary<WatchCommand> = fc.oneof(
  fc.record({
    type: fc.constant('watch' as const),
    by: who,
    note: fc.constantFrom('', 'x'),
    pumpId: fc.constant(pumpId),
    at: fc.nat(),
  }),
  fc.record({ type: fc.constant('offer' as const), by: who, to: who, pumpId: fc.constant(pumpId), at: fc.nat() }),
  fc.record({
    type: fc.constantFrom('take' as const, 'end-offer' as const, 'end' as const),
    by: who,
    pumpId: fc.constant(pumpId),
    at: fc.nat(),
  }),
)

describe('a watched pump', () => {
  it('has one owner at every step, and changes hands only when the one it was offered to takes it', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        let state: WatchState = new Map()
        for (const next of commands) {
          const before = state.get(pumpId)
          const decision = decideWatch(state, next)
          if (decision.outcome === 'ok') state = decision.events.reduce<WatchState>(evolveWatch, state)
          const after = state.get(pumpId)
          if (before === undefined) {
            expect(after === undefined || after.owner.userId === next.by.userId).toBe(true)
            continue
          }
          if (after === undefined) {
            expect([next.type, before.owner.userId]).toEqual(['end', next.by.userId])
            continue
          }
          expect(after.offeredTo?.userId).not.toBe(after.owner.userId)
          if (after.owner.userId !== before.owner.userId)
            expect([next.type, before.offeredTo?.userId, after.owner.userId]).toEqual([
              'take',
              next.by.userId,
              next.by.userId,
            ])
        }
      }),
    )
  })

  it('says why an act cannot be', () => {
    const [a = person('a'), b = person('b'), c = person('c')] = people
    const state: WatchState = new Map([[pumpId, { pumpId, owner: a, since: 0, note: '', offeredTo: b }]])
    const about = { pumpId, at: 1 }
    expect(decideWatch(new Map(), { ...about, type: 'take', by: a })).toMatchObject({ reason: 'not-watched' })
    expect(decideWatch(state, { ...about, type: 'take', by: c })).toMatchObject({ reason: 'not-offered' })
    expect(decideWatch(state, { ...about, type: 'offer', by: b, to: c })).toMatchObject({ reason: 'not-yours' })
    expect(decideWatch(state, { ...about, type: 'end', by: c })).toMatchObject({ reason: 'not-yours' })
    expect(decideWatch(state, { ...about, type: 'end-offer', by: c })).toMatchObject({ reason: 'not-yours' })
  })
})
