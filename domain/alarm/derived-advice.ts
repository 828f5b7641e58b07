import type { AlarmAdvice } from './alarm-advice.ts'
import type { derivedAlarmCodes } from './codes.ts'

// The wording is this project's own. An empty list of checks: staff repair it.

export const derivedAdvice: Readonly<Record<(typeof derivedAlarmCodes)[number], AlarmAdvice>> = {
  'link-lost-pump': {
    meaning: 'Nothing valid was heard from the pump for three of its status intervals.',
    firstChecks: ["Is the pump's own screen on, and what does it say?", 'Is the cable in?'],
  },
  'link-lost-hub': {
    meaning: 'No sign of life from the home hub; none of its pumps can be heard.',
    firstChecks: ['Is the hub plugged in and its light on?', 'Does the internet work?'],
  },
  'missed-start': {
    meaning: 'The planned start is more than 30 minutes past and the pump has not started.',
    firstChecks: ['Is the pump on?', 'Did you mean to skip this one?'],
  },
  'stopped-early': {
    meaning: 'The pump stopped with more than 5 % of the program left and no alarm.',
    firstChecks: ['Did you stop it?', 'How do you feel?'],
  },
  'under-infusion': {
    meaning: 'The pump delivered less than programmed, beyond its tolerance.',
    firstChecks: ['What rate does the screen show?'],
  },
  'over-infusion': {
    meaning: 'The pump delivered more than programmed, beyond its tolerance.',
    firstChecks: ['What rate does the screen show?', 'How full is the bag? Please note the level.'],
  },
  'settings-changed': {
    meaning: 'The running program differs from the plan.',
    firstChecks: ['Did anyone work on the pump?'],
  },
  'clock-untrusted': {
    meaning: 'The clock of the pump or hub is off by more than 5 s, was set, or has no reference.',
    firstChecks: [],
  },
  'hub-auth-failed': {
    meaning: "The server refused the hub's key or signature, so its pumps cannot be heard.",
    firstChecks: [],
  },
  'hub-cloned': {
    meaning: 'Two hubs use one key.',
    firstChecks: [],
  },
  'record-quarantined': {
    meaning: 'A record was refused for good; if it was about alarms, the next full list decides what is active.',
    firstChecks: [],
  },
  'storage-degraded': {
    meaning: 'A store is down, nearly full or dropping old readings.',
    firstChecks: [],
  },
  'server-degraded': {
    meaning: 'The server turns readings away because it has too much to do, or its certificate is about to end.',
    firstChecks: [],
  },
  'records-unaccounted': {
    meaning: 'The hub produced more records than are stored, waiting or known to be dropped.',
    firstChecks: [],
  },
  'identity-changed': {
    meaning: 'Another pump answers on a known port; its readings are kept apart.',
    firstChecks: ['Which pump is connected?'],
  },
  'path-unproven': {
    meaning: "The regular test alarm of a hub or of a nurse's browser is overdue.",
    firstChecks: [],
  },
  'notify-channel-down': {
    meaning: 'A paging channel refuses messages or does not answer.',
    firstChecks: [],
  },
  'rota-gap': {
    meaning: 'Nobody is on call now or soon.',
    firstChecks: [],
  },
  'hand-over-open': {
    meaning: 'A shift is over and what its nurse had was not taken over.',
    firstChecks: [],
  },
}
