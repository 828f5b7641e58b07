import type { HubId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time.ts'

/** The last proof of one end of the path. */
export interface PathProof<Id> {
  readonly id: Id
  readonly provenAt: Instant
  /** From the hub's stamp to the journal, or from the server to the page's audio clock and back. */
  readonly tookMs: number
}

/** A nurse's word that she heard a test page, or did not. */
export interface ShiftCheck {
  readonly userId: UserId
  readonly at: Instant
  readonly heard: boolean
}

/** What a restart should know of the path. */
export interface PathProofs {
  hubs(): Promise<readonly PathProof<HubId>[]>
  people(): Promise<readonly PathProof<UserId>[]>
  /** A later one replaces the earlier. */
  hubProven(proof: PathProof<HubId>): Promise<void>
  personProven(proof: PathProof<UserId>): Promise<void>
  addShiftCheck(check: ShiftCheck): Promise<void>
  /** Of each person, the last. */
  shiftChecks(): Promise<readonly ShiftCheck[]>
}
