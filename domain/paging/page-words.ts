import type { Priority } from '../alarm/codes.ts'
import type { DutyPlace } from '../on-call/duty.ts'
import type { Page } from './page.ts'
import type { PageEnd } from './push-message.ts'

/** The words of a page on a locked screen or in somebody else's service: as little as wakes and guides. */
export interface PageWords {
  readonly title: string
  readonly body: string
}

const priorities: Readonly<Record<Priority, string>> = {
  high: 'High alarm',
  medium: 'Medium alarm',
  low: 'Low alarm',
  info: 'Notice',
}

const places: Readonly<Record<DutyPlace, string>> = {
  primary: 'You are on call.',
  backup: 'You are asked as backup.',
  lead: 'You are asked as lead.',
}

const titleOf = ({ kind, priority }: Page, alarms: number): string => {
  const title = alarms > 1 ? `${priorities[priority]}, ${alarms} alarms` : priorities[priority]
  switch (kind) {
    case 'test':
      return 'Test page'
    case 'reminder':
      return `Still going on: ${title}`
    case 'escalation':
      return `Help wanted: ${title}`
    case 'alarm':
    case 'call':
      return title
  }
}

const bodyOf = ({ kind, ward, place, attempt, checkIn, flood }: Page): string => {
  const where = ward === null ? [] : [`${ward}.`]
  switch (kind) {
    case 'test':
      return 'This device gets pages. Nothing has to be done.'
    case 'reminder':
      return [...where, checkIn === true ? 'Say that you are still on it.' : 'You have taken it.'].join(' ')
    case 'escalation':
      return flood === undefined
        ? [...where, 'A colleague asks for you.'].join(' ')
        : `Flood, ${flood} new alarms. A colleague asks you to join.`
    case 'alarm':
    case 'call':
      return [...where, places[place], ...(attempt > 1 ? [`Asked ${attempt} times.`] : [])].join(' ')
  }
}

/** `alarms`: how many the page is about, if it names fewer. */
export const pageWords = (page: Page, alarms: number = page.episodeIds.length): PageWords => ({
  title: page.simulated && page.kind !== 'test' ? `Simulated: ${titleOf(page, alarms)}` : titleOf(page, alarms),
  body: bodyOf(page),
})

/** What a telephone says: how urgent and where, nothing else, because anybody may have picked it up. */
export const spokenWords = (page: Page): string => {
  const { kind, priority, ward, simulated } = page
  const what = kind === 'test' ? 'This is a test call.' : `${simulated ? 'Simulated. ' : ''}${priorities[priority]}.`
  return [what, ...(ward === null ? [] : [`${ward}.`]), 'Press any key to say that you heard this.'].join(' ')
}

/** What replaces a page that is over. */
export const overWords = (page: Page, end: PageEnd): PageWords => ({
  title: end === 'accepted' ? 'Somebody has taken it' : 'The alarm is over',
  body: page.ward === null ? 'Nothing has to be done.' : `${page.ward}. Nothing has to be done.`,
})
