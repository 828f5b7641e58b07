import type { Clock } from '#domain/time.ts'
import { HubGate } from '#server/core/pressure/hub-gate.ts'

/** A server that always has time: only the limits of a hub and of strangers hold. */
export const openGate = (clock: Pick<Clock, 'monotonic'>): HubGate => new HubGate({ sheds: () => null }, clock)
