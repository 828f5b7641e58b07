import type { HistoryField } from '#domain/live/api.ts'
import type { chartWords } from '#dashboard/core/chart-words.ts'
import type { ChartData } from '#dashboard/core/chart-series.ts'
import type { Formats } from '#dashboard/core/format.ts'
import type { WordsOf } from '#dashboard/core/words-part.ts'
import type { ChartModel } from './state/chart-model.ts'
import type { ChannelModel } from './state/pump-model.ts'

export interface LanesProps {
  readonly chart: ChartModel
  readonly data: ChartData
  readonly pump: ChannelModel
}

export interface LaneSpec {
  readonly field: HistoryField
  readonly name: (words: WordsOf<typeof chartWords>) => string
  readonly unit: string
  readonly stepped: boolean
  readonly filled: boolean
  readonly shown: (formats: Formats, value: number) => string
  /** The scale reaches at least this high, so that noise does not fill the lane. */
  readonly atLeast: number
}

/** One value per lane, one time axis for all: never two scales in one picture. */
export const lanes: readonly LaneSpec[] = [
  {
    field: 'rateMlPerHour',
    name: (words) => words.chart.rate,
    unit: 'mL/h',
    stepped: true,
    filled: false,
    shown: (formats, value) => formats.rate(value),
    atLeast: 1,
  },
  {
    field: 'linePressureMmHg',
    name: (words) => words.chart.pressure,
    unit: 'mmHg',
    stepped: false,
    filled: false,
    shown: (formats, value) => formats.whole(value),
    atLeast: 200,
  },
  {
    field: 'infusedTotalMl',
    name: (words) => words.chart.infused,
    unit: 'mL',
    stepped: false,
    filled: true,
    shown: (formats, value) => formats.volume(value),
    atLeast: 5,
  },
]

export const laneFields = lanes.map((lane) => lane.field)
