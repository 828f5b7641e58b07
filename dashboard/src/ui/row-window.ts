import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { offsetsOf, rowAt, rowsInWindow } from '#dashboard/core/row-window.ts'

export interface RowWindowAsked {
  /** Least height of a row, px: what one is taken to have until it was there. */
  readonly least: number
  readonly count: number
  readonly kept: number | null
}

export interface RowWindow<Body extends HTMLElement> {
  /** The element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>
  /** The element that is as high as all rows are. */
  readonly body: RefObject<Body | null>
  readonly rows: readonly number[]
  /** Rows that are wholly seen at once. */
  readonly page: number
  readonly place: Place
}

/** Puts a row where it belongs, and learns how high it is as long as it is there. */
export interface Place {
  readonly top: (row: number) => number
  /** Returns what ends it. */
  readonly measure: (element: HTMLElement, row: number) => () => void
}

/** Before the first layout is known, px. */
const assumedHeight = 800
/** What is less is rounding. */
const tolerance = 0.5

/** Follows an element's scrolling and size and its rows' heights, and says which rows have to be there. */
export const useRowWindow = <Body extends HTMLElement>({ least, count, kept }: RowWindowAsked): RowWindow<Body> => {
  const scroller = useRef<HTMLDivElement>(null)
  const body = useRef<Body>(null)
  const scrollTop = useSignal(0)
  const height = useSignal(assumedHeight)
  const learnt = useSignal(0)
  const heights = useMemo(() => new Map<number, number>(), [])
  const offsets = useMemo(() => offsetsOf(heights, least, count), [heights, least, count, learnt.value])
  const now = useRef(offsets)
  now.current = offsets
  const held = useRef<number | null>(kept)
  held.current = kept
  const grown = useRef<Grown | null>(null)
  const measure = useMemo(() => {
    const rowOf = new WeakMap<Element, number>()
    const observer = new ResizeObserver((entries) => {
      const sight = sightOf(scroller.current, body.current)
      const anchor = grown.current?.anchor ?? anchorOf(now.current, sight, held.current)
      let [changed, above] = [false, grown.current?.above ?? 0]
      for (const { target, borderBoxSize } of entries) {
        const row = rowOf.get(target)
        const high = borderBoxSize[0]?.blockSize ?? 0
        if (row === undefined || high === 0) continue
        const before = heights.get(row) ?? least
        if (Math.abs(high - before) < tolerance) continue
        heights.set(row, high)
        changed = true
        if (row < anchor.row) above += high - before
      }
      if (!changed) return
      grown.current = { anchor, above }
      learnt.value += 1
    })
    return (element: HTMLElement, row: number) => {
      rowOf.set(element, row)
      observer.observe(element)
      return () => observer.unobserve(element)
    }
  }, [heights, least, learnt])
  useLayoutEffect(() => {
    if (body.current !== null) body.current.style.blockSize = `${offsets.at(-1) ?? 0}px`
    if (scroller.current !== null && grown.current !== null) {
      const { anchor, above } = grown.current
      scroller.current.scrollTop += above
      const { to } = sightOf(scroller.current, body.current)
      if (anchor.whole) scroller.current.scrollTop += Math.max(0, (offsets[anchor.row + 1] ?? 0) - to)
    }
    grown.current = null
  }, [offsets])
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const follow = (): void => {
      // a window moves by whole rows, so that a pixel of scrolling costs nothing
      scrollTop.value = now.current[rowAt(now.current, element.scrollTop)] ?? 0
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
  }, [scrollTop, height])
  const seen = { scrollTop: scrollTop.value, height: height.value }
  return {
    scroller,
    body,
    rows: rowsInWindow({ ...seen, offsets, kept }),
    page: Math.max(1, rowAt(offsets, seen.scrollTop + seen.height) - rowAt(offsets, seen.scrollTop) - 1),
    place: { top: (row) => offsets[row] ?? 0, measure },
  }
}

/** What is seen of the rows, px from the first. */
interface Sight {
  readonly from: number
  readonly to: number
}

/** The head sticks over the rows that are scrolled under it. */
const sightOf = (scroller: HTMLElement | null, body: HTMLElement | null): Sight => {
  if (scroller === null || body === null) return { from: 0, to: 0 }
  const { scrollTop, clientHeight } = scroller
  const head = body.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scrollTop
  return { from: scrollTop, to: scrollTop + clientHeight - head }
}

/** What stays where it is when rows turn out to be higher. */
interface Anchor {
  readonly row: number
  /** It was seen whole, and stays so. */
  readonly whole: boolean
}

interface Grown {
  readonly anchor: Anchor
  /** By how much the rows before it grew, px. */
  readonly above: number
}

/** The row that has the focus, where it is seen; else the first that is. */
const anchorOf = (offsets: Float64Array, { from, to }: Sight, kept: number | null): Anchor => {
  const [top, bottom] = kept === null ? [to, to] : [offsets[kept] ?? 0, offsets[kept + 1] ?? 0]
  if (kept !== null && bottom > from && top < to) return { row: kept, whole: top >= from && bottom <= to + tolerance }
  return { row: rowAt(offsets, from), whole: false }
}

/** The element of one row. */
export const useRowPlace = <Element extends HTMLElement>(place: Place, row: number): RefObject<Element | null> => {
  const element = useRef<Element>(null)
  const top = place.top(row)
  useLayoutEffect(() => {
    if (element.current !== null) element.current.style.insetBlockStart = `${top}px`
  }, [top])
  useLayoutEffect(() => {
    return element.current === null ? undefined : place.measure(element.current, row)
  }, [place.measure, row])
  return element
}
