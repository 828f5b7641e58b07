import { describe, expect, it } from 'vitest'
import { pinnedNode, pinnedVersion, staleInstall } from '../../../scripts/bootstrap.mjs'

const entry = { version: '1.0.0', integrity: 'sha512-a' }
const lock = (packages: Parameters<typeof staleInstall>[0]['packages']) => ({ packages })

describe('whether npm ci has to run', () => {
  it('does not when everything the lock names is there', () => {
    const wanted = lock({ '': {}, 'node_modules/a': entry })
    expect(staleInstall(wanted, lock({ 'node_modules/a': entry }))).toBeNull()
  })

  it('does not for an optional package of another platform', () => {
    const wanted = lock({ '': {}, 'node_modules/a': entry, 'node_modules/b': { ...entry, optional: true } })
    expect(staleInstall(wanted, lock({ 'node_modules/a': entry }))).toBeNull()
  })

  it.each([
    ['nothing is installed', lock({ 'node_modules/a': entry }), null],
    ['node_modules/b is missing', lock({ 'node_modules/b': entry }), lock({})],
    [
      'node_modules/a has changed',
      lock({ 'node_modules/a': entry }),
      lock({ 'node_modules/a': { ...entry, version: '1.0.1' } }),
    ],
    [
      'node_modules/a has changed',
      lock({ 'node_modules/a': entry }),
      lock({ 'node_modules/a': { ...entry, integrity: 'sha512-b' } }),
    ],
    [
      'node_modules/x is no longer wanted',
      lock({ 'node_modules/a': entry }),
      lock({ 'node_modules/a': entry, 'node_modules/x': entry }),
    ],
  ])('does, because %s', (reason, wanted, installed) => {
    expect(staleInstall(wanted, installed)).toBe(reason)
  })
})

it('the Node that runs the tests is the pinned one', () => {
  expect(process.version).toBe(pinnedVersion())
  expect(pinnedNode()).not.toBeNull()
})
