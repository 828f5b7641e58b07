import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { EpisodeId } from '#domain/ids.ts'
import { clickGuardMs, heldOrder, holdLimits } from '#dashboard/core/held-order.ts'
import { withTombstones } from '#dashboard/core/tombstones.ts'

interface HoldQuestion {
  readonly sorted: readonly EpisodeId[]
  readonly gone: ReadonlySet<EpisodeId>
  readonly isHigh: (id: EpisodeId) => boolean
}

export interface QueueHold {
  readonly rows: readonly EpisodeId[]
  /** New while the list is held. */
  readonly arrived: readonly EpisodeId[]
  /** False right after rows moved: the press was meant for another one. */
  readonly meant: () => boolean
  readonly handlers: {
    readonly onPointerLeave: () => void
    readonly onPointerMove: (event: PointerEvent) => void
    readonly onFocusIn: () => void
    readonly onFocusOut: (event: FocusEvent) => void
  }
}

/** The queue's order stands still while the pointer or the focus is in it; what comes new waits in a slot, a High at most 10 s. */
export const useQueueHold = ({ sorted, gone, isHigh }: HoldQuestion): QueueHold => {
  const pointer = useSignal(false)
  const focus = useSignal(false)
  /** Let go once, until the pointer or the focus moves again. */
  const released = useSignal(false)
  const shown = useRef<readonly EpisodeId[]>([])
  const movedAt = useRef(Number.NEGATIVE_INFINITY)

  const held = (pointer.value || focus.value) && !released.value && shown.current.length > 0
  const wanted = [...sorted]
  const fresh = withTombstones(shown.current, wanted, gone)
  const order = held ? heldOrder(shown.current, fresh) : { rows: fresh, arrived: [] }
  if (order.rows.join() !== shown.current.join() && shown.current.length > 0) movedAt.current = performance.now()
  shown.current = order.rows

  const differs = held && (order.arrived.length > 0 || order.rows.join() !== fresh.join())
  const urgent = differs && (order.arrived.some(isHigh) || firstMoved(order.rows, fresh, isHigh))
  useEffect(() => {
    if (!differs) return
    const timer = setTimeout(() => (released.value = true), urgent ? holdLimits.highMs : holdLimits.anyMs)
    return () => clearTimeout(timer)
  }, [differs, urgent, released])

  return {
    ...order,
    meant: () => performance.now() - movedAt.current > clickGuardMs,
    handlers: {
      onPointerLeave: () => (pointer.value = false),
      // A pointer that rests where somebody left it points at nothing: rows that grow under it send events, too, without a movement.
      onPointerMove: (event) => {
        if (event.pointerType !== 'mouse' || (event.movementX === 0 && event.movementY === 0)) return
        pointer.value = true
        released.value = false
      },
      onFocusIn: () => {
        focus.value = true
        released.value = false
      },
      onFocusOut: (event) => {
        const next = event.relatedTarget
        const list = event.currentTarget
        if (!(list instanceof Element) || !(next instanceof Node) || !list.contains(next)) focus.value = false
      },
    },
  }
}

/** A High that belongs further up than it stands. */
const firstMoved = (
  rows: readonly EpisodeId[],
  sorted: readonly EpisodeId[],
  isHigh: (id: EpisodeId) => boolean,
): boolean => rows.some((id, index) => isHigh(id) && sorted.indexOf(id) < index)
