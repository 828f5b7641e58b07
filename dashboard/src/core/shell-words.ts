import { theme } from './closed-words.ts'
import { plural } from './plural.ts'

// Words of what surrounds every screen: rail, status bar, bars, sign-in; a part of messages.ts.

export const shellWords = {
  product: 'Infusion Watch',
  notMedicalDevice: 'Research and demonstration software, not a medical device. Rely on the pump’s own alarm.',
  simulatedBand: 'SIMULATED – no patients',
  simulatedBadge: 'SIMULATED',
  viewOnly: 'View only. This screen cannot change the pump.',
  notReported: 'not reported',
  questionable: 'questionable',
  nobody: 'nobody',
  noView: 'Your role sees no pumps and no alarms, and no alarm is heard here.',
  you: (name: string) => `${name} (you)`,
  close: 'Close',
  cancel: 'Cancel',
  skipToContent: 'Skip to content',

  screens: {
    alarms: 'Alarms',
    pumps: 'Pumps',
    pump: 'Pump',
    plan: 'Plan',
    hubs: 'Hubs',
    handover: 'Handover',
    history: 'History',
    simulator: 'Simulator',
    audit: 'Audit',
    people: 'People',
    registry: 'Registry',
  },
  more: 'More',
  screenLoading: 'Loading this screen …',
  screenFailed: 'This screen could not be loaded. The alarms are still watched.',
  tryAgain: 'Try again',
  title: (unowned: number, screen: string, site: string) => `${unowned > 0 ? `(${unowned}) ` : ''}${screen} – ${site}`,
  mainNavigation: 'Screens',
  status: 'Status of this page',

  live: {
    connecting: 'Connecting',
    live: 'Live',
    late: 'Late',
    'not-live': 'NOT LIVE',
    dataAsOf: (time: string) => `data as of ${time}`,
    behind: (seconds: string) => `${seconds} behind`,
    noData: 'no data yet',
  },
  notLive: {
    title: 'NOT LIVE.',
    lastData: (time: string, age: string) => `Last data ${time}, ${age} ago.`,
    noData: 'No data since this page was opened.',
    reconnecting: (attempt: number) => (attempt > 0 ? `Reconnecting, attempt ${attempt}.` : 'Reconnecting.'),
    escalates: 'The server goes on without this screen.',
    keepsNothing: 'The server can store nothing: it takes no alarm and pages nobody.',
    screensOpen: (most: number) =>
      `${most} screens are open under this sign-in already, so this one gets nothing. Close tabs that you do not need; it then goes on by itself.`,
    phone: 'Phone the backup nurse and the lead now.',
    phones: (backup: string | null, lead: string | null) =>
      backup === null
        ? `Call the lead now: ${lead ?? ''}.`
        : lead === null
          ? `Call the backup nurse now: ${backup}.`
          : `Call now: backup ${backup}, lead ${lead}.`,
    frozenAt: (value: string, time: string) => `${value} at ${time}`,
    noLink: 'No link',
    serverEscalates: 'Server still escalates',
    pagesNobody: 'Nobody is paged',
  },
  away: {
    back: (alarms: number) =>
      alarms === 0
        ? 'Back. No alarm changed while away.'
        : `Back. ${plural(alarms, 'alarm', 'alarms')} changed while away.`,
    asleep: (from: string, to: string, alarms: number) =>
      `This screen was asleep ${from}–${to}. ${alarms === 0 ? 'No alarm happened.' : `${plural(alarms, 'alarm', 'alarms')} happened.`}`,
    list: 'What happened',
    line: (name: string, where: string, time: string) => `${name}, ${where}, since ${time}`,
    now: { open: 'still open', closed: 'closed meanwhile' },
  },

  update: {
    title: 'New version',
    waits: 'A new version of this page is ready. It waits until no High alarm is open and nobody types.',
    partMissing:
      'A part of this page did not come. The page has to be loaded anew: about two seconds without sound here.',
    load: 'Load it now',
  },

  sessionOver: {
    title: 'NOT MONITORING – sign in',
    body: 'Your session is over. No alarm is shown or heard here until you sign in again. The server and other stations go on.',
    again: 'Sign in',
    leave: 'This screen need not watch any more',
    soon: (age: string) => `Your session ends in ${age}. Sign in again now to keep watching.`,
    stay: 'Sign in again',
  },

  sound: {
    label: 'Sound',
    on: 'on',
    onTested: (time: string) => `on, tested ${time}`,
    elsewhere: 'in another tab',
    starting: 'starting',
    notArmed: 'NOT ARMED',
    bar: 'SOUND NOT ARMED. This page cannot be heard.',
    turnOn: 'Turn sound on',
    test: 'Test sound',
    menu: 'Sound, menu',
    pause: 'Pause sound',
    paused: (left: string) => `Sound paused, ${left} left`,
    resume: 'Sound again',
  },
  onCall: {
    label: 'On call',
    covered: (primary: string, then: string | null) => (then === null ? primary : `${primary}, then ${then}`),
    gapSoon: (primary: string, from: string) => `NOBODY from ${from}, now ${primary}`,
    nobody: (until: string | null) => (until === null ? 'NOBODY' : `NOBODY until ${until}`),
    nobodyShort: 'nobody',
    noRota: 'NO ROTA',
    noRotaWhy: 'This team has no rota: nobody is paged for its alarms. Watch this screen.',
    unknown: 'not known',
    unknownWhy: 'The server has not said who is on call.',
    places: { primary: 'First', backup: 'Backup', lead: 'Lead' },
    fromTo: (from: string, to: string) => `${from} to ${to}`,
  },
  clock: 'Facility time',
  user: {
    menu: (name: string) => `${name}, menu`,
    signedInAs: (name: string, role: string) => `${name}, ${role}`,
    theme: 'Colours',
    themes: theme,
    language: 'Language',
    languages: { en: 'English', pseudo: 'Pseudo, right to left' },
    signOut: 'Sign out',
    roles: { nurse: 'nurse', lead: 'lead', engineer: 'engineer', admin: 'administrator', kiosk: 'wall screen' },
  },

  signIn: {
    title: 'Sign in',
    lead: 'Pump alarms and readings for the team on duty.',
    name: 'Name',
    password: 'Password',
    submit: 'Sign in and turn sound on',
    waiting: 'Signing in …',
    show: 'Show',
    hide: 'Hide',
    wrong: 'Name or password is not right.',
    unreachable: (phone: string | null) =>
      `Cannot reach the server. Alarms are not shown here. ${phone === null ? 'Use the team’s phone list.' : `Call ${phone}.`}`,
    soundNote: 'Signing in turns this page’s sound on, so that you hear alarms.',
  },
  pumpCalled: (id: string) => `Pump ${id}`,
  channel: (id: string) => `Channel ${id}`,
  gap: {
    now: (team: string, until: string) => `NOBODY ON CALL in ${team} until ${until}.`,
    soon: (team: string, from: string, to: string) => `NOBODY ON CALL in ${team} from ${from} to ${to}.`,
    act: 'A lead fills the gap in the rota.',
    label: 'Gap of the rota',
  },
  pages: {
    label: 'Pages',
    off: 'no device',
    devices: (count: number) => (count === 1 ? '1 device' : `${count} devices`),
    failing: 'FAILING',
    paged: (time: string, title: string, body: string) => `Paged at ${time}. ${title}. ${body}`,
  },
  help: {
    title: 'Keyboard shortcuts',
    on: 'Single keys do something',
  },
} as const
