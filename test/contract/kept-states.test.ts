import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import { EpisodeId, PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { openJournal, type Journal } from '#server/adapters/sqlite/open-journal.ts'
import * as sql from '#server/adapters/sqlite/state-archive-sql.ts'
import type { AlarmSubject } from '#server/core/ports.ts'
import { anyLife, live } from '#test/support/alarm-logs.ts'
import { fold, history, starts } from '#test/support/alarm-spec.ts'
import { alarmOf } from '#test/support/live-fixtures.ts'

const pumpOf = (id: string): AlarmSubject => ({ kind: 'pump', pumpId: PumpId.parse(id) })
const one = pumpOf('pump-1')

let folder = ''
let journal: Journal
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'states-'))
  journal = openJournal(join(folder, 'journal.db'))
})
afterEach(async () => {
  await journal.alarms[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const append = (subject: AlarmSubject, expectedVersion: number, events: readonly AlarmEvent[], at = 1000) =>
  journal.alarms.commit({
    at: instant(at),
    appends: [{ subject, expectedVersion, events }],
    hubId: null,
    received: [],
    records: [],
  })

/** As a start does it. */
const rebuilt = (subject: AlarmSubject): { readonly state: AlarmState; readonly folded: number } => {
  const kept = journal.states.latest(subject)
  const tail = journal.states.tail(subject, kept?.version ?? 0)
  return { state: fold(tail, kept?.state), folded: tail.length }
}

const story = history([starts({ seq: 1, at: 0 }, 'a'), starts({ seq: 2, at: 5 }, 'b', { code: 'battery-low' })])

describe('a kept state', () => {
  it('and the tail of the journal are the state of the whole, whatever happened and wherever it was kept', async () => {
    let next = 0
    await fc.assert(
      fc.asyncProperty(anyLife, fc.array(fc.nat(200), { maxLength: 4 }), async (commands, cuts) => {
        const subject = pumpOf(`p-${(next += 1)}`)
        const events: AlarmEvent[] = []
        const state = live(alarmEngine, commands, (_before, _after, happened) => events.push(...happened))
        await append(subject, 0, events)
        const keep = new Set(cuts.map((cut) => Math.min(cut, events.length)).filter((version) => version > 0))
        for (const version of keep)
          journal.states.keep([{ subject, version, state: fold(events.slice(0, version)) }], [])
        const again = rebuilt(subject)
        expect(again.state).toEqual(state)
        expect(again.folded).toBe(events.length - Math.max(0, ...keep))
      }),
      { numRuns: 40 },
    )
  })

  it('is as if it were not there when a bit of it flipped, or when another release wrote it', async () => {
    await append(one, 0, story)
    journal.states.keep([{ subject: one, version: 1, state: fold(story.slice(0, 1)) }], [])
    journal.states.keep([{ subject: one, version: 2, state: fold(story.slice(0, 2)) }], [])
    expect(rebuilt(one)).toEqual({ state: fold(story), folded: story.length - 2 })
    journal.database.exec(`UPDATE kept_state SET state = replace(state, '"a"', '"x"') WHERE version = 2`)
    expect(journal.states.latest(one)?.version ?? 0).toBe(0)
    expect(rebuilt(one)).toEqual({ state: fold(story), folded: story.length })
    journal.states.keep([{ subject: one, version: 3, state: fold(story.slice(0, 3)) }], [])
    journal.database.exec('UPDATE kept_state SET schema = schema + 1')
    expect(rebuilt(one)).toEqual({ state: fold(story), folded: story.length })
  })

  it('gives way to the next one of the same stretch, and one of each stretch stays', async () => {
    await append(
      one,
      0,
      Array.from({ length: 9000 }, () => story[0]).filter((event) => event !== undefined),
    )
    for (const version of [500, 1000, 3900, 4100, 7900, 8100, 8600])
      journal.states.keep([{ subject: one, version, state: alarmEngine.initial }], [])
    const rows = journal.database.prepare('SELECT version FROM kept_state ORDER BY version').all()
    expect(rows.map(({ version }) => version)).toEqual([3900, 7900, 8600])
  })

  it('deletes nothing of the journal', async () => {
    await append(one, 0, story)
    journal.states.keep([{ subject: one, version: story.length, state: fold(story) }], [])
    expect((await journal.alarms.load(one)).events).toEqual(story)
  })

  it('of a moment in the past is the latest that is not after it', async () => {
    await append(one, 0, story.slice(0, 2), 1000)
    await append(pumpOf('pump-2'), 0, story, 2000)
    await append(one, 2, story.slice(2), 3000)
    for (const version of [1, story.length])
      journal.states.keep([{ subject: one, version, state: fold(story.slice(0, version)) }], [])
    expect([999, 1000, 2999, 3000, 9000].map((at) => journal.states.positionAt(instant(at)))).toEqual([
      0,
      2,
      2 + story.length,
      2 * story.length,
      2 * story.length,
    ])
    // The later one of the same stretch replaced it: the past is folded from the beginning then.
    expect(journal.states.latest(one, 3)).toBeNull()
    expect(journal.states.tail(one, 0, 3)).toEqual(story.slice(0, 2))
    expect(journal.states.since(one, instant(3000))).toEqual(story.slice(2))
  })

  it('knows every subject once, without reading every event', async () => {
    for (const id of ['b', 'a', 'c']) await append(pumpOf(id), 0, story)
    expect(journal.states.subjects()).toEqual(['a', 'b', 'c'].map(pumpOf))
  })

  it('comes with the alarms that closed meanwhile, the newest of them, in order', () => {
    const closed = ['a', 'b', 'c', 'b'].map((id) => alarmOf(id, { condition: 'closed', response: 'closed' }))
    journal.states.keep(
      [],
      closed.map((alarm) => ({ subject: one, alarm })),
    )
    expect(journal.states.closed(2).map(({ alarm }) => alarm.episodeId)).toEqual(
      ['b', 'c'].map((id) => EpisodeId.parse(id)),
    )
    expect(journal.states.closed(9)).toHaveLength(3)
  })
})

describe('statements on kept states', () => {
  it('find their rows by an index', () => {
    for (const statement of [
      sql.statesOfSubject,
      sql.tailOfSubject,
      sql.positionOf,
      sql.committedAt,
      sql.atOrAfter,
      sql.newestClosed,
    ]) {
      const plan = journal.database
        .prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .all(...(statement.match(/\?/g) ?? []).map(() => 1))
      const steps = plan.map(({ detail }) => String(detail))
      expect(steps.join('\n')).not.toMatch(/SCAN (kept_state|alarm_event)/)
      expect(steps.join('\n')).not.toMatch(/TEMP B-TREE/)
    }
  })
})
