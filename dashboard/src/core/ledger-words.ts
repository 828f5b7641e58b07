import { plural } from './plural.ts'
import { wordsPart } from './words-part.ts'

// Words of the ledger of records; they come with it.

export const ledgerWords = wordsPart({
  ledger: {
    title: 'Are all records here?',
    spans: 'How far back',
    span: { 24: '24 h', 168: '7 d' },
    loading: 'Counting …',
    again: 'Ask again',
    none: 'This hub numbered no record in this time.',
    allHere: (count: string) => `Yes: all ${count} records that the hub numbered are here.`,
    missing: (count: string, of: string) => `${count} of ${of} records are missing.`,
    missingMeans:
      'The hub numbered them, and they are not here, not on the hub and not thinned. The history has gaps in these hours. What the pump did in a gap is not known from here.',
    notMissing: (of: string) => `None of ${of} records is missing.`,
    waits: (count: string) => `${count} may still wait on the hub and come when its line is good.`,
    thinned: (count: string) =>
      `${count} were joined or dropped on the hub because its room was used up: the history is coarser there.`,
    refused: (count: string) => `${count} were refused or set aside: they were damaged or could not be stored.`,
    heard: (time: string) => `Judged by what the hub said at ${time}.`,
    neverHeard: 'The hub has not been heard since this server started: what may still wait on it is not known.',
    strip: (hours: number) => `The last ${hours} hours`,
    stripSums: (full: number, hours: number) => `${full} of ${plural(hours, 'hour', 'hours')} with all records`,
    legend: {
      here: 'all here',
      part: 'thinned or refused',
      waiting: 'may wait',
      missing: 'missing',
      none: 'none numbered',
    },
    hours: 'Hours in which something is not here',
    hour: (from: string, to: string) => `${from}–${to}`,
    parts: {
      unaccounted: (count: string) => `${count} missing`,
      waiting: (count: string) => `${count} may wait`,
      thinned: (count: string) => `${count} thinned`,
      refused: (count: string) => `${count} refused`,
    },
    of: (count: string) => `of ${count}`,
    moreHours: (count: number) => plural(count, 'more hour', 'more hours'),
    pumps: 'By pump',
    columns: {
      pump: 'Pump',
      stored: 'Readings here',
      late: 'Came late',
      joined: 'Joined from',
      missing: 'Missing at most',
    },
    missingHint: 'A record that never came names no pump. With one pump at the hub the number is exact.',
  },
})
