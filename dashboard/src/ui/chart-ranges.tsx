import type { JSX } from 'preact'
import { chartWords } from '#dashboard/core/chart-words.ts'
import type { ChartRange } from '#dashboard/core/chart-window.ts'
import { useApp } from './state/app-state.ts'
import type { ChartModel } from './state/chart-model.ts'
import type { PumpPageModel } from './state/pump-page-model.ts'

const ranges: readonly ChartRange[] = ['1h', '6h', '24h', '7d', 'infusion']

interface RangesProps {
  readonly chart: ChartModel
  readonly page: PumpPageModel
}

export const ChartRanges = ({ chart, page }: RangesProps): JSX.Element => {
  const words = useApp().wordsWith(chartWords)
  const window = chart.window.value
  const unknown = (page.about.value?.infusionStartedAt ?? null) === null
  return (
    <div class="segmented" role="group" aria-label={words.chart.range}>
      {ranges.map((range) => (
        <button
          key={range}
          aria-pressed={window.kind === 'live' && window.range === range}
          disabled={range === 'infusion' && unknown}
          title={range === 'infusion' && unknown ? words.chart.infusionUnknown : undefined}
          onClick={() => chart.choose(range)}
        >
          {words.chart.ranges[range]}
        </button>
      ))}
    </div>
  )
}
