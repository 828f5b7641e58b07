import { z } from 'zod'
import type { Instant } from '../time.ts'
import type { Json } from './canonical-json.ts'

/** Closed list of what is recorded (security.md 9). Words for it: the dashboard's audit words. */
export const auditActions = [
  'session.begin',
  'session.prove',
  'session.end',
  'session.revoke',
  'permission.use',
  'patient.view',
  'patient.export',
  'patient.erase',
  'patient.key',
  'alarm.accept',
  'alarm.seen',
  'alarm.withdraw',
  'alarm.reject',
  'alarm.hand-over',
  'alarm.take-over',
  'alarm.decline-hand-over',
  'alarm.withdraw-hand-over',
  'alarm.check-in',
  'alarm.take-from',
  'alarm.escalate',
  'alarm.shelve',
  'alarm.unshelve',
  'alarm.resolve',
  'alarm.triage',
  'watch.started',
  'watch.noted',
  'watch.offered',
  'watch.taken',
  'watch.offer-ended',
  'watch.ended',
  'shift.accept',
  'assignment.set',
  'assignment.end',
  'team.name',
  'team.members',
  'rota.set',
  'user.add',
  'user.password',
  'user.role',
  'user.disable',
  'user.enable',
  'invitation.make',
  'invitation.withdraw',
  'invitation.use',
  'identity.link',
  'session.break-glass',
  'factor.totp',
  'factor.totp-remove',
  'factor.passkey',
  'factor.passkey-name',
  'factor.passkey-remove',
  'factor.recovery',
  'factor.recovery-use',
  'factor.reset',
  'claim.create',
  'hub.enrol',
  'hub.key',
  'hub.rename',
  'hub.revoke',
  'hub.note',
  'device.add',
  'device.remove',
  'simulator.drive',
  'assignments.export',
  'audit.read',
  'audit.export',
  'server.start',
  'backup.make',
  'backup.restore',
] as const
export const AuditAction = z.enum(auditActions)
export type AuditAction = z.infer<typeof AuditAction>

/** `refused`: somebody was not allowed to, or could not prove who they are. Nothing changed. */
export const AuditOutcome = z.enum(['done', 'refused'])
export type AuditOutcome = z.infer<typeof AuditOutcome>

const Hash = z.string().regex(/^[0-9a-f]{64}$/)

/** One row of the chain. Ids and hashes only: no label, no name, no number, no text that somebody typed. */
export const AuditRow = z.object({
  /** From 1, without a gap. */
  seq: z.int().positive(),
  /** Server time, ms. */
  ts: z.int(),
  /** A user's id; or `command-line`, `server`, `unknown`, or `hub:` and the id of a hub. */
  actor: z.string(),
  action: AuditAction,
  outcome: AuditOutcome,
  /** A kind, a colon and an id, such as `pump:P-1`. */
  object: z.string(),
  /** Keyed hashes of what was there before and after; null: nothing was, or it is not a change. */
  beforeHash: Hash.nullable(),
  afterHash: Hash.nullable(),
  prevHash: Hash,
  hash: Hash,
})
export type AuditRow = Readonly<z.infer<typeof AuditRow>>

/** What is to be recorded. Of `before` and `after` a keyed hash alone is kept. */
export interface AuditNote {
  readonly at: Instant
  readonly actor: string
  readonly action: AuditAction
  readonly outcome?: AuditOutcome
  readonly object: string
  readonly before?: Json
  readonly after?: Json
}
