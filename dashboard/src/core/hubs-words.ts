import { plural } from './plural.ts'

// Words of the hubs' page; a part of messages.ts.

export const hubsWords = {
  hubs: {
    title: 'Hubs',
    name: 'Hub',
    state: { 'never-heard': 'Never heard', live: 'Live', lost: 'Not heard', revoked: 'Revoked' },
    lastHeard: 'Last heard',
    ago: (value: string) => `${value} ago`,
    never: 'never',
    outbox: 'Waiting to be sent',
    alarms: (rows: number, age: string) => `Alarms ${rows}${age}`,
    telemetry: (rows: number, age: string) => `Readings ${rows}${age}`,
    oldest: (value: string) => `, oldest ${value}`,
    quarantined: (rows: number) => `${plural(rows, 'record', 'records')} set aside`,
    clock: 'Clock error',
    version: 'Version',
    pumps: 'Pumps',
    ports: 'Ports',
    port: {
      up: 'up',
      closed: 'closed',
      waiting: 'waiting',
      listening: 'not supervised',
      stale: 'silent',
      lost: 'lost',
    },
    empty: 'No hub has been enrolled yet.',
  },
} as const
