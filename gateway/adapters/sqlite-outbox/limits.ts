/** What the outbox may take of the disk, and what it keeps ready. */
export interface OutboxLimits {
  /** Telemetry beyond this is thinned, then dropped (reliability.md 3 rule 11). */
  readonly telemetryBytes: number
  /** Telemetry that has waited longer, in running time of the hub, is dropped. */
  readonly telemetryDays: number
  /** Free pages inside the alarm file: alarms go on when the disk is full. */
  readonly reserveBytes: number
  /** A file that is given up when somebody else fills the disk. */
  readonly ballastBytes: number
  /** Bodies of rows set aside; beyond it the oldest go and their hash stays. */
  readonly quarantineBytes: number
  /** Telemetry rows set aside; beyond it the oldest become a tombstone. Alarms are never trimmed. */
  readonly quarantineRows: number
}

const mebibyte = 1024 * 1024

export const defaultLimits: OutboxLimits = {
  telemetryBytes: 1024 * mebibyte,
  telemetryDays: 30,
  reserveBytes: 64 * mebibyte,
  ballastBytes: 8 * mebibyte,
  quarantineBytes: 16 * mebibyte,
  quarantineRows: 20_000,
}
