import { insistenceOf } from '#domain/paging/declarative-push.ts'
import { threadOf } from '#domain/paging/page.ts'
import { overWords, pageWords } from '#domain/paging/page-words.ts'
import { PushMessage } from '#domain/paging/push-message.ts'
import type { PushReceipt } from '#domain/paging/push-message.ts'

/** What is shown of a push, and what is said back. */
export interface PushNotice {
  readonly title: string
  readonly body: string
  /** Repetitions under one tag replace each other. */
  readonly tag: string
  /** Stays until somebody acts. */
  readonly stays: boolean
  /** Makes no sound. */
  readonly quiet: boolean
  readonly vibrate: readonly number[]
  readonly icon: string
  /** When it was decided, server time, ms; null: unknown. */
  readonly at: number | null
  readonly notificationId: string | null
  /** Null: nobody can be told. */
  readonly receipt: Omit<PushReceipt, 'step'> | null
}

const highPulse = [400, 150, 400, 150, 400]
const shortPulse = [250]

/** Every push has to be shown, also one that cannot be read (dashboard.md W19). */
const unreadable: PushNotice = {
  title: 'Page',
  body: 'Open the alarms to see what it is about.',
  tag: 'unreadable',
  stays: true,
  quiet: false,
  vibrate: highPulse,
  icon: '/icon-high.svg',
  at: null,
  notificationId: null,
  receipt: null,
}

const parsed = (text: string): PushMessage | null => {
  try {
    return PushMessage.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** `text`: the decrypted body. */
export const pushNotice = (text: string): PushNotice => {
  const message = parsed(text)
  if (message === null) return unreadable
  const { page, over, alarms, deviceId, receipt } = message
  const high = page.priority === 'high'
  const { stays, quiet } = insistenceOf(message)
  return {
    ...(over === null ? pageWords(page, alarms) : overWords(page, over)),
    tag: threadOf(page),
    stays,
    quiet,
    vibrate: over === null ? (high ? highPulse : shortPulse) : [],
    icon: `/icon-${over !== null || page.priority === 'info' ? 'quiet' : page.priority}.svg`,
    at: page.at,
    notificationId: page.notificationId,
    receipt: { notificationId: page.notificationId, deviceId, receipt },
  }
}
