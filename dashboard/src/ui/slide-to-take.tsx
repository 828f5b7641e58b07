import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { sheetWords } from '#dashboard/core/sheet-words.ts'
import { useApp } from './state/app-state.ts'

/** Share of the way after which letting go means it. */
const enough = 0.8
/** A second press within this time means it, ms. */
const againMs = 4_000

interface SlideProps {
  readonly sending: boolean
  readonly off: boolean
  readonly take: () => void
}

/** Taken by sliding the handle across, or by two presses: no pocket does either. */
export const SlideToTake = ({ sending, off, take }: SlideProps): JSX.Element => {
  const words = useApp().wordsWith(sheetWords)
  const track = useRef<HTMLButtonElement>(null)
  const handle = useRef<HTMLSpanElement>(null)
  const from = useRef<number | null>(null)
  const share = useRef(0)
  const moved = useRef(false)
  const asked = useSignal(false)

  const show = (value: number): void => {
    share.current = value
    const room = (track.current?.clientWidth ?? 0) - (handle.current?.offsetWidth ?? 0)
    if (handle.current !== null) handle.current.style.translate = `${Math.round(value * room)}px 0`
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (from.current === null || track.current === null) return
    const rightToLeft = getComputedStyle(track.current).direction === 'rtl' ? -1 : 1
    const room = track.current.clientWidth - (handle.current?.offsetWidth ?? 0)
    show(Math.min(1, Math.max(0, (rightToLeft * (event.clientX - from.current)) / Math.max(1, room))))
  }
  const onPointerUp = (): void => {
    const slid = share.current
    from.current = null
    show(0)
    moved.current = slid > 0.05
    if (slid >= enough) take()
  }
  const onClick = (): void => {
    // The browser's click after a slide is no press.
    if (moved.current) {
      moved.current = false
      return
    }
    if (asked.value) return take()
    asked.value = true
    setTimeout(() => (asked.value = false), againMs)
  }
  return (
    <button
      ref={track}
      class="slide"
      data-testid="slide-to-take"
      disabled={sending || off}
      onPointerDown={(event) => {
        from.current = event.clientX
        share.current = 0
        track.current?.setPointerCapture(event.pointerId)
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        from.current = null
        show(0)
      }}
      onClick={onClick}
    >
      <span class="slide-handle" ref={handle} aria-hidden="true">
        ›
      </span>
      <span class="slide-words">
        {off ? words.notLive.noLink : sending ? words.row.taking : asked.value ? words.sheet.press : words.sheet.slide}
      </span>
    </button>
  )
}
