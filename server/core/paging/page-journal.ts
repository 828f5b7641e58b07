import type { Person } from '#domain/live/views.ts'
import type { PageEvent, PageRoot } from '#domain/paging/events.ts'

/** What is new about one root. */
export interface RootAppend {
  readonly root: PageRoot
  /** 0: nothing was ever stored of it. */
  readonly expectedVersion: number
  readonly events: readonly PageEvent[]
  /** When to look again, paging clock, ms; null: when something happens. */
  readonly nextDue: number | null
  /** Of the claim under which this was decided; null: it was decided because something happened, and the version alone protects it. */
  readonly token: number | null
}

/** A person whose last page got nowhere. */
export interface Unreached {
  readonly person: Person
  /** By pages of simulated alarms; each name space has an alarm of its own. */
  readonly simulated: boolean
  readonly since: number
  readonly reason: string
}

/** A root that is due, claimed for one look. Another claim takes it over once the lease has run out. */
export interface DueRoot {
  readonly root: PageRoot
  readonly token: number
}

export interface StoredRoot {
  /** Since the root was last at rest. */
  readonly events: readonly PageEvent[]
  readonly version: number
}

/** Append only; optimistic version per root; pages are committed here before they leave. */
export interface PageJournal {
  /** Durable when resolved, all or none. Rejects with `SRV_VERSION_CONFLICT` when a root has moved on or its claim was taken over. */
  commit(
    appends: readonly RootAppend[],
    reached: { readonly yes: readonly Person[]; readonly no: readonly Unreached[] },
  ): Promise<void>
  /** Claims what is due at `now`, the longest waiting first. */
  claim(now: number, holder: string, leaseMs: number, limit: number): Promise<readonly DueRoot[]>
  load(root: PageRoot): Promise<StoredRoot>
  /** All that are not at rest. */
  restless(): Promise<readonly PageRoot[]>
  /** Everything ever done about this root from then on, oldest first. */
  since(root: PageRoot, from: number): Promise<readonly PageEvent[]>
  unreached(): Promise<readonly Unreached[]>
}
