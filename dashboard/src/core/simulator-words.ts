import { nbsp } from './format.ts'
import { plural } from './plural.ts'
import type { InvariantName } from './simulator-invariants.ts'
import type { LogEntry } from './simulator-log.ts'
import { wordsPart } from './words-part.ts'

// Words of the simulator console; they come with it.

export const simulatorWords = wordsPart({
  sim: {
    title: 'Simulator',
    notYours: 'Only engineers drive simulated pumps.',
    loading: 'Asking the simulators …',
    none: 'No scenario running. Choose one: start the simulators with --pump …,scenario=NAME, or start a fleet.',
    away: (why: string) => `The simulators cannot be driven. ${why}`,
    lastKnown: 'What is shown is what was known last.',
    refused: (what: string, why: string) => `Refused: ${what}. ${why}`,

    clock: 'Virtual time',
    play: 'Play',
    pause: 'Pause',
    step: 'Step',
    stepBy: 'Step by',
    stepMs: (ms: number) => (ms < 1000 ? `${ms}${nbsp}ms` : `${ms / 1000}${nbsp}s`),
    speed: 'Speed',
    times: (speed: number) => `×${speed}`,
    running: (speed: number) => `runs at ×${speed}`,
    standing: 'stands still',
    keys: 'Space plays and pauses, the full stop steps.',
    fleet: (count: number) => plural(count, 'pump', 'pumps'),

    pumps: 'Simulated pumps, as they really are',
    columns: {
      pump: 'Pump',
      scenario: 'Scenario',
      state: 'State',
      rate: 'mL/h',
      infused: 'mL',
      pressure: 'mmHg',
      battery: 'Battery',
      alarms: 'Alarms',
      faults: 'Faults',
      time: 'Time',
    },
    unplugged: 'unplugged',
    percent: (value: string) => `${value} %`,
    choose: 'Choose a pump to drive it.',
    drive: (pump: string) => `Drive ${pump}`,
    keysOf: 'Keys on its front',
    acts: 'What happens to it',
    faults: 'Faults',
    amount: 'Amount',
    code: 'Alarm',
    code0: 'choose',
    run: 'Do it',
    begin: 'Begin',
    end: 'End',
    scenarioFile: 'What was done, as a scenario file',
    done: (what: string) => `Done: ${what}.`,

    log: 'What happened',
    logNone: 'Nothing since this screen was opened.',
    logWords: {
      'alarm-began': 'alarm begins',
      'alarm-ended': 'alarm ends',
      'fault-began': 'fault begins',
      'fault-ended': 'fault ends',
      state: 'is now',
      plugged: 'plugged in',
      unplugged: 'unplugged',
    } satisfies Record<LogEntry['what'], string>,

    story: 'Its story',
    storyBegin: 'Begin',
    storyHint: 'Begins with the pump as it is; faults of the story before end.',
    seed: 'Seed',
    seedOwn: 'its own',
    told: (name: string) => `Story ${name}`,

    fleetTitle: 'Fleet',
    fleetHint: 'More pumps beside these, as hubs of their own. When it ends, its hubs are revoked.',
    fleetPumps: 'Pumps, 1 to 5,000',
    fleetMix: 'Therapies',
    mix: { home: 'at home', volumetric: 'on a ward', neonatal: 'newborn' },
    fleetStart: 'Start fleet',
    fleetStop: 'End fleet',
    fleetRuns: (pumps: string, hubs: string) => `${pumps} pumps on ${hubs} hubs`,
    fleetAbout: (mix: string, seed: number, speed: number) => `${mix}, seed ${seed}, ×${speed}`,

    invariants: 'What must hold',
    invariantsNote: 'Each second, pumps as they are against what this screen shows. Judged in real time.',
    invariant: {
      'alarm-shown': 'An alarm of a pump that can be read is on the wall within 15 s.',
      'no-ghost': 'No alarm goes on here that its pump does not have.',
      'heard-or-alarmed': 'Each pump is heard, or its silence is an alarm within 45 s.',
      'counter-rises': 'No volume counter goes back by itself.',
    } satisfies Record<InvariantName, string>,
    holds: 'holds',
    settling: (count: number) => `${count} on the way`,
    broken: (count: number) => `BROKEN, ${plural(count, 'case', 'cases')}`,
    paused: 'not judged while time stands still',
    finding: (pump: string, code: string, ms: string) => `${pump}${code === '' ? '' : `, ${code}`}, for ${ms}`,
  },
})
