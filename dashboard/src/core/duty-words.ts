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
    path: { worst: 'NOT PROVEN', wants: 'Check sound' },
    sound: { worst: 'NO SOUND', wants: 'Other tab' },
    push: { worst: 'NO PAGES', wants: 'No pages' },
    awake: { worst: 'MAY SLEEP', wants: 'May sleep' },
    onCall: { worst: 'NOBODY ON CALL', wants: 'On call' },
  },
  more: (count: number) => `and ${count} more`,
} as const
