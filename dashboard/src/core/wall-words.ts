import { paged } from './closed-words.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'
import { plural } from './plural.ts'

// Words of the alarm wall, its rows and what is read aloud; a part of messages.ts.

export const wallWords = {
  wall: {
    counts: (unowned: number, taken: number) =>
      unowned > 0 && taken > 0
        ? `${unowned} unowned, ${taken} taken`
        : unowned > 0
          ? `${unowned} unowned`
          : taken > 0
            ? 'all taken'
            : 'none',
    facts: 'Facts',
    reporting: 'Reporting',
    reportingValue: (heard: string, all: string) => `${heard} of ${all}`,
    stale: 'Stale values',
    unverified: 'Unverified alarms',
    lastTenMinutes: 'Alarms, last 10 min',
    queue: 'Triage queue',
    queueCount: (open: number, ended: number) => `${open} open${ended > 0 ? `, ${ended} ended` : ''}`,
    allPumps: (count: string) => `All ${count} pumps`,
    empty: 'No open alarms.',
    emptyFacts: (pumps: string, time: string) => `${pumps} reporting, last check ${time}`,
    pumpsReporting: (count: number) => plural(count, 'pump', 'pumps'),
    loading: 'Loading the alarms …',
    stillLoading: 'Still loading. Use the team’s phone list for anything urgent.',
    moreLow: (count: number) => `and ${count} more Low`,
    fewerLow: 'show fewer Low',
    noPumps: 'No pump has been heard yet.',
    site: 'Site',
    hub: (name: string) => `Hub ${name}`,
  },

  row: {
    glyph: (priorityWord: string, state: string) => `${priorityWord} priority, ${state}`,
    state: {
      new: 'new',
      seen: 'seen, not taken',
      declined: 'declined, not taken',
      'taken-by-me': 'taken by you',
      taken: 'taken',
      'handed-over': 'taken by you, offered to a colleague',
      'offered-to-me': 'offered to you, not yet yours',
      'closed-out': 'closed out, condition goes on',
      latched: 'ended, nobody answered, needs an answer',
      'ended-unanswered': 'ended, nobody answered',
      'ended-taken': 'ended, outcome needed',
    },
    unowned: 'Unowned',
    nobodyAnswered: 'Nobody answered',
    since: (time: string) => `Since ${time}`,
    seenBy: 'Seen, nobody owns it',
    paged: (name: string, ago: string, progress: PagedNote['progress']) =>
      `Paged ${name} ${ago} ago, ${paged[progress]}`,
    declined: 'Declined, next person needed',
    takenAt: (time: string) => `Taken ${time}`,
    outcomeNeeded: 'Outcome needed',
    ended: (time: string) => `Ended ${time}`,
    endedUnobserved: (time: string) => `Ended by ${time}, end not heard`,
    endedNobody: 'Ended, nobody answered',
    latched: (time: string) => `Ended ${time}, needs an answer`,
    closedOut: 'Closed out, condition goes on',
    lastHeard: (time: string) => `Unverified, last heard ${time}`,
    unverified: 'Unverified',
    offeredTo: (name: string) => `Offered to ${name}, yours until taken over`,
    offeredToYou: (name: string) => `${name} offers it to you`,
    handOver: 'Hand over',
    keep: 'Keep it',
    takeOver: 'Take over',
    cantTakeOver: 'Can’t take over',
    take: 'Take',
    taking: 'Taking …',
    closeOut: 'Close out',
    open: 'Open',
    more: 'More',
    moreFor: (alarm: string, where: string) => `More for ${alarm}, ${where}`,
    seen: 'Seen',
    cantTake: 'Can’t take',
    undo: (seconds: number) => `Undo (${seconds})`,
    dataAge: (value: string) => `data ${value}`,
    noData: 'no data',
    pumps: (count: number) => `${plural(count, 'pump', 'pumps')} unverified`,
    newWord: 'New',
    changed: 'Changed while away',
  },
  badge: {
    critical: 'Critical therapy',
    unknown: 'Criticality unknown',
    recurrence: (times: number) => `×${times}`,
    recurring: 'Recurring',
    late: (happened: string, received: string) => `Late: ${happened}, got ${received}`,
    raised: 'Priority raised',
    timeUncertain: (value: string) => `Time uncertain ±${value}`,
    experimental: 'Experimental driver',
    more: (count: number) => `+${count}`,
  },
  command: {
    lostLink: 'Could not send it. Link lost.',
    noAnswer: 'No answer from the server. Check the row before you try again.',
    conflictTaken: (who: string, ago: string) => `${who} took this ${ago} ago`,
    conflict: 'It changed meanwhile. Look again.',
    moved: 'The list had just moved. Press again.',
    refused: (why: string) => why,
    withdrawn: 'Taken back. Nobody owns it.',
  },
  speak: {
    newAlarm: (priorityWord: string, name: string, where: string) => `New ${priorityWord} alarm: ${name}, ${where}.`,
    several: (count: number, last: string) => `${count} messages. ${last}`,
    taken: (who: string, name: string, where: string) => `${who} took ${name}, ${where}.`,
    notLive: 'Not live. Values on this page are old.',
    live: 'Live again.',
    counts: (high: number, medium: number, low: number) => `${high} High, ${medium} Medium, ${low} Low open.`,
  },
} as const

/** Keys of the queue, for the help. */
export const queueKeyWords = {
  title: 'While the alarm queue has the focus',
  keys: [
    ['j k or arrows', 'next, previous alarm'],
    ['Enter', 'open the pump'],
    ['T', 'take'],
    ['S', 'seen'],
    ['O', 'close out'],
    ['1 2 3', 'first High, Medium, Low'],
    ['P', 'pause the sound of this page, or end the pause'],
    ['C', 'speak the counts'],
  ],
} as const
