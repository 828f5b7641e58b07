import type { Station } from '../live/messages.ts'

/**
 * Somebody is on duty at this page and its sound really runs: at night she hears the alarm and touches nothing for hours, so her session
 * does not end for being idle (security.md 4).
 */
export const isArmedOnCall = ({ duty, audio }: Pick<Station, 'duty' | 'audio'>): boolean =>
  (duty === 'on-call' || duty === 'backup') && audio.state === 'running' && audio.advancing
