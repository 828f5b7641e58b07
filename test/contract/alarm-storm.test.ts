import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { openAlarmsAndPaging, stormOf } from '#test/support/storm.ts'

describe('a storm of 10,000 alarms', { timeout: 300_000 }, () => {
  it('loses none, pages each pump once for its high alarm while it rages, and each page names what is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'storm-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const storm = await openAlarmsAndPaging(join(folder, 'journal.db'))
    onTestFinished(() => storm[Symbol.asyncDispose]())

    for (const told of stormOf(100, 10)) {
      await storm.take(told())
      await breathe()
    }
    const open = storm.picture.openAlarms().filter(({ pumpId }) => pumpId !== null)
    expect(open).toHaveLength(10_000)
    expect(new Set(open.map(({ episodeId }) => episodeId)).size).toBe(10_000)

    const first = () => storm.channels.sent.filter(({ page }) => page.attempt === 1 && page.place === 'primary')
    await eventually(() => first().length >= 1_000, { within: 240_000, every: 50, what: 'a page for every pump' })
    // Ten alarms of a pump are one page: the other nine ride along with the next one.
    expect(first()).toHaveLength(1_000)
    expect(new Set(first().map(({ page }) => page.thread)).size).toBe(1_000)
    expect(first().every(({ page }) => page.priority === 'high')).toBe(true)
    const ids = storm.channels.sent.map(({ page }) => page.notificationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(storm.pager.counters).toMatchObject({ commitsFailed: 0, conflicts: 0 })
  })
})
