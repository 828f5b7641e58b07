import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { eventually } from '#test/support/eventually.ts'
import { Program } from '#test/support/program.ts'

const start = (file: string, acts: readonly string[], kill = ''): Program => {
  const args = ['test/faults/paging-process.ts', file, ...acts]
  const program = new Program({ name: 'pager', args, env: { CHECK_IN_MS: '700', ALARM_KILL: kill } })
  onTestFinished(() => program[Symbol.asyncDispose]())
  return program
}

const answersIn = async (file: string): Promise<readonly AlarmEvent['type'][]> => {
  const journal = openJournal(file)
  try {
    const types: AlarmEvent['type'][] = []
    for await (const { event } of journal.alarms.readAll(0)) types.push(event.type)
    return types.filter((type) => ['episode-accepted', 'check-in-missed', 'acceptance-lapsed'].includes(type))
  } finally {
    await journal.alarms[Symbol.asyncDispose]()
  }
}

const steps = ['episode-accepted', 'check-in-missed', 'acceptance-lapsed'] as const
const kills = steps.flatMap((step) => ['before', 'after'].map((moment) => `${moment}:${step}`))

describe('a server that is killed while somebody forgets an alarm', () => {
  it.each(kills)('%s: misses it once, gives it up once, and asks again', async (kill) => {
    const folder = mkdtempSync(join(tmpdir(), 'check-in-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'journal.db')

    const first = start(file, ['raise'], kill)
    await first.says(/raised/, 60_000)
    first.child.stdin?.write('accept\n')
    expect(await first.ended(60_000)).toBe('SIGKILL')

    const second = start(file, [])
    await second.says(/up/, 60_000)
    // What was not committed was not said to anybody.
    if (kill === 'before:episode-accepted') second.child.stdin?.write('accept\n')
    await eventually(async () => (await answersIn(file)).includes('acceptance-lapsed'), {
      within: 60_000,
      what: 'the acceptance to lapse',
    })
    const pages = (): number => [...second.output.matchAll(/^sent \S+ \S+ \S+ alarm$/gm)].length
    await eventually(() => pages() >= 2, { within: 60_000, what: 'everybody to be asked again' })
    await second.kill('SIGKILL')
    expect(await answersIn(file)).toEqual(steps)
  })
})
