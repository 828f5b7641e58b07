import { plural } from './plural.ts'
import { wordsPart } from './words-part.ts'

// Words of a pump's chart; they come with it.

export const chartWords = wordsPart({
  chart: {
    titles: {
      '1h': 'Last hour',
      '6h': 'Last 6 hours',
      '24h': 'Last 24 hours',
      '7d': 'Last 7 days',
      infusion: 'This infusion',
    },
    fixedTitle: 'Chosen time',
    ranges: { '1h': '1 h', '6h': '6 h', '24h': '24 h', '7d': '7 d', infusion: 'This infusion' },
    infusionUnknown: 'The start of this infusion was not heard.',
    fixed: 'Fixed',
    fromTo: (from: string, to: string) => `${from} to ${to}. It does not follow the clock.`,
    backToLive: 'Back to live',
    csv: 'CSV',
    figure: 'Chart of rate, line pressure and infused volume',
    keys: 'Arrow keys read values, with shift ten at a time. Plus and minus zoom, 0 goes back to live, T shows the table, square brackets go to the alarm before or after.',
    readoutHint: 'Point at the chart or use the arrow keys to read values. Drag to zoom.',
    readoutGap: (time: string) => `${time}, no data`,
    noEarlierAlarm: 'No earlier alarm.',
    noLaterAlarm: 'No later alarm.',
    marks: 'Program changes and boluses in this time',
    lastAt: (value: string, time: string) => `${value} at ${time}`,
    gapRow: (value: string, until: string) => `No data for ${value}, until ${until}`,
    newer: 'Newer',
    older: 'Older',
    pageOf: (page: number, pages: number) => `Page ${page} of ${pages}`,
    range: 'Time range',
    table: 'Table',
    time: 'Time',
    alarms: 'Alarms in this time',
    alarmSpan: (name: string, from: string, to: string) => `${name}, ${from} to ${to}`,
    now: 'now',
    rate: 'Rate',
    pressure: 'Line pressure',
    infused: 'Infused',
    loading: 'Loading the history …',
    unavailable: 'History unavailable. Live values above stay.',
    empty: (when: string) => `No data in this range. Last heard ${when}.`,
    emptyNever: 'No data in this range. Nothing heard yet.',
    summary: (lane: string, low: string, high: string, last: string, unit: string, gaps: number) =>
      `${lane}: lowest ${low}, highest ${high}, last ${last} ${unit}. ${gaps === 0 ? 'No gap' : plural(gaps, 'gap', 'gaps')}.`,
    resolution: (value: string) => `One point per ${value}, extremes kept`,
    everySample: 'Every sample',
    hatch: 'Hatched: no data',
  },
})
