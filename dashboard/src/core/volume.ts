import type { DutyChoice } from '#domain/on-call/readiness.ts'

/** Of full volume, before somebody chooses. */
export const standardVolume = 0.6
const lowest = 0.1
const lowestOnDuty = 0.4

/** The least that can be chosen, 0 to 1: who is on call cannot make the page inaudible. */
export const volumeFloorOf = (duty: DutyChoice | null): number => (duty === 'looking' ? lowest : lowestOnDuty)
