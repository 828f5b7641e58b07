import { plural } from './plural.ts'
import { wordsPart } from './words-part.ts'

// Words of the administrator's list of people; they come with it.

export const peopleWords = wordsPart({
  people: {
    title: 'People',
    loading: 'Loading …',
    add: 'Add somebody',
    find: 'Find a name',
    showDisabled: 'Disabled, too',
    count: (shown: number, all: number) =>
      shown === all ? plural(all, 'account', 'accounts') : `${shown} of ${plural(all, 'account', 'accounts')}`,
    columns: { name: 'Name', role: 'Role', teams: 'Teams', access: 'Access', seen: 'Signed in' },
    nobody: 'Nobody fits.',
    everybodys: 'no team',
    change: (name: string) => `Change ${name}`,
    access: {
      disabled: 'DISABLED',
      'never-came': 'link is over, no password',
      invited: (until: string) => `link sent, good until ${until}`,
      'new-link': (until: string) => `new link, good until ${until}`,
      good: 'can sign in',
      reset: 'sets up a second factor anew',
    },
    nowhere: 'nowhere',
    places: (count: number, age: string) => `${plural(count, 'place', 'places')}, used ${age} ago`,

    addTitle: 'Add somebody',
    addHint: 'You get a link to send. Whoever opens it within 48 hours chooses the password of this account, once.',
    name: 'Name to sign in with',
    role: 'Role',
    roles: {
      nurse: 'Nurse: watches and takes alarms of her teams',
      lead: 'Lead: the same, and rota, shelving, assignments',
      engineer: 'Engineer: hubs and pumps by id, no patient',
      admin: 'Administrator: people, hubs and audit; no alarm',
    },
    teams: 'Teams',
    noTeams: 'There is no team yet. Whoever has none sees what is everybody’s.',
    make: 'Make the link',
    making: 'Making the link …',
    cancel: 'Cancel',
    linkFor: (name: string) => `Link for ${name}`,
    linkHint: (until: string) =>
      `Good once, until ${until}. It is not shown again. Send it so that nobody else reads it.`,
    link: 'Link',
    copy: 'Copy',
    copied: 'Copied',
    done: 'Done',

    saveRole: 'Change role',
    saveTeams: 'Save teams',
    saved: 'Saved.',
    roleEnds: 'Another role ends all of the sessions.',
    signIn: 'Signing in',
    newLink: 'Make a new link',
    newLinkHint: 'For a forgotten password, too. The password of now holds until the link is used.',
    withdraw: 'Withdraw the link',
    factors: {
      title: 'Second factor',
      has: (app: boolean, passkeys: number, codes: number) =>
        [
          ...(app ? ['app'] : []),
          ...(passkeys === 0 ? [] : [plural(passkeys, 'passkey', 'passkeys')]),
          `${plural(codes, 'recovery code', 'recovery codes')} left`,
        ].join(', '),
      none: 'Nothing is set up.',
      open: (time: string, by: string, reason: string) =>
        `Reset ${time} by ${by}: “${reason}”. Nothing has been set up since.`,
      own: 'Your own is reset by another administrator, or by a command on the server’s machine.',
      reset: 'Reset …',
      hint: 'For somebody who lost the telephone or the key. Make sure that it is she who asks.',
      onCall: (name: string, until: string | null) =>
        `${name} is on call now${until === null ? '' : `, until ${until}`}. Speak to her first.`,
      onCallHint:
        'Her screens say NOT MONITORING until she is in again, and until then she cannot take an alarm. Paging goes on: her telephone and devices are paged as before, and whoever is next after her when she does not answer.',
      sure: 'App, passkeys and recovery codes stop working, and every session ends at once.',
      way: 'She comes in by her password and sets up a second factor before anything else. If she has forgotten the password, or somebody else may know it, make a new link afterwards.',
      noPassword:
        'She has no password: without single sign-on she cannot come in after this before you have made a new link and she has used it.',
      reason: 'Reason',
      reasonHint: 'Such as “telephone lost”. It is kept with the reset; nothing about a patient.',
      now: 'Reset now',
    },
    sessions: 'Sessions',
    endAll: 'End all',
    account: 'Account',
    disable: 'Disable',
    disableHint: 'Ends every session at once; nothing is deleted.',
    enable: 'Enable again',
    own: 'This is you. Your role and access are changed by another administrator.',
    kiosk: 'A wall screen is managed by commands on the server’s machine.',
  },
})
