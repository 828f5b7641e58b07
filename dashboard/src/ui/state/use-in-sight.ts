import { useLayoutEffect, useRef } from 'preact/hooks'
import type { RefObject } from 'preact'
import type { EpisodeId } from '#domain/ids.ts'
import { useApp } from './app-state.ts'

/** For what shows one alarm: whether it is in the window is known from then on, unless it is known to be `far` from it. */
export const useInSight = <T extends Element>(episodeId: EpisodeId, far = false): RefObject<T | null> => {
  const { sight } = useApp().receipts
  const shown = useRef<T>(null)
  useLayoutEffect(
    () => (shown.current === null || far ? undefined : sight.watch(shown.current, episodeId)),
    [sight, episodeId, far],
  )
  return shown
}
