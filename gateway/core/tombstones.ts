import type { BootId } from '#domain/ids.ts'
import type { SeqRange, Tombstone } from '#domain/uplink/records.ts'

/** A record that leaves without having been delivered. */
export interface Buried {
  readonly seq: number
  readonly wallAt: number
}

const rangesPerTombstone = 1_000

/**
 * Names exactly `buried`, all of one boot, in as many tombstones as it takes. The id follows from the numbers, each of which is buried
 * once: the same step after a crash names itself the same way.
 */
export const tombstonesOf = (
  bootId: BootId,
  buried: readonly Buried[],
  reason: Tombstone['reason'],
): readonly Tombstone[] => {
  const runs: Buried[][] = []
  for (const one of buried.toSorted((a, b) => a.seq - b.seq)) {
    const run = runs.at(-1)
    if (run?.at(-1)?.seq === one.seq - 1) run.push(one)
    else runs.push([one])
  }
  const tombstones: Tombstone[] = []
  for (let from = 0; from < runs.length; from += rangesPerTombstone) {
    const part = runs.slice(from, from + rangesPerTombstone)
    const all = part.flat()
    const ranges = part.map((run): SeqRange => [run[0]?.seq ?? 0, run.at(-1)?.seq ?? 0])
    const walls = all.map(({ wallAt }) => wallAt)
    tombstones.push({
      id: `${ranges[0]?.[0] ?? 0}-${bootId.slice(0, 40)}`,
      bootId,
      ranges,
      count: all.length,
      firstWallAt: Math.min(...walls),
      lastWallAt: Math.max(...walls),
      reason,
    })
  }
  return tombstones
}
