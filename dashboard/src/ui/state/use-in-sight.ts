import { useEffect, useRef } from 'preact/hooks'
import type { RefObject } from 'preact'
import type { EpisodeId } from '#domain/ids.ts'
import { useApp } from './app-state.ts'

/** For what shows one alarm: whether it is in the window is known from then on. */
export const useInSight = <T extends Element>(episodeId: EpisodeId): RefObject<T | null> => {
  const { sight } = useApp().receipts
  const shown = useRef<T>(null)
  useEffect(() => (shown.current === null ? undefined : sight.watch(shown.current, episodeId)), [sight, episodeId])
  return shown
}
