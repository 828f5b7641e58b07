import type { AdherenceRow, JudgedRunView } from '#domain/live/adherence.ts'

// How a planned delivery stands in the list: one mark for all that was judged of it. Pure.

export type KeptMark = 'kept' | 'differs' | 'not-known' | 'open'

const differing: ReadonlySet<JudgedRunView['judged']['start']> = new Set(['early', 'late', 'missed', 'short'])

export const keptMark = ({ judged, start }: JudgedRunView): KeptMark => {
  const all = [judged.start, judged.stop, judged.volume]
  if (all.some((one) => differing.has(one))) return 'differs'
  if (all.includes('not-known')) return 'not-known'
  return start.how === 'to-come' || all.includes('open') ? 'open' : 'kept'
}

/** What is worth a word in a cell, in the order of its time. */
export type KeptNote =
  | { readonly what: 'not-started' | 'not-known' | 'runs' | 'due' }
  | { readonly what: 'planned' | 'started' | 'late' | 'early' | 'ended-early'; readonly at: number }
  | { readonly what: 'part'; readonly percent: number }

export const keptNotes = (run: JudgedRunView): readonly KeptNote[] => {
  const { judged, start, stop, volume, plannedMl } = run
  switch (keptMark(run)) {
    case 'kept':
      return [{ what: 'started', at: start.how === 'at' ? start.notAfter : run.startsAt }]
    case 'not-known':
      return [{ what: 'not-known' }]
    case 'open':
      if (start.how === 'to-come') return [{ what: 'planned', at: run.startsAt }]
      return [{ what: start.how === 'at' || start.how === 'went-on' ? 'runs' : 'due' }]
    case 'differs': {
      if (judged.start === 'missed') return [{ what: 'not-started' }]
      const notes: KeptNote[] = []
      if (start.how === 'at' && judged.start === 'late') notes.push({ what: 'late', at: start.notAfter })
      if (start.how === 'at' && judged.start === 'early') notes.push({ what: 'early', at: start.notAfter })
      if (stop.how === 'at' && judged.stop === 'early') notes.push({ what: 'ended-early', at: stop.notAfter })
      if (judged.volume === 'short' && volume !== null && plannedMl !== null)
        notes.push({ what: 'part', percent: (volume.ml / plannedMl) * 100 })
      if (notes.length === 0) notes.push({ what: 'started', at: start.how === 'at' ? start.notAfter : run.startsAt })
      return notes
    }
  }
}

export const keptCounts = (rows: readonly Pick<AdherenceRow, 'runs'>[]): Readonly<Record<KeptMark, number>> => {
  const counts = { kept: 0, differs: 0, 'not-known': 0, open: 0 }
  for (const { runs } of rows) for (const run of runs) counts[keptMark(run)] += 1
  return counts
}
