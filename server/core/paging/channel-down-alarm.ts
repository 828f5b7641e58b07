import type { UserId } from '#domain/ids.ts'
import type { DownChannels } from '../channels/down-channels.ts'
import { SiteAlarm, type SiteAlarmDependencies } from '../site-alarm.ts'
import type { ReachBook } from './reach-book.ts'

export interface ChannelDownDependencies extends SiteAlarmDependencies {
  readonly reach: ReachBook
  /** Whether somebody would page this person now: on call in some team, or owner of an alarm that goes on. */
  readonly isNeeded: (userId: UserId) => boolean
  /** What the channels' own tests say. */
  readonly channels: () => DownChannels
  /** The channels of a demonstration are simulated people's: they page nobody real. */
  readonly isDemo: boolean
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/**
 * "Cannot reach you" is an alarm of the site: raised while somebody on call could not be reached with the last page, while a channel
 * fails its own tests, or while nobody is on call for an alarm that waits; ended when a page or a test goes through.
 */
export const channelDownAlarm = (deps: ChannelDownDependencies): SiteAlarm => {
  const { reach, isNeeded, channels, isDemo } = deps
  return new SiteAlarm(deps, {
    code: 'notify-channel-down',
    text: (simulated) => {
      const people = reach
        .unreached()
        .filter((one) => one.simulated === simulated && isNeeded(one.person.userId))
        .map(({ person, reason }) => `${person.name} (${reason})`)
        .toSorted()
      // Not for the site's own alarms, of which this is one: it would be its own reason and never end.
      const waiting = reach
        .withNobody()
        .filter((root) => root.startsWith('demo/') === simulated && !root.endsWith('/site')).length
      const parts = [
        ...(people.length === 0 ? [] : [`cannot be reached: ${people.join(', ')}`]),
        ...(simulated === isDemo ? channels().down : []).map(({ channel, reason }) => `${channel} fails: ${reason}`),
        ...(waiting === 0 ? [] : ['nobody on call who could be asked']),
      ]
      return parts.length === 0 ? null : parts.map(sentence).join('. ')
    },
    // An alarm of the last run stands until its channels were tested again.
    mayEndUntold: () => channels().isSettled,
  })
}
