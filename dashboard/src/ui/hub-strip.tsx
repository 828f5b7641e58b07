import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { hubsWords } from '#dashboard/core/hubs-words.ts'
import { age } from '#dashboard/core/format.ts'
import type { ActMark } from '#dashboard/core/hub-acts.ts'
import { stripOf, stripSums } from '#dashboard/core/hub-strip.ts'
import type { StripRun } from '#dashboard/core/hub-strip.ts'
import { useApp } from './state/app-state.ts'

const height = 18
/** Under the day itself: what people did. */
const footHeight = 6
export const slotsOfDay = 288

interface StripProps {
  readonly slots: string
  readonly slotMs: number
  /** Not heard now, or this page does not know: from the last slot on it is hatched. */
  readonly silentNow: boolean
  readonly marks: readonly ActMark[]
}

/** Grey is heard, hatch is silent, an empty frame is not known, a tick on top a restart. */
export const HubStrip = ({ slots, slotMs, silentNow, marks }: StripProps): JSX.Element => {
  const words = useApp().wordsWith(hubsWords)
  const strip = useMemo(() => stripOf(slots, slotsOfDay), [slots])
  const { heardMs, silentMs, restarts } = stripSums(strip, slotMs)
  return (
    <svg
      class="hub-strip"
      viewBox={`0 0 ${slotsOfDay + 6} ${height + footHeight}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={[
        words.hubs.daySums(age(heardMs), age(silentMs), restarts),
        ...(marks.length === 0 ? [] : [words.hubs.actsOnDay(marks.length)]),
      ].join(', ')}
    >
      {strip.runs.map((run) => (
        <Run key={run.from} run={run} />
      ))}
      {silentNow && <rect class="run-silent" x={slotsOfDay} y={4} width={6} height={height - 4} />}
      {strip.restarts.map((at) => (
        <rect key={at} class="restart" x={at} y={0} width={1.6} height={height} />
      ))}
      {marks.map(({ kind, at }) => (
        <rect key={`${kind} ${at}`} class="act-mark" x={at - 1} y={height + 1} width={4} height={footHeight - 1} />
      ))}
    </svg>
  )
}

const Run = ({ run: { kind, from, length } }: { readonly run: StripRun }): JSX.Element => {
  const partly = kind === 'partly'
  return (
    <rect
      class={`run-${kind}`}
      x={from}
      y={partly ? 10 : 4}
      width={length}
      height={partly ? height - 10 : height - 4}
    />
  )
}

/** Once on the page: the pattern of what is silent. */
export const StripPattern = (): JSX.Element => (
  <svg width="0" height="0" aria-hidden="true" class="strip-pattern">
    <defs>
      <pattern id="hub-silent" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="pattern-ground" width="4" height="4" />
        <rect class="pattern-line" width="2" height="4" />
      </pattern>
    </defs>
  </svg>
)
