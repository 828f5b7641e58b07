import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { rowsInWindow, scrollTo } from '#dashboard/core/row-window.ts'

export interface RowWindowAsked {
  readonly rowHeight: number
  readonly count: number
  readonly kept: number | null
}

export interface RowWindow {
  /** The element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly rows: readonly number[]
  /** Rows that are wholly seen at once. */
  readonly page: number
  readonly bringIntoView: (row: number) => void
}

/** Before the first layout is known. */
const assumedHeight = 800

/** Follows an element's scrolling and size, and says which rows have to be there. */
export const useRowWindow = ({ rowHeight, count, kept }: RowWindowAsked): RowWindow => {
  const scroller = useRef<HTMLDivElement>(null)
  const scrollTop = useSignal(0)
  const height = useSignal(assumedHeight)
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const follow = (): void => {
      // a window moves by whole rows, so that a pixel of scrolling costs nothing
      scrollTop.value = Math.floor(element.scrollTop / rowHeight) * rowHeight
      height.value = element.clientHeight
    }
    const resize = new ResizeObserver(follow)
    resize.observe(element)
    element.addEventListener('scroll', follow, { passive: true })
    follow()
    return () => {
      resize.disconnect()
      element.removeEventListener('scroll', follow)
    }
  }, [scrollTop, height, rowHeight])
  const at = { scrollTop: scrollTop.value, height: height.value, rowHeight }
  return {
    scroller,
    rows: rowsInWindow({ ...at, count, kept }),
    page: Math.max(1, Math.floor(height.value / rowHeight) - 1),
    bringIntoView: (row) => {
      const element = scroller.current
      if (element === null) return
      // the head stands over the first row's height
      const view = { scrollTop: element.scrollTop, height: element.clientHeight - rowHeight, rowHeight }
      const to = scrollTo(row, view)
      if (to !== null) element.scrollTop = to
    },
  }
}
