/** Frames of one boot id, in the order they were first sent (ip1.md 3). */
export type SequenceVerdict =
  | { readonly kind: 'accept'; readonly missed: number }
  | { readonly kind: 'dup' }
  | { readonly kind: 'stale' }

/** `last`: the highest number accepted, null before the first frame of a boot id. */
export const judgeSequence = (last: number | null, seq: number): SequenceVerdict => {
  if (last === null) return { kind: 'accept', missed: 0 }
  const ahead = (seq - last) & 0xffff
  if (ahead === 0) return { kind: 'dup' }
  return ahead < 0x8000 ? { kind: 'accept', missed: ahead - 1 } : { kind: 'stale' }
}

/**
 * After so long without an accepted frame the counter may have gone half round, so `last` no longer tells old from new: the pump
 * would be deaf for hours. 32767 frames at four a second.
 */
export const sequenceHorizonMs = 8_191_750
