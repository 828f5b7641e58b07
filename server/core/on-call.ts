import type { Duty, TeamId } from '#domain/on-call/duty.ts'
import type { Instant } from '#domain/time.ts'

/** Who is on call. Answers from memory: paging must not wait for a disk. */
export interface OnCall {
  /** An unknown team is answered as the default team. */
  duty(teamId: TeamId, at: Instant): Duty
  teams(): readonly TeamId[]
}
