import { wordsPart } from './words-part.ts'

// Words of the map of all pumps; they come with it.

export const mapWords = wordsPart({
  map: {
    label: 'Map of all pumps. Arrow keys name a pump, Enter shows its alarms alone.',
    how: 'Point at a cell to name it, press it to see its alarms alone.',
    legend: 'Meaning of the cells',
    stale: 'Stale, unverified',
    normal: 'Normal',
    notHeard: (time: string) => `Last heard ${time}`,
    alarm: (name: string, priority: string, who: string) => `${name}, ${priority}, ${who}`,
  },
})
