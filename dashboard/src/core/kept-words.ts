import { age } from './format.ts'
import { plural } from './plural.ts'
import { wordsPart } from './words-part.ts'

// What became of planned deliveries, in words: of the week of a team and of the page of a pump.

export const keptWords = wordsPart({
  kept: {
    title: 'Planned deliveries, 7 days',
    none: 'No delivery was planned in these days.',
    loading: 'Reading what was stored …',
    failed: 'What became of planned deliveries is unavailable.',
    inZone: (zone: string) => `Times of the home, ${zone}.`,
    marks: { kept: 'as planned', differs: 'not as planned', 'not-known': 'not known', open: 'open' },
    planned: (from: string, to: string) => `Planned ${from} to ${to}`,
    plannedMl: (ml: string) => `${ml} mL`,
    start: 'Start',
    stop: 'End',
    given: 'Given',
    pauses: 'Pauses',
    notHeard: 'Not heard',
    at: (time: string, how: string) => (how === '' ? time : `${time}, ${how}`),
    between: (from: string, to: string) => `between ${from} and ${to}`,
    before: (time: string) => `before ${time}`,
    judged: {
      kept: '',
      early: 'early',
      late: 'late',
      missed: 'not started',
      short: 'short',
      'not-known': 'not known whether on time',
      open: '',
      'not-planned': '',
    },
    starts: {
      'went-on': 'ran already',
      none: 'not started',
      due: 'not started yet',
      'not-known': 'not known: nobody heard the pump',
      'to-come': 'to come',
    },
    stops: { runs: 'runs', 'went-on': 'ran on', none: '–' },
    ranUntil: (time: string) => `not known, it ran at ${time}`,
    ml: (ml: string) => `${ml} mL`,
    mlOf: (ml: string, planned: string, percent: string) => `${ml} of ${planned} mL, ${percent}`,
    atLeast: (text: string) => `at least ${text}`,
    notCounted: 'not known',
    paused: (count: number, ms: number) => `${plural(count, 'pause', 'pauses')}, ${age(ms)}`,
    span: (from: string, to: string) => `${from} to ${to}`,
    cut: (time: string) => `The pump went to another home at ${time}: looked at until then.`,
  },
})
