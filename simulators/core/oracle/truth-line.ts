import type { Priority } from '#domain/alarm/codes.ts'

/** One line of the truth log; what a kind does not have is absent. */
export interface TruthLine {
  readonly kind: string
  readonly pumpId: string
  readonly wallAt: number
  readonly ids?: Readonly<Record<string, string | number>> | undefined
  /** Whose receipt it is, or what was acknowledged. */
  readonly of?: string | undefined
  readonly droppedBytes?: number | undefined
  readonly plugged?: boolean | undefined
  readonly code?: string | null | undefined
  readonly raised?: boolean | undefined
  readonly priority?: Priority | null | undefined
  readonly channelId?: string | undefined
  readonly infusedTotalMl?: number | undefined
  readonly linePressureMmHg?: number | null | undefined
  readonly rateMlPerHour?: number | null | undefined
  readonly act?: string | undefined
  /** The pump that a swapped one takes the place of: from then on it is gone. */
  readonly replaces?: string | undefined
  readonly scenario?: string | undefined
  /** Other bytes than the pump's came out of the wire, or none. */
  readonly damaged?: boolean | undefined
  /** Published a second time. */
  readonly again?: boolean | undefined
  readonly fault?: string | undefined
  readonly on?: boolean | undefined
  readonly uptimeMs?: number | undefined
  /** Its bytes came in pieces, with a pause of so much between two of them. */
  readonly pauseMs?: number | undefined
}
