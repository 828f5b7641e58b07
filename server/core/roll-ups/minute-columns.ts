import { historyColumns } from '../history-buckets.ts'
import { meanColumns, type Minute } from './minute.ts'

// What the telemetry stores keep of a minute, the same in every store (storage.md 2).

export interface MinuteColumn {
  readonly name: string
  readonly type: 'float' | 'integer'
  read(minute: Minute): number | null
}

export const statistics = ['first', 'min', 'max', 'last'] as const

const integer = (name: string, read: MinuteColumn['read']): MinuteColumn => ({ name, type: 'integer', read })
const float = (name: string, read: MinuteColumn['read']): MinuteColumn => ({ name, type: 'float', read })

export const minuteColumns: readonly MinuteColumn[] = [
  integer('first_at', ({ from }) => from),
  integer('last_at', ({ to }) => to),
  integer('samples', ({ samples }) => samples),
  integer('late', ({ late }) => late),
  integer('state', ({ state }) => state),
  integer('completeness', ({ completeness }) => completeness),
  ...historyColumns.flatMap((column, place) =>
    statistics.map((statistic, which) =>
      float(`${statistic}_${column}`, ({ values }) => values[place]?.[which] ?? null),
    ),
  ),
  ...meanColumns.flatMap((column, place) => [
    float(`mean_${column}`, ({ means }) => means[place]?.mean ?? null),
    integer(`count_${column}`, ({ means }) => means[place]?.count ?? null),
  ]),
]
