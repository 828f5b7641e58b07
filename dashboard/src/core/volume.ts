import type { DutyChoice } from '#domain/on-call/readiness.ts'

/** Of full volume, before somebody chooses. */
export const standardVolume = 0.6
const lowest = 0.1
const lowestOnDuty = 0.4

/**
 * The least that can be chosen, 0 to 1: who is on call cannot make the page inaudible, whatever she signed in for. `planned`: the rota has
 * her on duty now.
 */
export const volumeFloorOf = (duty: DutyChoice | null, planned: boolean): number =>
  duty === 'looking' && !planned ? lowest : lowestOnDuty
