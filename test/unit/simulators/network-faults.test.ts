import { describe, expect, it } from 'vitest'
import { networkFaults, readNetworkFaults } from '#simulators/core/faults/network.ts'

describe('faults of a network', () => {
  it('are read with their direction and value, and go together', () => {
    expect(readNetworkFaults([])).toEqual({})
    expect(
      readNetworkFaults(['delay=100..1000', 'to-client:corrupt=0.001', 'to-server:bandwidth=8000', 'lose-answer=0.4']),
    ).toEqual({
      toServer: { delayMs: [100, 1_000], bytesPerSecond: 8_000 },
      toClient: { delayMs: [100, 1_000], flip: 0.001 },
      loseAnswer: 0.4,
    })
    expect(readNetworkFaults(['stall', 'silent-accept', 'piece=1', 'delay=50'])).toEqual({
      toServer: { stall: true, pieceBytes: 1, delayMs: [50, 50] },
      toClient: { stall: true, pieceBytes: 1, delayMs: [50, 50] },
      silentAccept: true,
    })
  })

  it.each([
    ['gremlin', '"gremlin" is no fault; known: delay'],
    ['corrupt=2', 'write it as in "corrupt=0.00001'],
    ['corrupt', 'write it as in'],
    ['corrupt=', 'write it as in'],
    ['stall=1', 'write it as in'],
    ['delay=500..100', 'write it as in "delay=100..1000'],
    ['delay=1..2..x', 'write it as in "delay=100..1000'],
    ['to-server:reset=0.1', 'reset has no direction'],
    ['toString', 'is no fault'],
  ])('that are written wrongly are refused with the reason: %s', (spec, reason) => {
    expect(readNetworkFaults([spec])).toContain(reason)
  })

  it('describe how each is written', () => {
    for (const [name, { what, value }] of Object.entries(networkFaults))
      if (value !== null) expect(readNetworkFaults([what.slice(0, what.indexOf(':'))]), name).toBeTypeOf('object')
  })
})
