import fc from 'fast-check'
import { expect, it } from 'vitest'
import { traceOf, traceparent } from '#domain/uplink/trace.ts'

// The first two are the examples of the recommendation.
it.each([
  ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '4bf92f3577b34da6a3ce929d0e0e4736'],
  ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00', '4bf92f3577b34da6a3ce929d0e0e4736'],
  [
    'cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-will-be-like',
    '4bf92f3577b34da6a3ce929d0e0e4736',
  ],
  ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more', null],
  ['ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', null],
  ['00-00000000000000000000000000000000-00f067aa0ba902b7-01', null],
  ['00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01', null],
  ['00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01', null],
  ['00-4bf92f35-00f067aa0ba902b7-01', null],
  ['', null],
  [undefined, null],
])('of %s the trace is %s', (header, trace) => {
  expect(traceOf(header)).toBe(trace)
})

const hex = (length: number) =>
  fc.string({
    unit: fc.integer({ min: 0, max: 15 }).map((digit) => digit.toString(16)),
    minLength: length,
    maxLength: length,
  })

it('what a hub writes is read again, and nothing that comes makes it throw', () => {
  fc.assert(
    fc.property(hex(32), hex(16), (trace, span) => {
      fc.pre(/[^0]/.test(trace) && /[^0]/.test(span))
      expect(traceOf(traceparent(trace, span))).toBe(trace)
    }),
  )
  fc.assert(fc.property(fc.string(), (header) => void traceOf(header)))
})
