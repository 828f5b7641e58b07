import { plural } from './plural.ts'
import { wordsPart } from './words-part.ts'

// Words of the administrator's registry of hubs; they come with it.

export const registryWords = wordsPart({
  registry: {
    title: 'Registry of hubs',
    loading: 'Loading …',
    empty: 'No hub has been let in yet.',
    count: (active: number, all: number) => `${active} of ${plural(all, 'hub', 'hubs')} may send`,
    add: 'Let a hub in',
    columns: { name: 'Name', state: 'State', heard: 'Last heard', versions: 'Versions', pumps: 'Pumps', key: 'Key' },
    states: { waiting: 'claim not used yet', active: 'may send', revoked: 'REVOKED' },
    change: (name: string) => `Change ${name}`,
    never: 'never',
    ago: (age: string) => `${age} ago`,
    versions: (gateway: string, node: string) => `${gateway}, Node ${node}`,
    none: 'none',
    made: (age: string) => `made ${age} ago`,

    addTitle: 'Let a hub in',
    addHint: 'You get a code for whoever installs the hub. It is good for 10 minutes and for one hub.',
    name: 'Name of the hub',
    nameHint: 'A place, not a patient: engineers see it, too.',
    make: 'Make the code',
    making: 'Making the code …',
    claimTitle: (name: string) => `Code for ${name}`,
    code: 'Code',
    claim: 'Claim',
    command: 'On the hub',
    enrolCommand: (server: string, claim: string, code: string) =>
      `gateway enrol --server ${server} --claim ${claim} --code ${code}`,
    claimHint: (until: string) => `Good once, until ${until}. The code is not shown again.`,
    waits: 'Waiting for the hub. This dialog may be closed; the hub’s key is then in the list.',
    came: 'A hub has used the code. Its key reads:',
    compare: 'Compare these words with those that the hub says. If they differ, somebody else has used the code.',
    same: 'They are the same',
    differ: 'They differ: revoke',
    done: 'Done',
    cancel: 'Cancel',

    keys: 'Keys',
    keyGood: 'good',
    keyGoodUntil: (until: string) => `replaced, good until ${until}`,
    keyEnded: 'ended',
    rename: 'Save name',
    again: 'Let in again',
    againHint:
      'For a hub that was lost or set up anew: another code, the same id. Its old keys end when the code is used.',
    lock: 'Lock out',
    revoke: 'Revoke …',
    revokeHint: 'For a hub that is lost or copied. What it sends is refused within 5 seconds; it keeps what it has.',
    revokeSure: (name: string, pumps: number) =>
      pumps === 0
        ? `Nothing more is taken from ${name}.`
        : `Nothing more is taken from ${name}: ${plural(pumps, 'pump is', 'pumps are')} no longer watched, and their alarms stand as unverified.`,
    revokeNow: 'Revoke now',
    saved: 'Saved.',
    revoked: 'Revoked.',
  },
})
