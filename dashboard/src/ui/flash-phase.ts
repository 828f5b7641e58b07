import { useLayoutEffect } from 'preact/hooks'

let waiting = false

/** One phase for the whole page: every flashing element's animation starts at the document's zero. Asked for once a frame, for each answer costs the style of the whole page. */
export const useOnePhase = (flash: 'high' | 'medium' | null): void => {
  useLayoutEffect(() => {
    if (flash === null || waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      for (const animation of document.getAnimations())
        if (animation instanceof CSSAnimation && animation.animationName === 'flash' && animation.startTime !== 0)
          animation.startTime = 0
    })
  }, [flash])
}
