import { unassigned } from '#domain/assignment/assignment.ts'
import type { Assignment, AssignmentDetails } from '#domain/assignment/assignment.ts'
import type { PumpId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { Instant } from '#domain/time.ts'

/** What the wall and the alarms need to know of a pump. */
export interface WallAssignments {
  get(pumpId: PumpId): Pick<AssignmentDetails, 'label' | 'criticality'> | undefined
}

export const assignmentOf = (
  assignments: WallAssignments,
  pumpId: PumpId,
): Pick<AssignmentDetails, 'label' | 'criticality'> => assignments.get(pumpId) ?? unassigned

export interface AssignmentChange {
  readonly pumpId: PumpId
  readonly before: AssignmentDetails
  readonly after: AssignmentDetails
}

/** What pumps are used for now. Answers from memory: no alarm waits for it. */
export interface Assignments {
  /** Undefined: nobody has said anything, or the pump is free. Then `unassigned` holds. */
  get(pumpId: PumpId): AssignmentDetails | undefined
  /** The stretches that are valid now, also of pumps that are free again. */
  all(): readonly Assignment[]
  /** After the commit. Returns the way to stop listening. */
  onChange(listener: (change: AssignmentChange) => void): () => void
}

export interface AssignmentWrite {
  readonly pumpId: PumpId
  /** 0: nothing is stored of this pump. */
  readonly expectedVersion: number
  /** Null: the pump is free again. */
  readonly details: AssignmentDetails | null
  readonly by: Person
  readonly at: Instant
}

/** Where assignments are kept. Every stretch stays, with who began it. */
export interface AssignmentStore {
  current(): Promise<readonly Assignment[]>
  /** Oldest first. */
  history(pumpId: PumpId): Promise<readonly Assignment[]>
  /** The stretches that were valid then, of all pumps. */
  validAt(at: number): Promise<readonly Assignment[]>
  /** All or none, durable when resolved. Rejects with `SRV_VERSION_CONFLICT` when one of the pumps has another version by now. */
  put(writes: readonly AssignmentWrite[]): Promise<void>
}
