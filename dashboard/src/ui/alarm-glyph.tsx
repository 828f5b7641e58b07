import type { JSX } from 'preact'
import type { Priority } from '#domain/alarm/codes.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'
import { useOnePhase } from './flash-phase.ts'

interface GlyphProps {
  readonly priority: Priority
  readonly look: Pick<AlarmLook, 'filled' | 'flash' | 'dashed' | 'status'>
  readonly label: string | null
  readonly size?: number
  /** Its sound is paused at this station. */
  readonly paused?: boolean
}

/** High = square, Medium = triangle, Low = circle; filled while nobody owns it. The shape says what the colour says. */
export const AlarmGlyph = ({ priority, look, label, size = 34, paused = false }: GlyphProps): JSX.Element => {
  useOnePhase(look.flash)
  return (
    <svg
      class={`glyph glyph-${priority} ${look.filled ? 'filled' : 'outline'} ${look.flash === null ? '' : `flash-${look.flash}`}`}
      width={size}
      height={size}
      viewBox="0 0 34 34"
      {...(label === null ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <Shape priority={priority} />
      <Marks priority={priority} />
      {look.status === 'seen' && <SeenMark />}
      {paused && <PausedMark />}
    </svg>
  )
}

/** An eye: somebody looked, nobody has it. */
const SeenMark = (): JSX.Element => (
  <g class="glyph-note">
    <circle cx="27" cy="27" r="7" />
    <path d="M22.500 27c1.200-2 2.800-3 4.500-3s3.300 1 4.500 3c-1.200 2-2.800 3-4.500 3s-3.300-1-4.500-3Z" />
    <circle class="pupil" cx="27" cy="27" r="1.300" />
  </g>
)

/** A crossed bell: no sound of it here for a while. */
const PausedMark = (): JSX.Element => (
  <g class="glyph-note">
    <circle cx="27" cy="7" r="7" />
    <path d="M24.300 8.800c.6-.5.6-1.300.6-2.200a2.100 2.100 0 0 1 4.200 0c0 .9 0 1.700.6 2.200ZM23.500 3.500l7 7" />
  </g>
)

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
