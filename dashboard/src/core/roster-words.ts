import { plural } from './plural.ts'
import { wordsPart } from './words-part.ts'

// Words of the list of patients and pumps; they come with it.

export const rosterWords = wordsPart({
  roster: {
    title: 'Patients and pumps',
    views: {
      all: 'All',
      ending: 'Ending before 08:00',
      battery: 'Battery under 2 h',
      unheard: 'Not heard 1 h',
      adherence: 'Adherence',
      supply: 'Supply',
    },
    savedViews: 'Saved views',
    search: 'Find label, pump, drug, hub or team',
    team: 'Team',
    allTeams: 'All teams',
    columns: 'Columns',
    filter: 'Filter',
    filterTitle: 'Which pumps?',
    sortedBy: 'Sorted by',
    show: 'Show',
    counts: (matched: string, total: string) => `${matched} of ${total} lines`,
    untold: {
      ending: (count: number) =>
        `${plural(count, 'pump does', 'pumps do')} not say when the program ends, so they are not in this list.`,
      battery: (count: number) =>
        `${plural(count, 'pump on battery does', 'pumps on battery do')} not say how long it lasts, so they are not in this list.`,
      supply: (count: number) =>
        `${plural(count, 'pump does', 'pumps do')} not say when the program ends, so they are not in this list.`,
    },
    empty: 'No pump matches.',
    clear: 'Clear filters',
    loading: 'Loading the list …',
    failed: 'The list is unavailable. Alarms and pump pages go on.',
    kept: (time: string) =>
      `The list is unavailable. The result of ${time} is kept; values go on as long as this page is live.`,
    resultOf: (time: string) => `Order of ${time}`,
    refresh: 'Sort anew',
    again: 'Try again',
    identity: (label: string, pump: string) => `${label}, pump ${pump}`,
    rateWas: 'Rate',
    noLabel: 'no label',
    similar: (labels: string) => `Similar name: ${labels}`,
    heads: {
      label: 'Patient label, pump',
      drug: 'Drug',
      state: 'State',
      rate: 'Rate, mL/h',
      'time-left': 'Program time left',
      battery: 'Battery',
      'data-age': 'Data age',
      hub: 'Hub',
      team: 'Team',
      contact: 'Last contact',
      ends: 'Program ends',
      'battery-until': 'Battery until',
      adherence: 'Adherence',
      planned: 'Planned',
      'ends-home': 'Projected end, patient’s time',
      next: 'Next bag, patient’s time',
    },
    sort: (column: string) => `Sort by ${column}`,
    adherence: { missed: 'Start missed', late: 'Started late', 'stopped-early': 'Stopped early' },
    inZone: (time: string, zone: string) => `${time} ${zone}`,
    notPlanned: 'not planned',
    notUsed: 'not in use',
    channel: (id: string) => `channel ${id}`,
    help: 'Arrow keys move in the table, Enter opens the pump.',
    assignBegin: 'Assign a team',
    chosen: (count: number) => `${plural(count, 'pump', 'pumps')} chosen.`,
    assignHint: 'A press or Space chooses a line.',
    assignTo: 'To which team?',
    assign: (count: number) => `Assign ${plural(count, 'pump', 'pumps')}`,
    assigning: 'Storing …',
    assigned: (count: number, team: string) =>
      count === 0
        ? `They belong to ${team} already.`
        : `${plural(count, 'pump belongs', 'pumps belong')} to ${team} now.`,
    assignFailed: (why: string) => `Nothing was changed. ${why}`,
    choose: (label: string, pump: string) => `Choose ${label}, pump ${pump}`,
  },
})
