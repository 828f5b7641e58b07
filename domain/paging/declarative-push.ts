import type { PushMessage } from './push-message.ts'
import { threadOf } from './page.ts'
import { overWords, pageWords } from './page-words.ts'

/** How much a notification asks of whoever sees it. */
export interface Insistence {
  /** Stays until somebody acts. */
  readonly stays: boolean
  /** Makes no sound. */
  readonly quiet: boolean
}

export const insistenceOf = ({ page, over }: Pick<PushMessage, 'page' | 'over'>): Insistence => ({
  stays: over === null && page.priority === 'high',
  quiet: over !== null,
})

/**
 * What a browser shows of a push by itself, without a service worker or when that fails (W3C Push API, "Declarative push message"; Safari from
 * 18.4 on). `mutable` lets a service worker that is there say the receipt first. Others see these members beside the rest and skip them.
 * `navigate`: what a press opens, absolute.
 */
export const declared = (message: PushMessage, navigate: string) => {
  const { page, over, alarms, deviceId, receipt } = message
  const { stays, quiet } = insistenceOf(message)
  return {
    // RFC 8030, by which a browser knows the format.
    web_push: 8030,
    mutable: true,
    notification: {
      ...(over === null ? pageWords(page, alarms) : overWords(page, over)),
      navigate,
      lang: 'en',
      dir: 'ltr',
      tag: threadOf(page),
      renotify: !quiet,
      requireInteraction: stays,
      silent: quiet,
      timestamp: page.at,
      data: { notificationId: page.notificationId, deviceId, receipt },
    },
  }
}
