import { paged } from './closed-words.ts'
import { nbsp } from './format.ts'
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
    allPumps: (count: number, told: string) => (count === 1 ? 'One pump' : `All ${told} pumps`),
    empty: 'No open alarms.',
    emptyFacts: (pumps: string, time: string) => `${pumps} reporting, last check ${time}`,
    pumpsReporting: (count: number, told: string) => `${told} ${count === 1 ? 'pump' : 'pumps'}`,
    loading: 'Loading the alarms …',
    stillLoading: (phone: string | null) =>
      phone === null
        ? 'Still loading. Use the team’s phone list for anything urgent.'
        : `Still loading. Urgent: call ${phone}.`,
    /** `shown`: how many of them have a row of their own above. */
    foldedLow: (count: number, shown: number) =>
      shown > 0 ? `and ${count} more Low` : plural(count, 'Low alarm, folded', 'Low alarms, folded'),
    foldLow: (shown: number) => (shown > 0 ? 'Show fewer Low' : 'Fold the Low alarms'),
    noPumps: 'No pump has been heard yet.',
    /** The page is connected, and the server is still telling it the pumps. */
    pumpsToCome: (count: string) => `${count} still to come`,
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
    /** `how`: of `pagedHow`. */
    paged: (name: string, ago: string, how: string) => `Paged ${name} ${ago} ago, ${how}`,
    pagedShortly: (name: string, how: string) => `Paged ${name}, ${how}`,
    pagedHow: paged,
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
    note: 'Note',
    escalate: 'Escalate',
    shelve: 'Shelve',
    stillOnIt: 'Still on it',
    takeFrom: 'Take from its owner',
    checkInBy: (time: string) => `Check in by ${time}`,
    checkInNow: (left: string) => `Check in now, lapses in ${left}`,
    checkInMissed: 'Check-in missed',
    ownerGone: 'Owner is gone',
    rises: (left: string) => `Rises in ${left}`,
    lapsed: (name: string) => `${name} is no longer on it`,
    pageIn: (left: string) => `Page in ${left}`,
    backupIn: (left: string) => `Backup in ${left}`,
    leadIn: (left: string) => `Lead in ${left}`,
    againIn: (left: string) => `Page again in ${left}`,
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
    dataAge: (value: string) => `data${nbsp}${value}`,
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
    handedToYou: 'Handed to you',
    /** `whom`: a place or a name. */
    escalated: (whom: string) => `Escalated: ${whom}`,
    escalatedToYou: 'Escalated to you',
    escalatedOn: 'Escalated',
    paused: (left: string) => `Sound off ${left}`,
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
    counts: (high: number, medium: number, low: number, unowned: number) =>
      `${high} High, ${medium} Medium, ${low} Low open, ${unowned === 0 ? 'none' : unowned} unowned.`,
  },
} as const
