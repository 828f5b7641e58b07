import type { HistoryField } from '#domain/live/api.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { ChartData } from '#dashboard/core/chart-series.ts'
import type { Words } from '#dashboard/core/messages.ts'
import type { ChannelModel } from './state/pump-model.ts'

export interface LanesProps {
  readonly data: ChartData
  readonly pump: ChannelModel
  readonly alarms: readonly AlarmView[]
}

export interface LaneSpec {
  readonly field: HistoryField
  readonly name: (words: Words) => string
  readonly unit: string
  readonly stepped: boolean
  readonly filled: boolean
  readonly decimals: number
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
    decimals: 1,
    atLeast: 1,
  },
  {
    field: 'linePressureMmHg',
    name: (words) => words.chart.pressure,
    unit: 'mmHg',
    stepped: false,
    filled: false,
    decimals: 0,
    atLeast: 200,
  },
  {
    field: 'infusedTotalMl',
    name: (words) => words.chart.infused,
    unit: 'mL',
    stepped: false,
    filled: true,
    decimals: 1,
    atLeast: 5,
  },
]

export const laneFields = lanes.map((lane) => lane.field)
