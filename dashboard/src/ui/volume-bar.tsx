import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { PumpSample } from './state/pump-model.ts'

interface BarProps {
  readonly sample: PumpSample | null
  readonly stale: boolean
}

/** How much of the program is infused, 4 px, grey. Nothing is drawn when the pump does not say both figures. */
export const VolumeBar = ({ sample, stale }: BarProps): JSX.Element => {
  const fill = useRef<HTMLElement>(null)
  const share = shareOf(sample)
  useLayoutEffect(() => {
    fill.current?.style.setProperty('inline-size', `${(share ?? 0) * 100}%`)
  }, [share, stale])
  return (
    <div class={`volume-bar ${stale ? 'hatch' : ''}`} aria-hidden="true">
      {!stale && share !== null && <i ref={fill} />}
    </div>
  )
}

/** Infused part of the program, 0 to 1, from what is left of it; null: not told. */
export const shareOf = (sample: PumpSample | null): number | null => {
  const left = sample?.programRemainingMl ?? null
  const program = programOf(sample)
  if (left === null || program === null || program <= 0) return null
  return Math.min(1, Math.max(0, 1 - left / program))
}

/** Volume of the program in mL: what was programmed, else what is infused of it plus what is left. */
export const programOf = (sample: PumpSample | null): number | null => {
  if (sample === null) return null
  if (sample.vtbiMl !== null) return sample.vtbiMl
  const done = sample.infusedSegmentMl ?? sample.infusedTotalMl
  return done === null || sample.programRemainingMl === null ? null : done + sample.programRemainingMl
}
