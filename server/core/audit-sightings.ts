import type { AuditAction, AuditNote, AuditOutcome } from '#domain/audit/entry.ts'
import type { UserId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { Audit } from './audit.ts'
import { CommitGroup } from './commit-group.ts'
import type { Log } from './log.ts'
import type { Permission } from './permissions.ts'

export const sightingsOfMs = 5 * 60_000
/** Beyond this what is older than five minutes is forgotten before the next row is written. */
const mostKept = 20_000
/** Rows of one commit: about 10 ms. */
const mostAtOnce = 500

export interface AuditSightingsDependencies {
  readonly audit: Audit
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

export interface Sighting {
  readonly actor: string
  readonly action: AuditAction
  readonly outcome: AuditOutcome
  readonly object: string
}

/**
 * Records what happens again and again once in five minutes for each person, act and object: who looked at which patient, and what
 * was refused. A row means "at least once within five minutes from then". It never stands in the way of a look: what cannot be
 * recorded is counted and logged, and tried again with the next look.
 */
export class AuditSightings {
  readonly #clock: Clock
  readonly #log: Log
  /** After a restart everybody looks at once: their rows share a commit. */
  readonly #group: CommitGroup<readonly AuditNote[], null>
  readonly #last = new Map<string, number>()
  #lost = 0

  constructor({ audit, clock, scheduler, log }: AuditSightingsDependencies) {
    this.#clock = clock
    this.#log = log
    this.#group = new CommitGroup({
      scheduler,
      commit: async (all) => {
        await audit.note(all.flat())
        return all.map(() => null)
      },
      weigh: (notes) => notes.length,
      mostWeight: mostAtOnce,
    })
  }

  /** Sightings that are in no row because the journal did not commit. */
  get lost(): number {
    return this.#lost
  }

  /** Durable when resolved, unless it could not be stored. Never rejects. */
  async saw(sightings: readonly Sighting[]): Promise<void> {
    const now = this.#clock.monotonic()
    const fresh = new Map(sightings.map((sighting) => [keyOf(sighting), sighting]))
    for (const key of fresh.keys()) if (now - (this.#last.get(key) ?? -Infinity) < sightingsOfMs) fresh.delete(key)
    if (fresh.size === 0) return
    this.#makeRoom(now)
    for (const key of fresh.keys()) this.#last.set(key, now)
    try {
      const at = this.#clock.now()
      await this.#group.add([...fresh.values()].map((sighting) => ({ ...sighting, at })))
    } catch (error) {
      for (const key of fresh.keys()) this.#last.delete(key)
      this.#lost += fresh.size
      this.#log.error({ err: error, rows: fresh.size, lost: this.#lost }, 'who looked could not be recorded')
    }
  }

  #makeRoom(now: number): void {
    if (this.#last.size < mostKept) return
    for (const [key, at] of this.#last) if (now - at >= sightingsOfMs) this.#last.delete(key)
  }
}

const keyOf = ({ actor, action, outcome, object }: Sighting): string => [actor, action, outcome, object].join('\n')

/** Somebody was shown what is about a patient. */
export const lookAt = (userId: UserId, object: string): Sighting => ({
  actor: userId,
  action: 'patient.view',
  outcome: 'done',
  object,
})

/** Somebody asked for what their role does not allow. */
export const refusal = (userId: UserId, action: AuditAction, permission: Permission): Sighting => ({
  actor: userId,
  action,
  outcome: 'refused',
  object: `permission:${permission}`,
})
