import { batch, signal } from '@preact/signals'
import type { PumpId } from '#domain/ids.ts'
import type { RosterRow } from '#domain/live/roster.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

/** What the server takes at once. */
const most = 200

export type AssignTold =
  | { readonly is: 'done'; readonly changed: number; readonly teamId: TeamId }
  | { readonly is: 'refused'; readonly failure: ApiFailure; readonly detail: string | null }

/** Choosing pumps line by line to give them to a team: nothing else is done to many at once, and there is no way to choose all. */
export class AssignModel {
  /** With the version that was seen when the line was chosen; null: nobody chooses. */
  readonly chosen = signal<ReadonlyMap<PumpId, number> | null>(null)
  readonly sending = signal(false)
  readonly told = signal<AssignTold | null>(null)
  readonly #link: ServerLink

  constructor(link: ServerLink) {
    this.#link = link
  }

  begin(): void {
    batch(() => {
      this.chosen.value = new Map()
      this.told.value = null
    })
  }

  end(): void {
    this.chosen.value = null
  }

  toggle({ pump: { pumpId }, useVersion }: Pick<RosterRow, 'pump' | 'useVersion'>): void {
    const chosen = this.chosen.peek()
    if (chosen === null || useVersion === null || this.sending.peek()) return
    const next = new Map(chosen)
    if (!next.delete(pumpId) && next.size < most) next.set(pumpId, useVersion)
    batch(() => {
      this.chosen.value = next
      this.told.value = null
    })
  }

  /** Whether it was stored. Refused: the choice stays, with the versions of then. */
  async assign(teamId: TeamId): Promise<boolean> {
    const chosen = this.chosen.peek()
    if (chosen === null || chosen.size === 0) return false
    this.sending.value = true
    const pumps = [...chosen].map(([pumpId, expectedVersion]) => ({ pumpId, expectedVersion }))
    const answer = await this.#link.request<'assign-team'>({ what: 'assign-team', body: { teamId, pumps } })
    batch(() => {
      this.sending.value = false
      this.told.value = answer.ok
        ? { is: 'done', changed: answer.body.changed.length, teamId }
        : { is: 'refused', failure: answer.failure, detail: answer.detail ?? null }
      if (answer.ok) this.chosen.value = null
    })
    return answer.ok
  }
}
