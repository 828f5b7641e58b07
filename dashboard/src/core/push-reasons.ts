import type { pushWords } from './push-words.ts'
import type { WordsOf } from './words-part.ts'

type PushWords = WordsOf<typeof pushWords>['push']

/** A reason of the server in words. */
export const reasonWords = (words: PushWords, reason: string | null): string => {
  const known: Readonly<Record<string, string>> = words.reason
  return known[reason ?? 'other'] ?? words.reason.other
}

export const repairSteps = ({ repair }: PushWords, deviceName: string): readonly string[] => {
  if (/^(Chrome|Edge|Samsung)/.test(deviceName)) return repair.Chrome
  if (deviceName.startsWith('Firefox')) return repair.Firefox
  return deviceName.startsWith('Safari') ? repair.Safari : repair.other
}
