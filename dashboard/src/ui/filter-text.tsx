import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

interface Props {
  /** What is asked for now. */
  readonly value: string
  readonly placeholder?: string
  readonly testId?: string
  /** On Enter, or when the field is left. */
  readonly take: (text: string) => void
}

/**
 * A field that is asked for once somebody is done with it. The element alone knows what is typed so far: an answer that comes
 * meanwhile draws the screen anew, and a `value` would then put back what was asked before.
 */
export const FilterText = ({ value, placeholder, testId, take }: Props): JSX.Element => {
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (field.current !== null) field.current.value = value
  }, [value])
  return (
    <input
      ref={field}
      placeholder={placeholder}
      autocomplete="off"
      spellcheck={false}
      onChange={(event) => take(event.currentTarget.value.trim())}
      data-testid={testId}
    />
  )
}
