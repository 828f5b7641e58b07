import type { CatalogueEntry } from './catalogue-entry.ts'
import type { derivedAlarmCodes } from './codes.ts'

// Priorities, types and effects: vocabulary.md 5. The wording is this project's own.

const linkLost = {
  priority: 'medium',
  raised: 'when-critical-and-delivering',
  worseUnanswered: true,
  delivery: 'unknown',
  type: 'technical',
} as const
const staffRepair = { raised: 'never', delivery: 'not-affected', type: 'technical' } as const
const deliveryDeviation = { priority: 'medium', raised: 'when-critical', worseUnanswered: true } as const

export const derivedCatalogue: Readonly<Record<(typeof derivedAlarmCodes)[number], CatalogueEntry>> = {
  'link-lost-pump': {
    ...linkLost,
    name: 'Pump not heard',
    consequence: 'State of the infusion unknown',
  },
  'link-lost-hub': {
    ...linkLost,
    name: 'Hub not heard',
    consequence: 'State of its pumps unknown',
  },
  'missed-start': {
    ...deliveryDeviation,
    name: 'Start missed',
    consequence: 'Infusion not started',
    delivery: 'not-started',
    type: 'advisory',
  },
  'stopped-early': {
    ...deliveryDeviation,
    name: 'Stopped early',
    consequence: 'Infusion stopped',
    delivery: 'stopped',
    type: 'advisory',
  },
  'under-infusion': {
    ...deliveryDeviation,
    name: 'Under-infusion',
    consequence: 'Less delivered than programmed',
    delivery: 'too-low',
    type: 'technical',
  },
  'over-infusion': {
    ...deliveryDeviation,
    name: 'Over-infusion',
    consequence: 'More delivered than programmed',
    delivery: 'too-high',
    type: 'technical',
  },
  'settings-changed': {
    name: 'Program differs from plan',
    consequence: 'Infusion runs on another program',
    priority: 'medium',
    raised: 'never',
    delivery: 'not-affected',
    type: 'advisory',
  },
  'clock-untrusted': {
    name: 'Clock not trusted',
    consequence: 'Times may be off',
    priority: 'info',
    raised: 'never',
    delivery: 'not-affected',
    type: 'advisory',
  },
  'hub-auth-failed': {
    ...linkLost,
    name: 'Hub refused',
    consequence: 'State of its pumps unknown',
  },
  'hub-cloned': {
    ...staffRepair,
    name: 'Hub key used twice',
    consequence: 'Origin of the data unknown',
    priority: 'medium',
    delivery: 'unknown',
  },
  'record-quarantined': {
    ...staffRepair,
    name: 'Record set aside',
    consequence: 'A message could not be read',
    priority: 'low',
  },
  'storage-degraded': {
    ...staffRepair,
    name: 'Storage degraded',
    consequence: 'History may have gaps',
    priority: 'low',
  },
  'server-degraded': {
    ...staffRepair,
    name: 'Server needs care',
    consequence: 'Screens and hubs may lose it',
    priority: 'low',
  },
  'records-unaccounted': {
    ...staffRepair,
    name: 'Records missing',
    consequence: 'History may have gaps',
    priority: 'low',
  },
  'identity-changed': {
    name: 'Another pump answers',
    consequence: 'State of the known pump unknown',
    priority: 'medium',
    raised: 'never',
    delivery: 'unknown',
    type: 'technical',
  },
  'path-unproven': {
    ...staffRepair,
    name: 'Alarm path not proven',
    consequence: 'An alarm might not arrive',
    priority: 'medium',
  },
  'notify-channel-down': {
    ...staffRepair,
    name: 'Paging channel down',
    consequence: 'A page might not arrive',
    priority: 'medium',
  },
  'rota-gap': {
    ...staffRepair,
    name: 'Nobody on call',
    consequence: 'No one would be paged',
    priority: 'medium',
    type: 'advisory',
  },
  'hand-over-open': {
    ...staffRepair,
    name: 'Hand-over still open',
    consequence: 'Alarms belong to someone off duty',
    priority: 'medium',
    type: 'advisory',
  },
}
