import type { ReadyItem } from '#domain/on-call/readiness.ts'

// Words of the duty chosen and of what was found not to work, for the status bar; a part of messages.ts.

const item: Readonly<Record<ReadyItem, string>> = {
  sound: 'Sound heard',
  push: 'Page on a device',
  page: 'Test page seen',
  screen: 'Screen stays awake',
  browser: 'Browser',
}

export const dutyWords = {
  chosen: { 'on-call': 'On call', backup: 'Backup', looking: 'Looking only' },
  check: 'Readiness check',
  item,
  maySleep: 'may sleep',
  /** A phone has room for one of them. */
  ready: 'Ready',
  short: {
    unproven: 'NOT PROVEN',
    'not-heard': 'NOT HEARD',
    'check-due': 'Check sound',
    waiting: 'Unproven',
    silent: 'NO SOUND',
    elsewhere: 'Other tab',
    starting: 'Starting',
    failing: 'NO PAGES',
    off: 'No device',
    sleeps: 'May sleep',
    nobody: 'NOBODY ON CALL',
    'no-rota': 'NO ROTA',
    'gap-soon': 'NOBODY SOON',
  },
  more: (count: number) => `and ${count} more`,
} as const
