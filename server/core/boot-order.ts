import type { BootId } from '#domain/ids.ts'

// Which boot of a hub came first, without asking any clock (docs/adr/0026). A hub's numbers run on over its boots, so within one
// numbering they are the order; whoever counts anew begins the next numbering.

/** A boot that speaks for itself: it is the newest of its hub when it is first heard of. */
export interface SpeakingBoot {
  readonly bootId: BootId
  /** A number that is not above its first; null: not known. */
  readonly firstSeq: number | null
  /** The boots that its outbox remembers; null: it does not say. */
  readonly earlierBoots: readonly BootId[] | null
}

export interface KnownBoot {
  readonly bootId: BootId
  readonly numbering: number
  /** The highest number known of it; 0: none. */
  readonly highestSeq: number
}

/**
 * The numbering of a boot that nobody has heard of before. `latest`: the boots of the hub's latest numbering. In doubt it is a new
 * one: that costs nothing, while numbers that start again inside the old one would make the newest boot look like an old one.
 */
export const numberingOf = (latest: readonly KnownBoot[], { firstSeq, earlierBoots }: SpeakingBoot): number => {
  const numbering = latest[0]?.numbering
  if (numbering === undefined) return 0
  const goesOn = firstSeq !== null && latest.every(({ highestSeq }) => highestSeq < firstSeq)
  const isSameOutbox = earlierBoots === null || latest.some(({ bootId }) => earlierBoots.includes(bootId))
  return goesOn && isSameOutbox ? numbering : numbering + 1
}
