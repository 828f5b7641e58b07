import { describe, expect, it } from 'vitest'
import { capacityPages, fillOf, quotaAction } from '#gateway/core/telemetry-quota.ts'

const mebibyte = 1024 * 1024
const room = {
  pages: 1_000,
  freePages: 0,
  pageBytes: 4096,
  quotaBytes: 64 * mebibyte,
  diskFreeBytes: 1024 * mebibyte,
  keepBytes: 8 * mebibyte,
}

describe('the room of telemetry', () => {
  it.each([
    [0, 'none'],
    [0.799, 'none'],
    [0.8, 'minute'],
    [0.9, 'five-minutes'],
    [0.95, 'drop'],
    [1, 'drop'],
  ])('at %d asks for: %s', (fill, action) => {
    expect(quotaAction(fill)).toBe(action)
  })

  it('is the quota while the disk has room', () => {
    expect(capacityPages(room)).toBe(16_384)
    expect(fillOf({ ...room, pages: 16_384, freePages: 8_192 })).toBe(0.5)
  })

  it('shrinks to what the file has when somebody else fills the disk, and never takes what is kept for alarms', () => {
    expect(capacityPages({ ...room, diskFreeBytes: 8 * mebibyte + 4096 * 10 })).toBe(1_010)
    expect(capacityPages({ ...room, diskFreeBytes: 0 })).toBe(1_000)
    expect(quotaAction(fillOf({ ...room, diskFreeBytes: 0 }))).toBe('drop')
    expect(quotaAction(fillOf({ ...room, diskFreeBytes: 0, freePages: 300 }))).toBe('none')
  })

  it('is the quota when the disk does not say what it has', () => {
    expect(capacityPages({ ...room, diskFreeBytes: null })).toBe(16_384)
  })
})
