import { expect, it } from 'vitest'
import { shellKey } from '#dashboard/core/shell-keys.ts'

it('goes to a screen with g and its letter, and only to one that the role has', () => {
  expect(shellKey('g', false, 'nurse')).toEqual({ do: 'chord' })
  expect(shellKey('o', true, 'nurse')).toEqual({ do: 'go', to: 'handover' })
  expect(shellKey('h', true, 'nurse')).toEqual({ do: 'go', to: 'hubs' })
  expect(shellKey('s', true, 'nurse')).toBeNull()
  expect(shellKey('s', true, 'engineer')).toEqual({ do: 'go', to: 'simulator' })
  expect(shellKey('o', false, 'nurse')).toBeNull()
  expect(shellKey('?', false, 'nurse')).toEqual({ do: 'help' })
})
