import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import { PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { AlarmBook } from '#server/core/alarm-book.ts'
import type { AlarmSubject } from '#server/core/ports.ts'
import { condition, fold, lists } from '#test/support/alarm-spec.ts'
import type { Measure } from '../measure.ts'

const pumps = 500
const eventsEach = 2000
/** The tail that a start folds on top of a kept state: the longest there is. */
const tail = 499

/** A pump's lists over a day and a half, an alarm on some of them. */
const life = (): AlarmEvent[] => {
  const events: AlarmEvent[] = []
  let state = alarmEngine.initial
  for (let seq = 1; events.length < eventsEach; seq += 1) {
    const list = lists({ seq, at: seq * 60 }, ...(seq % 100 < 3 ? [condition(`a-${Math.floor(seq / 100)}`)] : []))
    const decision = alarmEngine.decide(state, list, defaultAlarmPolicy)
    if (decision.outcome !== 'ok') throw new Error(decision.outcome)
    state = fold(decision.events, state)
    events.push(...decision.events)
  }
  return events.slice(0, eventsEach)
}

export const measure: Measure = {
  what: 'folding a journal of 1,000,000 events of 500 pumps at start, from kept states; limit: without them',
  run: async ({ say }) => {
    const folder = mkdtempSync(join(tmpdir(), 'start-'))
    const journal = openJournal(join(folder, 'journal.db'))
    try {
      const events = life()
      const subjects = Array.from({ length: pumps }, (_, n): AlarmSubject => ({
        kind: 'pump',
        pumpId: PumpId.parse(`p-${n}`),
      }))
      const effects = { at: instant(0), hubId: null, received: [], records: [] }
      for (const subject of subjects)
        await journal.alarms.commit({ ...effects, appends: [{ subject, expectedVersion: 0, events }] })
      const start = (): number => {
        const began = performance.now()
        const book = new AlarmBook({
          engine: alarmEngine,
          policy: defaultAlarmPolicy,
          journal: journal.alarms,
          archive: journal.states,
          clock: { now: () => instant(Date.now()), monotonic: () => performance.now() },
          committed: () => undefined,
        })
        book.rebuild(() => undefined)
        return (performance.now() - began) / 1000
      }
      say('folding all of it')
      const whole = start()
      const version = eventsEach - tail
      const state = fold(events.slice(0, version))
      for (const subject of subjects) journal.states.keep([{ subject, version, state }], [])
      const kept = start()
      return [
        {
          name: 'server, start on a journal of 1,000,000 events',
          value: kept,
          unit: 's',
          limit: whole,
          target: { on: 'ratio', atMost: 0.5 },
        },
      ]
    } finally {
      await journal.alarms[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    }
  },
}
