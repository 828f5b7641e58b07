import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openAlarmsAndPaging, stormOf } from '#test/support/storm.ts'
import type { Bench, Measure } from '../measure.ts'

const stormMs = 60_000
const holdOffMs = 0

/** 1,000 batches of 10 alarms, evenly over a minute. */
const rage = async (bench: Bench) => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-storm-'))
  const server = await openAlarmsAndPaging(join(folder, 'journal.db'))
  try {
    const batches = [...stormOf(100, 10)]
    const begun = performance.now()
    let busyMs = 0
    let worstMs = 0
    let firstHighAt = Infinity
    let firstPageAt = Infinity
    server.channels.answer = () => {
      firstPageAt = Math.min(firstPageAt, performance.now())
      return 'sent'
    }
    bench.say('the storm rages for a minute')
    for (const [nth, told] of batches.entries()) {
      const due = begun + (nth * stormMs) / batches.length
      if (performance.now() < due) await pause(due - performance.now())
      const from = performance.now()
      firstHighAt = Math.min(firstHighAt, from)
      await server.take(told())
      busyMs += performance.now() - from
      // Counted from when the batch was due: what waits for the server counts.
      worstMs = Math.max(worstMs, performance.now() - due)
    }
    const tookMs = performance.now() - begun
    const open = server.picture.openAlarms().filter(({ pumpId }) => pumpId !== null).length
    const first = server.channels.sent.filter(({ page }) => page.attempt === 1 && page.place === 'primary')
    const roots = new Set(first.map(({ page }) => page.thread)).size
    return {
      tookMs,
      busyMs,
      worstMs,
      firstPageMs: firstPageAt - firstHighAt,
      lost: 10_000 - open,
      pages: first.length,
      roots,
    }
  } finally {
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  }
}

export const measure: Measure = {
  what: '10,000 alarms of 1,000 pumps in a minute on a journal file: what is lost, how long a batch waits, when the first high one is paged',
  run: async (bench) => {
    const { tookMs, busyMs, worstMs, firstPageMs, lost, pages, roots } = await bench.once('storm', () => rage(bench))
    return [
      { name: 'storm, alarms lost', value: lost, unit: 'alarms', target: { on: 'value', atMost: 0 } },
      {
        name: 'storm, first high alarm to its page',
        value: firstPageMs,
        unit: 'ms',
        limit: holdOffMs + 2_000,
        target: { on: 'ratio', atMost: 1 },
      },
      { name: 'storm, longest wait of a batch for its commit', value: worstMs, unit: 'ms' },
      { name: 'storm, time in commits', value: busyMs, unit: 'ms', limit: tookMs },
      { name: 'storm, pages for pumps', value: pages, unit: 'pages', limit: roots, target: { on: 'ratio', atMost: 1 } },
    ]
  },
}
