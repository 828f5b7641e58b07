import type { JSX } from 'preact'
import { mapWords } from '#dashboard/core/map-words.ts'
import { useApp } from './state/app-state.ts'

/** The map's shapes, as large as they are read best. */
export const FleetLegend = (): JSX.Element => {
  const words = useApp().wordsWith(mapWords)
  return (
    <ul class="fleet-legend" aria-label={words.map.legend}>
      <li class="is-high">
        <Mark>
          <rect class="legend-body" x="2" y="2" width="10" height="10" />
        </Mark>
        {words.priority.high}
      </li>
      <li class="is-medium">
        <Mark>
          <path class="legend-body" d="M7 2 13 12H1Z" />
        </Mark>
        {words.priority.medium}
      </li>
      <li class="is-low">
        <Mark>
          <circle class="legend-body" cx="7" cy="7" r="5" />
        </Mark>
        {words.priority.low}
      </li>
      <li>
        <Mark>
          <path class="legend-line" d="M2.500 2.500h9v9h-9ZM2.500 11.500l9-9" />
        </Mark>
        {words.map.stale}
      </li>
      <li>
        <Mark>
          <path class="legend-quiet" d="M1 7h12" />
        </Mark>
        {words.map.normal}
      </li>
    </ul>
  )
}

const Mark = ({ children }: { readonly children: JSX.Element }): JSX.Element => (
  <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
    {children}
  </svg>
)
