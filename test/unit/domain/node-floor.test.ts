import { expect, it } from 'vitest'
import { isBelowNodeFloor } from '#domain/node-floor.ts'

it.each([
  ['v24.21.0', true],
  ['v24.22.0', true],
  ['v20.99.99', true],
  ['v24.22.1', false],
  ['v24.23.0', false],
  ['v25.0.0', false],
])('Node %s lacks security fixes: %s', (version, below) => {
  expect(isBelowNodeFloor(version)).toBe(below)
})
