import type { JSX } from 'preact'
import type { Priority } from '#domain/alarm/codes.ts'
import { AlarmGlyph } from './alarm-glyph.tsx'

interface QuietGlyphProps {
  readonly priority: Priority
  /** Nobody owns it. */
  readonly filled: boolean
  readonly size?: number
}

/** An alarm's shape where nothing rings: it never flashes, and words stand beside it. */
export const QuietGlyph = ({ priority, filled, size = 22 }: QuietGlyphProps): JSX.Element => (
  <span class={`quiet-glyph is-${priority}`}>
    <AlarmGlyph
      priority={priority}
      look={{ filled, flash: null, dashed: false, status: 'taken' }}
      label={null}
      size={size}
    />
  </span>
)
