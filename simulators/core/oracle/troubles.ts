import { describeFault, faultNames } from '../faults/catalog.ts'
import type { TruthLine } from './truth-line.ts'

/** What kept a pump from being heard or believed. */
export interface Silence {
  readonly pumpId: string
  /** `cable`, the fault, or the act: of acts nobody knows when they are over. */
  readonly name: string
  readonly at: number
  /** Infinity: it goes on. */
  readonly until: number
}

const linkFaults: ReadonlySet<string> = new Set(
  faultNames.filter((name) => /wire|broker|link/.test(describeFault(name).at)),
)

/** The pump says that an alarm is over and goes on showing it: no server can know better. */
export const contradicting = 'stuck-alarm'

/** What makes a pump hard to hear or to believe and what ends it; of most acts nobody knows when they are over. */
const troubleOf = ({ kind, act, fault, on }: TruthLine): { readonly name: string; readonly begins: boolean } | null => {
  if (kind === 'act' && (act === 'unplug' || act === 'replug')) return { name: 'cable', begins: act === 'unplug' }
  if (
    kind === 'fault' &&
    fault !== undefined &&
    fault !== 'unplug' &&
    (linkFaults.has(fault) || fault === contradicting)
  )
    return { name: fault, begins: on === true }
  return null
}

/** By pump and kind, from when it began until it was over. */
export const troublesOf = (lines: readonly TruthLine[]): readonly Silence[] => {
  const open = new Map<string, Silence>()
  const over: Silence[] = []
  for (const line of lines) {
    const trouble = troubleOf(line)
    if (trouble === null) continue
    const key = `${line.pumpId} ${trouble.name}`
    const running = open.get(key)
    if (trouble.begins && running === undefined)
      open.set(key, { name: trouble.name, pumpId: line.pumpId, at: line.wallAt, until: Infinity })
    if (trouble.begins || running === undefined) continue
    open.delete(key)
    over.push({ ...running, until: line.wallAt })
  }
  return [...over, ...open.values()]
}
