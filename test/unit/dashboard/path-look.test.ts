import { describe, expect, it } from 'vitest'
import { isPathLoud, pathLook } from '#dashboard/core/path-look.ts'
import type { PathFacts } from '#dashboard/core/path-look.ts'

const now = 1_000_000_000
const well: PathFacts = {
  provenAt: now - 42_000,
  overdueAfterMs: 150_000,
  waitingMs: 3_600_000,
  check: { at: now - 3_600_000, heard: true },
  checks: true,
  now,
}
const looks = (changes: Partial<PathFacts>) => {
  const look = pathLook({ ...well, ...changes })
  return [look.is, isPathLoud(look)]
}

describe('whether this page would sound', () => {
  it.each([
    ['a proof 42 s old', {}, 'proven', false],
    ['a proof just too old', { provenAt: now - 150_000 }, 'unproven', true],
    ['a proof just young enough', { provenAt: now - 149_999 }, 'proven', false],
    ['the first one on its way', { provenAt: null, overdueAfterMs: null, waitingMs: 10_000 }, 'waiting', false],
    ['none since the page is open', { provenAt: null, overdueAfterMs: null, waitingMs: 150_000 }, 'unproven', true],
    ['she heard nothing', { check: { at: now - 1_000, heard: false } }, 'not-heard', true],
    ['no shift check yet', { check: null }, 'check-due', false],
    ['the shift check of yesterday', { check: { at: now - 12 * 3_600_000, heard: true } }, 'check-due', false],
    ['an engineer is not asked', { check: null, checks: false }, 'proven', false],
    ['unproven stands before everything', { provenAt: null, check: { at: now, heard: false } }, 'unproven', true],
  ] as const)('%s', (_, changes, is, loud) => {
    expect(looks(changes)).toEqual([is, loud])
  })
})
