import type { CatalogueEntry } from './catalogue-entry.ts'
import type { AlarmCode, Priority, TherapyCriticality } from './codes.ts'
import { comparePriority, higherPriority } from './priority-rank.ts'
import { derivedCatalogue } from './derived-catalogue.ts'
import { pumpCatalogue } from './pump-catalogue.ts'

/** Names, words and default priorities of every alarm code. Its MDC coding is in mdc.ts. */
export const catalogue: Readonly<Record<AlarmCode, CatalogueEntry>> = { ...pumpCatalogue, ...derivedCatalogue }

/** `unknown` counts as critical (vocabulary.md 7). */
export const countsAsCritical = (criticality: TherapyCriticality): boolean => criticality !== 'standard'

/** For a pump that gives none. `delivering` null: not known, and the more urgent one counts. */
export const defaultPriority = (code: AlarmCode, delivering: boolean | null): Priority => {
  const { priority } = catalogue[code]
  if (typeof priority === 'string') return priority
  if (delivering === null) return higherPriority(priority.delivering, priority.notDelivering)
  return delivering ? priority.delivering : priority.notDelivering
}

/** The least this code ever is, whatever the pump does. */
export const leastPriority = (code: AlarmCode): Priority => {
  const { priority } = catalogue[code]
  if (typeof priority === 'string') return priority
  return comparePriority(priority.delivering, priority.notDelivering) < 0 ? priority.delivering : priority.notDelivering
}

const oneUp: Readonly<Record<Priority, Priority>> = { info: 'low', low: 'medium', medium: 'high', high: 'high' }

/** The default, one step up where the catalogue says so for a critical therapy. `delivering` null counts as delivering. */
export const raisedPriority = (code: AlarmCode, base: Priority, delivering: boolean | null): Priority => {
  switch (catalogue[code].raised) {
    case 'never':
      return base
    case 'when-critical':
      return oneUp[base]
    case 'when-critical-and-delivering':
      return delivering === false ? base : oneUp[base]
  }
}
