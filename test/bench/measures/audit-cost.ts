import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EpisodeId, PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import type { JournalAct } from '#server/core/ports.ts'
import { alarmEngine } from '#domain/alarm/engine.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import { condition, lists } from '#test/support/alarm-spec.ts'
import type { Measure } from '../measure.ts'

const commits = 3000

const at99 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0
const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

export const measure: Measure = {
  what: 'one commit of an alarm event with its audit row; limit: the same commit without it, in turns',
  run: async ({ say }) => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-cost-'))
    const journal = openJournal(join(folder, 'journal.db'))
    try {
      const decision = alarmEngine.decide(
        alarmEngine.initial,
        lists({ seq: 1, at: 60 }, condition('a-1')),
        defaultAlarmPolicy,
      )
      if (decision.outcome !== 'ok') throw new Error(decision.outcome)
      const events = decision.events.slice(0, 1)
      const took = { with: [] as number[], without: [] as number[] }
      const act: JournalAct = {
        actor: 'u-00000000-0000-0000-0000-000000000000',
        action: 'alarm.accept',
        object: `alarm:${EpisodeId.parse('e-00000000-0000-0000-0000-000000000000')}`,
      }
      say(`${commits} commits of either kind`)
      for (let turn = 0; turn < 2 * commits; turn += 1) {
        const kind = turn % 2 === 0 ? 'with' : 'without'
        const subject = { kind: 'pump', pumpId: PumpId.parse(`p-${turn}`) } as const
        const effects = { at: instant(turn), hubId: null, received: [], records: [] }
        const began = performance.now()
        await journal.alarms.commit({
          ...effects,
          appends: [{ subject, expectedVersion: 0, events }],
          ...(kind === 'with' ? { act } : {}),
        })
        took[kind].push(performance.now() - began)
      }
      return [
        { name: 'audit, act p50', value: middle(took.with), unit: 'ms', limit: middle(took.without) },
        { name: 'audit, act p99', value: at99(took.with), unit: 'ms', limit: at99(took.without) },
      ]
    } finally {
      await journal.alarms[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    }
  },
}
