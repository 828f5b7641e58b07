import type { Fault, FaultKind, OraclePlan } from './fault-plan.ts'

const fault = (kind: FaultKind, at: number, lasts: number, by = 0, target = 0): Fault => ({
  kind,
  at,
  lasts,
  target,
  by,
})

/** Something for each planted bug: an outage with alarms that begin and end in it, a narrow line after it, deaths in and between commits. */
export const eventfulPlan: OraclePlan = {
  seed: 3,
  pumps: 4,
  hubs: 2,
  minutes: 30,
  calmMinutes: 8,
  mix: 'busy',
  faults: [
    fault('repeated-requests', 60, 200, 20),
    fault('hub-link', 380, 320),
    fault('narrow-link', 700, 120, 5),
    fault('kill-server', 900, 5),
    fault('pump-line', 960, 60, 0, 3),
    fault('kill-server-after-commit', 1_060, 5),
    fault('kill-hub', 1_096, 40, 0, 1),
    fault('kill-server', 1_100, 3),
    fault('kill-server', 1_650, 5),
  ],
}

/** Everybody falls silent just after somebody took an alarm that goes on: for a bug that the plan above has too little time for. */
export const forgetfulPlan: OraclePlan = {
  seed: 3,
  pumps: 4,
  hubs: 2,
  minutes: 30,
  calmMinutes: 8,
  mix: 'busy',
  faults: [fault('nurses-away', 1_640, 600, 0, 8)],
}

/** Plans that failed once. They are always run: paste here what a failing run prints. */
export const regressions: Readonly<Record<string, OraclePlan>> = {
  'an unreachable nurse while nobody is on call for the site: the alarm of it was its own reason': {
    seed: 3,
    pumps: 4,
    hubs: 2,
    minutes: 15,
    calmMinutes: 12,
    mix: 'busy',
    faults: [fault('no-channel', 60, 600, 0, 8)],
  },
  'two starts of a hub while the clock of the server was half an hour ahead and after it was set right: the later one seemed older':
    {
      seed: 3,
      pumps: 4,
      hubs: 2,
      minutes: 15,
      calmMinutes: 12,
      mix: 'busy',
      faults: [fault('server-clock', 200, 400, 1_800), fault('kill-hub', 300, 3), fault('kill-hub', 620, 3)],
    },
}
