import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { Rota } from '#domain/on-call/rota.ts'
import type { Instant } from '#domain/time.ts'

export interface StoredTeam {
  readonly teamId: TeamId
  readonly name: string
  readonly members: readonly UserId[]
  readonly rota: StoredRota | null
}

export interface StoredRota {
  readonly version: number
  readonly rota: Rota
  readonly changedBy: Person
  readonly changedAt: Instant
}

/** Who did it, and when. */
export interface Act {
  readonly by: Person
  readonly at: Instant
}

/** Teams, who belongs to them, and their rotas. Every rota stays, with who made it. */
export interface OnCallStore {
  teams(): Promise<readonly StoredTeam[]>
  /** Or gives it another name. */
  putTeam(teamId: TeamId, name: string, act: Act): Promise<void>
  putMembers(teamId: TeamId, members: readonly UserId[], act: Act): Promise<void>
  /** Rejects with `SRV_VERSION_CONFLICT` when the team has another version by now; 0: it has none. */
  putRota(teamId: TeamId, expectedVersion: number, rota: Rota, act: Act): Promise<void>
}
