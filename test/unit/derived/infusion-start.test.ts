import { describe, expect, it } from 'vitest'
import { infusionStart } from '#domain/derived/infusion-start.ts'
import type { PumpEventCode } from '#domain/events.ts'

const at = (...codes: readonly PumpEventCode[]) => codes.map((event, index) => ({ event, at: index }))

describe('the infusion that runs or ran last', () => {
  it('began with its first start; a stop and a start again belong to it', () => {
    expect(infusionStart(at('delivery-start', 'delivery-stop', 'delivery-start', 'rate-change'))).toBe(0)
  })

  it('is another one after a program, a bag or a counter was renewed', () => {
    expect(infusionStart(at('delivery-start', 'delivery-complete', 'delivery-start'))).toBe(2)
    expect(infusionStart(at('delivery-start', 'delivery-stop', 'counters-cleared', 'delivery-start'))).toBe(3)
  })

  it('ran last when nothing has started since', () => {
    expect(infusionStart(at('delivery-start', 'delivery-complete'))).toBe(0)
  })

  it('is not known when no start was heard', () => {
    expect(infusionStart(at('rate-change', 'delivery-stop'))).toBeNull()
  })
})
