import { z } from 'zod'

/** Conditions a pump reports (vocabulary.md 4). Wording and priorities: catalogue.ts. */
export const pumpAlarmCodes = [
  'occlusion-downstream',
  'occlusion-upstream',
  'occlusion-unspecified',
  'air-in-line',
  'free-flow',
  'reservoir-empty',
  'reservoir-low',
  'infusion-near-complete',
  'infusion-complete',
  'kvo-active',
  'kvo-ended',
  'cassette-detached',
  'set-not-seated',
  'battery-low',
  'battery-depleted',
  'battery-fault',
  'battery-replace',
  'mains-lost',
  'drive-fault',
  'pump-malfunction',
  'sensor-fault',
  'temperature',
  'paused-too-long',
  'dose-limit-reached',
  'host-timeout',
  'maintenance-due',
  'keypad-fault',
  'device-text',
] as const

/** Conditions the hub or the server derives; no pump message exists (vocabulary.md 5). */
export const derivedAlarmCodes = [
  'link-lost-pump',
  'link-lost-hub',
  'missed-start',
  'stopped-early',
  'under-infusion',
  'over-infusion',
  'settings-changed',
  'clock-untrusted',
  'hub-auth-failed',
  'hub-cloned',
  'record-quarantined',
  'storage-degraded',
  'server-degraded',
  'records-unaccounted',
  'identity-changed',
  'path-unproven',
  'notify-channel-down',
  'rota-gap',
  'hand-over-open',
] as const

const alarmCodes = [...pumpAlarmCodes, ...derivedAlarmCodes] as const

export const AlarmCode = z.enum(alarmCodes)
export type AlarmCode = z.infer<typeof AlarmCode>

/** `info` is a notice: listed, never signalled or paged. */
export const Priority = z.enum(['high', 'medium', 'low', 'info'])
export type Priority = z.infer<typeof Priority>

/** Who set the shown priority. The server may raise a pump's priority, never lower it (vocabulary.md 7). */
export const PrioritySource = z.enum(['pump', 'profile', 'server'])
export type PrioritySource = z.infer<typeof PrioritySource>

/** T technical, A advisory in vocabulary.md. */
export const AlarmType = z.enum(['technical', 'advisory'])
export type AlarmType = z.infer<typeof AlarmType>

/** `unknown` counts as `critical`, and the screen says so. */
export const TherapyCriticality = z.enum(['standard', 'critical', 'unknown'])
export type TherapyCriticality = z.infer<typeof TherapyCriticality>
