import type { JSX, RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Priority } from '#domain/alarm/codes.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'

interface GlyphProps {
  readonly priority: Priority
  readonly look: Pick<AlarmLook, 'filled' | 'flash' | 'dashed' | 'status'>
  readonly label: string | null
  readonly size?: number
}

/** High = square, Medium = triangle, Low = circle; filled while nobody owns it. The shape says what the colour says. */
export const AlarmGlyph = ({ priority, look, label, size = 34 }: GlyphProps): JSX.Element => {
  const flashing = usePhase<SVGSVGElement>(look.flash)
  return (
    <svg
      ref={flashing}
      class={`glyph glyph-${priority} ${look.filled ? 'filled' : 'outline'} ${look.flash === null ? '' : `flash-${look.flash}`}`}
      width={size}
      height={size}
      viewBox="0 0 34 34"
      {...(label === null ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <Shape priority={priority} />
      <Marks priority={priority} />
      {look.status === 'seen' && <circle class="glyph-seen" cx="29" cy="29" r="4" />}
    </svg>
  )
}

const Shape = ({ priority }: { readonly priority: Priority }): JSX.Element => {
  switch (priority) {
    case 'high':
      return <rect class="glyph-body" x="3" y="3" width="28" height="28" rx="4" />
    case 'medium':
      return <path class="glyph-body" d="M17 3.500 32 30.500H2Z" stroke-linejoin="round" />
    case 'low':
    case 'info':
      return <circle class="glyph-body" cx="17" cy="17" r="14" />
  }
}

const Marks = ({ priority }: { readonly priority: Priority }): JSX.Element => {
  switch (priority) {
    case 'high':
      return (
        <path
          class="glyph-mark"
          d="M11.500 10.500v8M17 10.500v8M22.500 10.500v8M11.500 22.900v.1M17 22.900v.1M22.500 22.900v.1"
        />
      )
    case 'medium':
      return <path class="glyph-mark" d="M14.300 14.500v7M19.700 14.500v7M14.300 25.900v.1M19.700 25.900v.1" />
    case 'low':
      return <path class="glyph-mark" d="M17 10.500v8.500M17 23.400v.1" />
    case 'info':
      return <path class="glyph-mark" d="M17 15v8.500M17 10.600v.1" />
  }
}

/** One phase for the whole page: every flashing element's animation starts at the document's zero. */
export const usePhase = <E extends Element>(flash: 'high' | 'medium' | null): RefObject<E | null> => {
  const ref = useRef<E>(null)
  useLayoutEffect(() => {
    for (const animation of ref.current?.getAnimations() ?? []) animation.startTime = 0
  }, [flash])
  return ref
}
