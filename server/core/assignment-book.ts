import { AssignmentDetails, unassigned } from '#domain/assignment/assignment.ts'
import type { Assignment } from '#domain/assignment/assignment.ts'
import type { PumpId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { Clock } from '#domain/time.ts'
import type { AssignmentChange, AssignmentStore, Assignments } from './assignments.ts'
import { isServerError } from './errors.ts'

export type AssignmentOutcome =
  | { readonly outcome: 'ok'; readonly assignment: Assignment }
  /** Somebody was faster; null: nothing is known of this pump. */
  | { readonly outcome: 'conflict'; readonly assignment: Assignment | null }

export type TeamOutcome =
  | { readonly outcome: 'ok'; readonly changed: readonly PumpId[] }
  /** Somebody was faster with these: nothing was changed. */
  | { readonly outcome: 'conflict'; readonly pumpIds: readonly PumpId[] }

/** Who answered for a pump from `from` until before `to`, server time, ms. */
export interface TeamStretch {
  readonly from: number
  readonly to: number
  readonly teamId: TeamId
}

const everybodys: readonly TeamStretch[] = [
  { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, teamId: defaultTeam },
]

/** The assignments in memory, in front of their store. */
export class AssignmentBook implements Assignments {
  readonly #store: AssignmentStore
  readonly #clock: Clock
  readonly #listeners = new Set<(change: AssignmentChange) => void>()
  #current: ReadonlyMap<PumpId, Assignment> = new Map()
  readonly #teams = new Map<PumpId, readonly TeamStretch[]>()

  constructor(store: AssignmentStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  get(pumpId: PumpId): AssignmentDetails | undefined {
    return this.#current.get(pumpId)?.details ?? undefined
  }

  all(): readonly Assignment[] {
    return [...this.#current.values()]
  }

  stretch(pumpId: PumpId): Assignment | null {
    return this.#current.get(pumpId) ?? null
  }

  /** All of time, oldest first, without a gap. */
  teamsOver(pumpId: PumpId): readonly TeamStretch[] {
    return this.#teams.get(pumpId) ?? everybodys
  }

  history(pumpId: PumpId): Promise<readonly Assignment[]> {
    return this.#store.history(pumpId)
  }

  onChange(listener: (change: AssignmentChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads the store again: another process may have written. Tells the listeners what differs. */
  async refresh(): Promise<void> {
    const before = this.#current
    const stored = await this.#store.current()
    for (const { pumpId, version } of stored)
      if (before.get(pumpId)?.version !== version) this.#teams.set(pumpId, teamsIn(await this.#store.history(pumpId)))
    this.#current = new Map(stored.map((one) => [one.pumpId, one]))
    for (const [pumpId, { version }] of this.#current) {
      const old = before.get(pumpId)
      if (old?.version === version) continue
      const change = { pumpId, before: old?.details ?? unassigned, after: this.get(pumpId) ?? unassigned }
      for (const listener of this.#listeners) listener(change)
    }
  }

  /** `details` null: the pump is free again. */
  async set(
    by: Person,
    pumpId: PumpId,
    expectedVersion: number,
    details: AssignmentDetails | null,
  ): Promise<AssignmentOutcome> {
    let conflict = false
    try {
      await this.#store.put([{ pumpId, expectedVersion, details, by, at: this.#clock.now() }])
    } catch (error) {
      if (!isServerError(error, 'SRV_VERSION_CONFLICT')) throw error
      conflict = true
    }
    await this.refresh()
    const assignment = this.stretch(pumpId)
    return conflict || assignment === null ? { outcome: 'conflict', assignment } : { outcome: 'ok', assignment }
  }

  /** Another team for these pumps, all or none; `seen`: the version of each that whoever asks has seen. */
  async assignTeam(by: Person, teamId: TeamId, seen: ReadonlyMap<PumpId, number>): Promise<TeamOutcome> {
    const changedMeanwhile = (): readonly PumpId[] =>
      [...seen].flatMap(([pumpId, version]) => ((this.stretch(pumpId)?.version ?? 0) === version ? [] : [pumpId]))
    const stale = changedMeanwhile()
    if (stale.length > 0) return { outcome: 'conflict', pumpIds: stale }
    const at = this.#clock.now()
    const writes = [...seen].flatMap(([pumpId, expectedVersion]) => {
      const details = this.stretch(pumpId)?.details ?? unassigned
      const isNew = this.stretch(pumpId)?.details == null
      return details.teamId === teamId && !isNew
        ? []
        : [{ pumpId, expectedVersion, details: { ...details, teamId }, by, at }]
    })
    try {
      await this.#store.put(writes)
    } catch (error) {
      if (!isServerError(error, 'SRV_VERSION_CONFLICT')) throw error
      await this.refresh()
      return { outcome: 'conflict', pumpIds: changedMeanwhile() }
    }
    await this.refresh()
    return { outcome: 'ok', changed: writes.map(({ pumpId }) => pumpId) }
  }

  /**
   * Sets what differs, in one transaction; returns the pumps that were changed. What the list leaves out stays as it is.
   * `spare`: pumps whose assignment somebody else made last are left alone.
   */
  async import(
    by: Person,
    list: ReadonlyMap<PumpId, Partial<AssignmentDetails>>,
    { spare }: { readonly spare: boolean },
  ): Promise<readonly PumpId[]> {
    await this.refresh()
    const at = this.#clock.now()
    const writes = [...list].flatMap(([pumpId, told]) => {
      const known = this.stretch(pumpId)
      const details = { ...(known?.details ?? unassigned), ...told }
      const spared = spare && known !== null && known.changedBy.userId !== by.userId
      if (spared || isSame(known?.details ?? null, details)) return []
      return [{ pumpId, expectedVersion: known?.version ?? 0, details, by, at }]
    })
    await this.#store.put(writes)
    await this.refresh()
    return writes.map(({ pumpId }) => pumpId)
  }
}

/** Before anybody said something of a pump, and while nobody uses it, it is everybody's. */
const teamsIn = (history: readonly Assignment[]): readonly TeamStretch[] => [
  { from: Number.NEGATIVE_INFINITY, to: history[0]?.validFrom ?? Number.POSITIVE_INFINITY, teamId: defaultTeam },
  ...history.map(({ validFrom, validTo, details }) => ({
    from: validFrom,
    to: validTo ?? Number.POSITIVE_INFINITY,
    teamId: details?.teamId ?? defaultTeam,
  })),
]

const isSame = (a: AssignmentDetails | null, b: AssignmentDetails): boolean =>
  a !== null && fingerprint(a) === fingerprint(b)

/** Parsing puts the fields of both into the order of the schema. */
const fingerprint = (details: AssignmentDetails): string => JSON.stringify(AssignmentDetails.parse(details))
