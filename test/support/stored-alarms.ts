import { DatabaseSync } from 'node:sqlite'
import { alarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import { alarmView, openEpisodes } from '#domain/alarm/view.ts'
import type { AlarmView } from '#domain/live/views.ts'

/** Every open alarm as the journal's file has it at this moment: folded from its events, past the memory of the server. */
export const storedAlarms = (journalFile: string): readonly AlarmView[] => {
  const database = new DatabaseSync(journalFile, { readOnly: true, timeout: 5_000 })
  try {
    const subjects = new Map<string, AlarmState>()
    for (const { subject, event } of database
      .prepare('SELECT subject, event FROM alarm_event ORDER BY position')
      .all() as { subject: string; event: string }[])
      subjects.set(
        subject,
        alarmEngine.evolve(subjects.get(subject) ?? alarmEngine.initial, JSON.parse(event) as AlarmEvent),
      )
    return [...subjects.values()].flatMap((state) =>
      openEpisodes(state).map((episode) => alarmView(episode, state.criticality, { pumpId: null, hubId: null })),
    )
  } finally {
    database.close()
  }
}
