import type { Socket } from 'socket.io'
import { liveEvents } from '#domain/live/messages.ts'
import type { Clock } from '#domain/time.ts'
import { nextPartSize, partLimits, SnapshotParts } from '#server/core/snapshot-parts.ts'
import type { PartSource } from '#server/core/snapshot-parts.ts'

/** Tells a client everything, one part at a time, the next when it has taken the last. Returns its end: no part leaves after it. */
export const sendSnapshot = (socket: Socket, source: PartSource, clock: Pick<Clock, 'monotonic'>): (() => void) => {
  const parts = new SnapshotParts(source)
  let ended = false
  const send = (size: number): void => {
    const part = ended ? null : parts.next(size)
    if (part === null) return
    const from = clock.monotonic()
    socket.emit(liveEvents.snapshot, part, () => send(nextPartSize(size, clock.monotonic() - from)))
  }
  send(partLimits.first)
  return () => void (ended = true)
}
