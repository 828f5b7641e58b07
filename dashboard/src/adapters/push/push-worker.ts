import './zod-jitless.ts'
import { pushNotice } from '#dashboard/core/push-notice.ts'
import type { PushNotice } from '#dashboard/core/push-notice.ts'
import { PushReceipt } from '#domain/paging/push-message.ts'
import { forgetOldShells, keepShell, shellAnswer } from './shell-cache.ts'
import type { PressedMessage, ShownMessage } from './shown-message.ts'
import type { PushEvent, WorkerScope } from './worker-scope.ts'

// The service worker. It shows pages while no page of the dashboard is open, and opens the dashboard itself without a network: its
// files, never an alarm, so that what it opens says that it is not live.

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this file runs as a service worker alone
const scope = globalThis as unknown as WorkerScope

/** Standard members that TypeScript's library does not have yet. */
type Options = NotificationOptions & { renotify?: boolean; vibrate?: readonly number[]; timestamp?: number }

/** Opens the most urgent alarm that nobody has (dashboard.md W24). */
const start = '/#/urgent'
const receiptTries = 3
const receiptLimitMs = 5_000

const report = async (receipt: PushReceipt): Promise<void> => {
  for (let attempt = 1; attempt <= receiptTries; attempt += 1) {
    try {
      const answer = await fetch('/api/v1/push/receipts', {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(receipt),
        signal: AbortSignal.timeout(receiptLimitMs),
      })
      // Anything else than "try again": a further try would get the same answer.
      if (answer.ok || answer.status < 500) return
    } catch {
      // No network, or no answer in time.
    }
  }
}

const pages = () => scope.clients.matchAll({ type: 'window', includeUncontrolled: true })

/** The push came twice: shown again without a sound (dashboard.md W25). */
const isRepetition = async ({ tag, notificationId }: PushNotice): Promise<boolean> => {
  const shown = await scope.registration.getNotifications({ tag })
  return shown.some(({ data }) => PushReceipt.partial().safeParse(data).data?.notificationId === notificationId)
}

const show = async (text: string): Promise<void> => {
  const notice = pushNotice(text)
  const silent = notice.quiet || (await isRepetition(notice))
  const options: Options = {
    body: notice.body,
    tag: notice.tag,
    icon: notice.icon,
    requireInteraction: notice.stays,
    silent,
    renotify: !silent,
    data: notice.receipt,
    lang: 'en',
    ...(silent ? {} : { vibrate: notice.vibrate }),
    ...(notice.at === null ? {} : { timestamp: notice.at }),
  }
  await scope.registration.showNotification(notice.title, options)
  if (notice.receipt !== null) await tellShown(notice.receipt)
}

const tellShown = async (receipt: Omit<PushReceipt, 'step'>): Promise<void> => {
  const message: ShownMessage = { kind: 'page-shown', notificationId: receipt.notificationId }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a client of a service worker has its own origin
  for (const page of await pages()) page.postMessage(message)
  await report({ ...receipt, step: 'shown' })
}

/** A browser that shows the push by itself gives its notification and no data: all that is left to do is to say so. */
const received = async ({ data, notification }: PushEvent): Promise<void> => {
  const receipt = data === null ? PushReceipt.omit({ step: true }).safeParse(notification?.data) : null
  if (receipt?.success === true) await tellShown(receipt.data)
  else await show(data?.text() ?? '')
}

const open = async (): Promise<void> => {
  const [page] = (await pages()).toSorted((a) => (a.visibilityState === 'visible' ? -1 : 1))
  if (page === undefined) {
    await scope.clients.openWindow(start)
    return
  }
  const message: PressedMessage = { kind: 'page-pressed' }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a client of a service worker has its own origin
  page.postMessage(message)
  await page.focus()
}

const clicked = async (notification: Notification): Promise<void> => {
  notification.close()
  const receipt = PushReceipt.omit({ step: true }).safeParse(notification.data)
  await Promise.all([open(), receipt.success ? report({ ...receipt.data, step: 'viewed' }) : null])
}

/** A shell that could not be fetched is no reason to show no pages; it is tried again with the next start page. */
const tryToKeepShell = (): Promise<void> => keepShell().catch(() => undefined)

// A newer worker changes no open page: those go on with the files they know, until they load themselves (update-due.ts).
scope.addEventListener('install', (event) => event.waitUntil(Promise.all([scope.skipWaiting(), tryToKeepShell()])))
scope.addEventListener('activate', (event) => event.waitUntil(Promise.all([scope.clients.claim(), forgetOldShells()])))
scope.addEventListener('fetch', (event) => {
  const answer = shellAnswer(event.request, scope.location.origin)
  if (answer === null) return
  event.respondWith(answer)
  if (event.request.mode === 'navigate') event.waitUntil(answer.then(tryToKeepShell, () => undefined))
})
scope.addEventListener('push', (event) => event.waitUntil(received(event)))
scope.addEventListener('notificationclick', (event) => event.waitUntil(clicked(event.notification)))
