import type { JSX } from 'preact'
import type { SupplyRow } from '#domain/live/supply.ts'
import { planWords } from '#dashboard/core/plan-words.ts'
import { heldOnAxis, onAxis } from '#dashboard/core/supply-axis.ts'
import type { SupplyAxis } from '#dashboard/core/supply-axis.ts'
import { useApp } from './state/app-state.ts'

const percent = (value: number): string => `${value.toFixed(2)}%`
const rowHeight = 28

/** Hours of the facility's clock over all strips, once. */
export const SupplyAxisHead = ({ axis }: { readonly axis: SupplyAxis }): JSX.Element => {
  const app = useApp()
  const { time } = app.formats.value
  return (
    <div class="supply-axis" aria-hidden="true">
      <svg width="100%" height="20">
        {axis.ticks.map((at) => (
          <text key={at} x={percent(heldOnAxis(axis, at))} y="14" text-anchor="middle">
            {time(at)}
          </text>
        ))}
      </svg>
    </div>
  )
}

/** Once on the page: the pattern of what nobody knows. */
export const SupplyPattern = (): JSX.Element => (
  <svg width="0" height="0" aria-hidden="true" class="supply-pattern">
    <defs>
      <pattern id="supply-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="pattern-line" width="2" height="6" />
      </pattern>
    </defs>
  </svg>
)

interface StripProps {
  readonly row: SupplyRow
  readonly axis: SupplyAxis
  /** Too old to say what the pump does now. */
  readonly old: boolean
}

/** The same in a picture: every word of it stands beside it. */
export const SupplyStrip = ({ row, axis, old }: StripProps): JSX.Element => {
  const { end, battery, nextBag, group } = row
  const marks = [battery.how === 'until' ? battery.at : null, nextBag?.at ?? null]
  const [empty = null, bag = null] = marks.map((at) => (at === null ? null : onAxis(axis, at)))
  const likely = end.how === 'at' ? heldOnAxis(axis, end.likely) : null
  const isInSight = end.how === 'at' && onAxis(axis, end.likely) !== null
  const isUnknown = old || group === 'not-known'
  return (
    <svg class="supply-strip" width="100%" height={rowHeight} aria-hidden="true">
      {axis.ticks.map((at) => (
        <line
          key={at}
          class="tick"
          x1={percent(heldOnAxis(axis, at))}
          x2={percent(heldOnAxis(axis, at))}
          y1="0"
          y2={rowHeight}
        />
      ))}
      {likely !== null && <rect class={old ? 'unheard' : 'runs'} x="0" y="9" width={percent(likely)} height="10" />}
      {likely === null && isUnknown && <rect class="unheard" x="0" y="9" width="100%" height="10" />}
      {group === 'stands' && !isUnknown && <rect class="stands" x="0.5" y="9.5" width="99.8%" height="9" />}
      {end.how === 'at' && isInSight && end.earliest !== null && end.latest !== null && !old && (
        <Range from={heldOnAxis(axis, end.earliest)} to={heldOnAxis(axis, end.latest)} />
      )}
      {likely !== null && isInSight && <line class="end" x1={percent(likely)} x2={percent(likely)} y1="4" y2="24" />}
      {empty !== null && (
        <svg class="over" x={percent(empty)} y="0">
          <path class="battery" d="M-5 1h10l-5 7z" />
        </svg>
      )}
      {bag !== null && (
        <svg class="over" x={percent(bag)} y="21">
          <circle class="bag" r="4" cx="0" cy="2.500" />
        </svg>
      )}
    </svg>
  )
}

const Range = ({ from, to }: { readonly from: number; readonly to: number }): JSX.Element => (
  <>
    <line class="range" x1={percent(from)} x2={percent(to)} y1="14" y2="14" />
    {[from, to].map((at) => (
      <line key={at} class="range" x1={percent(at)} x2={percent(at)} y1="11" y2="17" />
    ))}
  </>
)

export const SupplyLegend = (): JSX.Element => {
  const { mark } = useApp().wordsWith(planWords).plan.supply
  const drawings: Readonly<Record<keyof typeof mark, JSX.Element>> = {
    end: <line class="end" x1="11" x2="11" y1="2" y2="18" />,
    range: <path class="range" d="M3 10h16M3 6v8M19 6v8" />,
    battery: <path class="battery" d="M6 6h10l-5 7z" />,
    bag: <circle class="bag" r="4" cx="11" cy="10" />,
  }
  return (
    <ul class="supply-legend">
      {(['end', 'range', 'battery', 'bag'] as const).map((kind) => (
        <li key={kind}>
          <svg width="22" height="20" aria-hidden="true">
            {drawings[kind]}
          </svg>
          {mark[kind]}
        </li>
      ))}
    </ul>
  )
}
