import fc from 'fast-check'
import { expect, it } from 'vitest'
import { placeOf, places, placesOf } from '#dashboard/core/places.ts'
import { parseRoute, routeTo } from '#dashboard/core/route.ts'
import type { Screen } from '#dashboard/core/route.ts'

it('reads the address of every screen, and shows the alarms for any other', () => {
  expect(parseRoute('')).toEqual({ name: 'alarms' })
  expect(parseRoute('#/')).toEqual({ name: 'alarms' })
  expect(parseRoute('#/pumps')).toEqual({ name: 'pumps' })
  expect(parseRoute('#/pumps/P-1%2F2')).toEqual({ name: 'pump', pumpId: 'P-1/2' })
  expect(parseRoute('#/pumps?view=battery')).toEqual({ name: 'pumps', query: 'view=battery' })
  expect(parseRoute('#/handover')).toEqual({ name: 'handover' })
  expect(parseRoute('#/nowhere')).toEqual({ name: 'alarms' })
  expect(parseRoute('#/pumps/%E0%A4%A')).toEqual({ name: 'pump', pumpId: '%E0%A4%A' })
})

it('finds back every screen from its address', () => {
  const screen: fc.Arbitrary<Screen> = fc.oneof(
    fc.constant<Screen>({ name: 'alarms' }),
    fc.string({ minLength: 1 }).map((pumpId): Screen => ({ name: 'pump', pumpId })),
    fc.constantFrom('pumps', 'plan', 'hubs', 'handover', 'history', 'simulator').map((name): Screen => ({ name })),
    fc.constantFrom('pumps', 'history').map((name): Screen => ({ name, query: 'view=battery&age=2' })),
  )
  fc.assert(
    fc.property(screen, (given) => {
      expect(parseRoute(routeTo(given))).toEqual(given)
    }),
  )
})

const names = (role: 'nurse' | 'engineer') => placesOf(role).map(({ name }) => name)

it('offers each role its screens, by keys that differ', () => {
  expect(names('nurse')).toEqual(['alarms', 'pumps', 'plan', 'hubs', 'handover', 'history'])
  expect(names('engineer')).toEqual(['alarms', 'pumps', 'hubs', 'history', 'simulator'])
  expect(new Set(places.map(({ key }) => key)).size).toBe(places.length)
  expect(placeOf({ name: 'pump', pumpId: 'P-1' })).toBe('pumps')
})
