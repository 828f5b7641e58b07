import type { AlarmView } from '#domain/live/views.ts'
import { storedAlarms } from './stored-alarms.ts'

/** What a nurse would act on, of one alarm. */
export interface Shown {
  readonly episodeId: string
  readonly priority: string
  readonly condition: string
  readonly owner: string
}

/** Evaluates in a page, by whatever means there is. */
export type Read = <T>(script: string) => Promise<T>

const rows = `[...document.querySelectorAll('[data-testid="alarm-row"]')].map((row) => ({
  episodeId: row.dataset.episode, priority: row.dataset.priority, condition: row.dataset.condition,
  owner: row.querySelector('.row-owner b').innerText }))`

export const linkState = `document.querySelector('[data-testid="live-pill"]')?.dataset.state`

const sorted = (alarms: readonly Shown[]): readonly Shown[] =>
  alarms.toSorted((a, b) => a.episodeId.localeCompare(b.episodeId))

/** The page's own words for nobody, and for oneself. */
const ownerOf = (text: string): string => text.replace(/^(Unowned|Nobody answered)$/, '').replace(/ \(you\)$/, '')

export const onScreen = async (read: Read): Promise<readonly Shown[]> =>
  sorted((await read<readonly Shown[]>(rows)).map((row) => ({ ...row, owner: ownerOf(row.owner) })))

export const inJournal = (file: string): readonly Shown[] =>
  sorted(
    storedAlarms(file).map(({ episodeId, priority, condition, owner }: AlarmView) => ({
      episodeId,
      priority,
      condition,
      owner: owner?.name ?? '',
    })),
  )

/**
 * How a wall differs from the journal's file; null: it is live and shows exactly that. The journal is read before and after, because it
 * may move meanwhile.
 */
export const differsFromJournal = async (read: Read, file: string): Promise<string | null> => {
  const before = JSON.stringify(inJournal(file))
  const state = await read<string>(linkState)
  const shown = JSON.stringify(await onScreen(read))
  const after = JSON.stringify(inJournal(file))
  if (before !== after) return 'the journal moved'
  if (state !== 'live') return `the page says ${state}`
  return shown === after ? null : `on screen ${shown}\nin the journal ${after}`
}
