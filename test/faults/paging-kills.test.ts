import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { PageEvent } from '#domain/paging/events.ts'
import { PageRoot } from '#domain/paging/events.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { eventually } from '#test/support/eventually.ts'
import { Program } from '#test/support/program.ts'

const root = PageRoot.parse('real/pump:P-1')

const start = (file: string, acts: readonly string[], kill = ''): Program => {
  const args = ['test/faults/paging-process.ts', file, ...acts]
  const program = new Program({ name: 'pager', args, env: { PAGING_KILL: kill } })
  onTestFinished(() => program[Symbol.asyncDispose]())
  return program
}

interface Sent {
  readonly kind: string
  readonly id: string
  readonly to: string
  readonly place: string
}
const sentBy = ({ output }: Program): readonly Sent[] =>
  [...output.matchAll(/^sent (\S+) (\S+) (\S+) (alarm|call)$/gm)].map(
    ([, id = '', to = '', place = '', kind = '']) => ({
      kind,
      id,
      to,
      place,
    }),
  )

const eventsIn = async (file: string): Promise<readonly PageEvent[]> => {
  const journal = openJournal(file)
  try {
    return await journal.pages.since(root, 0)
  } finally {
    await journal.alarms[Symbol.asyncDispose]()
  }
}

const places = ['before-commit', 'after-commit', 'before-send', 'after-send', 'after-claim'] as const
const cases = [
  ...places.flatMap((place) => [1, 2, 3, 5].map((n) => `${place}:${n}`)),
  // The telephone of somebody from whom nothing came back is a step like any other.
  ...['before-call', 'after-call'].flatMap((place) => [1, 2].map((n) => `${place}:${n}`)),
]

describe('a server that is killed while it pages', () => {
  it.each(cases)('%s: the page goes out after the restart, none is lost, none changes its id', async (kill) => {
    const folder = mkdtempSync(join(tmpdir(), 'paging-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'journal.db')

    const first = start(file, ['raise'], kill)
    expect(await first.ended(60_000)).toBe('SIGKILL')
    const before = await eventsIn(file)

    const second = start(file, before.length === 0 && !first.output.includes('raised') ? ['raise'] : [])
    await eventually(
      () =>
        ['u-nurse', 'u-backup', 'u-lead'].every((who) => sentBy(second).some(({ to }) => to === who)) &&
        [...sentBy(first), ...sentBy(second)].some(({ kind, to }) => kind === 'call' && to === 'u-nurse'),
      {
        within: 60_000,
        what: 'every place to be asked, and the telephone of the first to ring',
      },
    )
    second.child.stdin?.write('accept\n')
    await second.says(/accepted ok/, 60_000)
    // A page that was on its way at that moment is the last one.
    const answered = sentBy(second).length
    await second.kill('SIGKILL')
    expect(sentBy(second).length).toBeLessThanOrEqual(answered + 1)

    const after = await eventsIn(file)
    expect(after.slice(0, before.length)).toEqual(before)
    const queued = after.filter((event) => event.type === 'page-queued')
    const committed = new Map(queued.map(({ page, to }) => [page.notificationId, { to: to.userId, place: page.place }]))
    expect(committed.size).toBe(queued.length)
    // What left was committed before, whoever sent it.
    for (const { id, to, place } of [...sentBy(first), ...sentBy(second)])
      expect(committed.get(id)).toEqual({ to, place })
    // What was committed and not on record as sent when the process died went out again, under its id.
    const tried = new Set(before.flatMap((event) => (event.type === 'page-attempted' ? [event.notificationId] : [])))
    const open = before.flatMap((event) =>
      event.type === 'page-queued' && !tried.has(event.page.notificationId) ? [event.page.notificationId] : [],
    )
    for (const id of open) expect(sentBy(second).map((sent) => sent.id)).toContain(id)
    // One step, one id: the first page to each place exists once.
    for (const kind of ['alarm', 'call'])
      for (const place of ['primary', 'backup', 'lead']) {
        const steps = queued.filter(({ page }) => page.kind === kind && page.place === place && page.attempt === 1)
        expect(steps.length).toBeLessThanOrEqual(1)
      }
  })
})
