import type { Socket } from 'socket.io'
import { liveEvents } from '#domain/live/messages.ts'
import type { Clock } from '#domain/time.ts'
import { nextPartSize, partLimits, SnapshotParts } from '#server/core/snapshot-parts.ts'
import type { PartSource } from '#server/core/snapshot-parts.ts'

/**
 * Tells a client everything, one part at a time, the next when it has taken the last. `begun` is called when it has taken the first. Returns its end:
 * no part leaves after it.
 */
export const sendSnapshot = (
  socket: Socket,
  source: PartSource,
  clock: Pick<Clock, 'monotonic'>,
  begun: () => void = () => undefined,
): (() => void) => {
  const parts = new SnapshotParts(source)
  let ended = false
  const send = (size: number, taken: () => void): void => {
    const part = ended ? null : parts.next(size)
    if (part === null) return
    const from = clock.monotonic()
    socket.emit(liveEvents.snapshot, part, () => {
      if (!ended) taken()
      send(nextPartSize(size, clock.monotonic() - from), () => undefined)
    })
  }
  send(partLimits.first, begun)
  return () => void (ended = true)
}
