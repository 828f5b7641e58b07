import type { LiveChange, LiveSnapshot } from '#domain/live/messages.ts'
import type { PumpView } from '#domain/live/views.ts'

/** Who looks: `unlabelled` sees device ids only (engineers). */
export type LiveAudience = 'labelled' | 'unlabelled'

export const pumpFor = (audience: LiveAudience, pump: PumpView): PumpView =>
  audience === 'labelled' ? pump : { ...pump, label: null }

export const snapshotFor = (audience: LiveAudience, snapshot: LiveSnapshot): LiveSnapshot => ({
  ...snapshot,
  pumps: snapshot.pumps.map((pump) => pumpFor(audience, pump)),
})

export const changesFor = (audience: LiveAudience, changes: readonly LiveChange[]): LiveChange[] =>
  changes.map((change) => (change.kind === 'pump' ? { ...change, pump: pumpFor(audience, change.pump) } : change))
