import { computed } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'

/**
 * What follows from signals and from what a component was given, `of`. Drawn as it is, a text changes without its component being drawn again:
 * of a second that passes, the script for twenty rows was 10 ms, and is 2.
 */
export const useComputedOf = <T>(compute: () => T, of: readonly unknown[]): ReadonlySignal<T> =>
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- whoever calls says what it follows from
  useMemo(() => computed(compute), of)
