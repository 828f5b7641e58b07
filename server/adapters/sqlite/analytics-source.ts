import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { EpisodeId } from '#domain/ids.ts'
import { PageEvent } from '#domain/paging/events.ts'
import type { Instant } from '#domain/time.ts'
import type { AnalyticsSource } from '#server/core/analytics.ts'
import type { StateArchive } from '#server/core/state-archive.ts'
import { text } from './row.ts'
import { subjectOfKey } from './subject-key.ts'

/** Reports and their sums are nine tenths of a journal and say nothing here that their consequences do not. */
export const eventsOfAlarms = `SELECT position, subject, event FROM alarm_event WHERE position > ? AND position <= ?
  AND substr(event, 1, 15) <> '{"type":"report' ORDER BY position`
export const pagesBetween = `SELECT event FROM page_event WHERE at >= ? AND at < ?
  AND substr(event, 1, 21) = '{"type":"page-queued"' ORDER BY position`

/** So many positions are read in one go. */
const positionsPerPage = 5000

export class SqliteAnalyticsSource implements AnalyticsSource {
  readonly #states: Pick<StateArchive, 'positionAt' | 'lastPosition'>
  readonly #events: StatementSync
  readonly #pages: StatementSync

  constructor(database: DatabaseSync, states: Pick<StateArchive, 'positionAt' | 'lastPosition'>) {
    this.#states = states
    this.#events = database.prepare(eventsOfAlarms)
    this.#pages = database.prepare(pagesBetween)
  }

  *alarmEvents(from: Instant): ReturnType<AnalyticsSource['alarmEvents']> & Generator {
    const last = this.#states.lastPosition()
    for (let position = this.#states.positionAt(from); position < last; position += positionsPerPage) {
      const rows = this.#events.all(position, Math.min(last, position + positionsPerPage))
      yield rows.map((row) => ({ subject: subjectOfKey(text(row, 'subject')), event: eventOf(text(row, 'event')) }))
    }
  }

  pages(from: Instant, to: Instant): readonly (readonly EpisodeId[])[] {
    return this.#pages.all(from, to).flatMap((row) => {
      const event = PageEvent.safeParse(JSON.parse(text(row, 'event')))
      const isPage = event.success && event.data.type === 'page-queued' && event.data.page.kind === 'alarm'
      return isPage && event.data.type === 'page-queued' ? [event.data.page.episodeIds] : []
    })
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `commit` writes this column
const eventOf = (json: string): AlarmEvent => JSON.parse(json) as AlarmEvent
