// Words of the alarm wall beside its rows: filters, groups, the map; a part of messages.ts.

export const queueWords = {
  fleet: {
    show: 'Show all pumps',
    hide: 'Hide the pumps',
    view: 'View',
    views: { auto: 'Auto', large: 'Large tiles', compact: 'Compact tiles', map: 'Map' },
    wallboard: 'Wallboard, one and a half times as large',
  },
  queue: {
    filter: 'Show',
    filters: { all: 'All', mine: 'Mine', unowned: 'Unowned' },
    ward: 'Ward',
    allWards: 'All wards',
    endFilter: 'Show all again',
    /** `teams`: their names, as one text. */
    seesOnly: (teams: string) =>
      teams === '' ? 'You see only what belongs to no team.' : `You see ${teams} only, and what belongs to no team.`,
    hidden: (high: number, medium: number, low: number) =>
      `${[high > 0 ? `${high} High` : '', medium > 0 ? `${medium} Medium` : '', low > 0 ? `${low} Low` : '']
        .filter((part) => part !== '')
        .join(', ')} hidden by filter`,
    filterEnded: 'The filter ended after 10 minutes: all alarms are shown.',
    arrived: 'New alarms',
    arrivedCount: (count: number) => `${count} new. The list stands still while you are in it.`,
    left: 'closed',
    group: (name: string, count: number) => `${name}, ${count} alarms`,
    byCause: 'One cause, each needs its own answer',
    byHub: 'One hub, each needs its own answer',
    unfold: (count: number) => `Show ${count}`,
    fold: 'Fold',
    find: 'Find an alarm',
    choose: 'Choose several',
    chosen: (count: number) => (count === 0 ? 'Choose Low alarms, or Medium ones of one cause.' : `${count} chosen`),
    chooseThis: (name: string, where: string) => `Choose ${name}, ${where}`,
    takeChosen: (count: number) => `Take ${count}`,
    seenChosen: (count: number) => `Seen, ${count}`,
  },
  flood: {
    title: (count: number) => `Flood: ${count} in 10 min.`,
    body: 'Low alarms are folded, Medium ones grouped. Every High keeps its row.',
  },
  shelf: {
    drawer: (count: number) => `${count} shelved`,
    by: (name: string, reason: string) => `${name}: ${reason}`,
    left: (value: string) => `back in ${value}`,
    back: 'Bring back',
  },
} as const
