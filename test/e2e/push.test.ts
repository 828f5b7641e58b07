import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { Browser } from '#test/support/browser.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { FailingService } from '#test/support/failing-service.ts'
import { Program } from '#test/support/program.ts'
import { PushSubscriber, readVapid } from '#test/support/push-subscriber.ts'
import { Wall } from './wall.ts'

// The real page, service worker and server. Between them stands a push service of our own, because a browser without the
// internet never gets an address from its vendor's: `subscribe` hands out ours, and what is sent there is decrypted with the
// subscriber's keys and delivered to the service worker through the developer tools.

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** In place of the browser's own: one subscription, kept over reloads. */
const ownPushService = (endpoint: string, keys: object): string => `
  const kept = 'test-subscription'
  const subscription = () => {
    const key = localStorage.getItem(kept)
    if (key === null) return null
    return {
      endpoint: ${JSON.stringify(endpoint)},
      options: { applicationServerKey: Uint8Array.from(JSON.parse(key)).buffer },
      toJSON: () => (${JSON.stringify({ endpoint, keys })}),
      unsubscribe: async () => (localStorage.removeItem(kept), true),
    }
  }
  PushManager.prototype.getSubscription = async () => subscription()
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.setItem(kept, JSON.stringify([...applicationServerKey]))
    return subscription()
  }
`

interface Shown {
  readonly title: string
  readonly body: string
  readonly tag: string
  readonly requireInteraction: boolean
  readonly silent: boolean | null
}

const pushed = (changes: object, page: object = {}): string =>
  JSON.stringify({
    page: {
      notificationId: 'n-1',
      thread: 'root-1',
      kind: 'alarm',
      episodeIds: ['e-1'],
      priority: 'high',
      place: 'backup',
      attempt: 1,
      ward: 'North 12',
      simulated: false,
      at: Date.now(),
      ...page,
    },
    alarms: 1,
    over: null,
    deviceId: 'd-1',
    receipt: 'r-1',
    ...changes,
  })

describe('pages to a device', () => {
  const data = mkdtempSync(join(tmpdir(), 'push-'))
  const phone = PushSubscriber.make()
  let service: FailingService
  let server: Program
  let browser: Browser
  let page: Page
  let tools: CDPSession
  let url: string
  let registrationId: string | null = null

  const deliver = async (text: string): Promise<void> => {
    const id = await eventually(() => registrationId, { what: 'a registered service worker' })
    await tools.send('ServiceWorker.deliverPushMessage', { origin: url, registrationId: id, data: text })
  }
  /** A worker that is slow to start on a loaded machine loses what the developer tools deliver: then it is delivered once more. */
  const delivered = async (text: string, shown: () => Promise<void>): Promise<void> => {
    await deliver(text)
    try {
      await eventuallyPasses(shown)
    } catch {
      await deliver(text)
      await eventuallyPasses(shown)
    }
  }
  const notifications = async (): Promise<readonly Shown[]> =>
    page.evaluate<Shown[]>(`navigator.serviceWorker.ready.then(async (registration) =>
      (await registration.getNotifications()).map(({ title, body, tag, requireInteraction, silent }) =>
        ({ title, body, tag, requireInteraction, silent })))`)
  const lastPush = (): string => phone.decrypt(service.received.at(-1)?.body ?? Buffer.alloc(0))
  const step = (wanted: string) => page.locator(`[data-testid="push-device"][data-step="${wanted}"]`)
  const look = async (name: string): Promise<void> => {
    const folder = process.env['SCREENSHOTS']
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
  }

  beforeAll(async () => {
    service = await FailingService.start()
    server = new Program({
      name: 'server',
      args: ['server/main.ts'],
      env: { PORT: '0', DATA_DIR: data, DEMO_ACCOUNTS: '1', LOG_LEVEL: 'info', OUTGOING_HOSTS: service.host },
    })
    const [, port] = await server.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
    url = `http://localhost:${port}`
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(15_000)
    await page.addInitScript({ content: ownPushService(`${service.url}/p/1`, phone.keys) })
    await page.context().grantPermissions(['notifications'], { origin: url })
    tools = await page.context().newCDPSession(page)
    tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      registrationId = registrations.find(({ isDeleted }) => !isDeleted)?.registrationId ?? registrationId
    })
    await tools.send('ServiceWorker.enable')
    const access = DemoAccess.parse(JSON.parse(readFileSync(join(data, 'demo-access.json'), 'utf8')))
    const [nurse] = access.users
    await new Wall(page).signIn(url, nurse?.name ?? '', nurse?.password ?? '')
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    await service?.[Symbol.asyncDispose]()
    rmSync(data, { recursive: true, force: true })
  })

  it('W27: no device at first; one press asks for permission before anything else, and turns this one on', async () => {
    const chip = page.getByTestId('push-chip')
    await eventuallyPasses(async () => expect(await chip.getAttribute('data-state')).toBe('off'))
    await chip.click()
    await page.getByTestId('push-on').waitFor()
    await look('push-off')
    await page.evaluate(`
      window.inTheClick = null
      const ask = Notification.requestPermission.bind(Notification)
      Notification.requestPermission = () => {
        window.inTheClick ??= navigator.userActivation.isActive && window.event?.type === 'click'
        return ask()
      }
    `)
    await page.getByTestId('push-on').click()
    await page.getByTestId('push-here').waitFor()
    expect(await page.evaluate('window.inTheClick')).toBe(true)
    expect(await chip.getAttribute('data-state')).toBe('on')
    expect(await page.getByTestId('push-device').count()).toBe(1)
    expect(
      await page.evaluate(`navigator.serviceWorker.ready.then(({ scope, active }) => [scope, active.scriptURL])`),
    ).toEqual([`${url}/`, `${url}/push-worker.js`])
  })

  it('W23: a test page goes server, push service, service worker, screen, and the device itself says so', async () => {
    await page.getByTestId('push-test').click()
    await step('taken').waitFor()
    await look('push-taken')
    const vapid = readVapid(service.received[0]?.headers.authorization)
    expect(vapid).toMatchObject({ signed: true, claims: { aud: service.url } })
    expect(JSON.parse(lastPush())).toMatchObject({ page: { kind: 'test', ward: null, episodeIds: [] } })
    await deliver(lastPush())
    await step('shown').waitFor()
    await look('push-shown')
    expect(await axeFindings()).toEqual([])
    expect(await notifications()).toMatchObject([{ title: 'Test page', requireInteraction: true }])
    await eventuallyPasses(async () => {
      const setup = await page.evaluate<{ devices: { lastShownAt: number | null }[] }>(
        `fetch('/api/v1/push').then((answer) => answer.json())`,
      )
      expect(setup.devices[0]?.lastShownAt).not.toBeNull()
    })
  })

  const alarms = async (): Promise<readonly Shown[]> =>
    (await notifications()).filter(({ title }) => title !== 'Test page')

  it('W25: a high page stays until somebody acts; repetitions replace it, the same one again without a sound', async () => {
    const first = { title: 'High alarm', body: 'North 12. You are asked as backup.', tag: 'root-1' }
    await delivered(pushed({}), async () =>
      expect(await alarms()).toMatchObject([{ ...first, requireInteraction: true, silent: false }]),
    )
    await delivered(pushed({}), async () => expect(await alarms()).toMatchObject([{ ...first, silent: true }]))
    await delivered(pushed({}, { notificationId: 'n-2', attempt: 2 }), async () =>
      expect(await alarms()).toMatchObject([{ body: `${first.body} Asked 2 times.`, silent: false }]),
    )
  })

  it('an end replaces the page silently', async () => {
    await delivered(pushed({ over: 'accepted' }, { notificationId: 'n-2' }), async () =>
      expect(await alarms()).toMatchObject([
        { title: 'Somebody has taken it', tag: 'root-1', silent: true, requireInteraction: false },
      ]),
    )
  })

  it('W19: what cannot be read is shown all the same', async () => {
    await delivered('from another release', async () =>
      expect(await alarms()).toContainEqual(expect.objectContaining({ title: 'Page' })),
    )
  })

  it('W19: a browser that shows the push by itself gets no second notification, and its receipt is said', async () => {
    const receipts: unknown[] = []
    await page.context().route('**/api/v1/push/receipts', async (route) => {
      receipts.push(route.request().postDataJSON())
      await route.fulfill({ status: 204 })
    })
    const before = await alarms()
    const [worker] = page.context().serviceWorkers()
    // As the Push API has it for a declarative push that a service worker may change: no data, and what will be shown.
    await worker?.evaluate(`(async () => {
      const push = new Event('push')
      push.data = null
      push.notification = { data: { notificationId: 'n-9', deviceId: 'd-1', receipt: 'r-9' } }
      push.waitUntil = (work) => work.catch(() => undefined)
      dispatchEvent(push)
    })()`)
    await eventuallyPasses(async () =>
      expect(receipts).toContainEqual({ notificationId: 'n-9', deviceId: 'd-1', receipt: 'r-9', step: 'shown' }),
    )
    expect(await alarms()).toEqual(before)
    await page.context().unroute('**/api/v1/push/receipts')
  })

  it('W24: the start page goes on to the wall when nothing waits', async () => {
    await page.goto(`${url}/#/urgent`)
    await eventuallyPasses(async () => expect(await page.evaluate('location.hash')).toBe('#/'))
  })

  it('pressing a notification is a receipt, too, and brings the open page to the most urgent alarm', async () => {
    const receipts: unknown[] = []
    await page.goto(`${url}/#/hubs`)
    await page.context().route('**/api/v1/push/receipts', async (route) => {
      receipts.push(route.request().postDataJSON())
      await route.fulfill({ status: 204 })
    })
    const [worker] = page.context().serviceWorkers()
    await worker?.evaluate(`(async () => {
      const [notification] = await registration.getNotifications({ tag: 'root-1' })
      const press = new Event('notificationclick')
      press.notification = notification
      press.waitUntil = (work) => work.catch(() => undefined)
      dispatchEvent(press)
    })()`)
    await eventuallyPasses(async () =>
      expect(receipts).toContainEqual({ notificationId: 'n-2', deviceId: 'd-1', receipt: 'r-1', step: 'viewed' }),
    )
    expect((await alarms()).map(({ tag }) => tag)).toEqual(['unreadable'])
    await eventuallyPasses(async () => expect(await page.evaluate('location.hash')).toBe('#/'))
    await page.context().unroute('**/api/v1/push/receipts')
  })

  it('W22: a device that the push service has forgotten is loud, and turning it on again mends it', async () => {
    service.behaviour = { status: 410 }
    await page.getByTestId('push-test').click()
    await eventuallyPasses(async () =>
      expect(await page.getByTestId('push-chip').getAttribute('data-state')).toBe('failing'),
    )
    await look('push-gone')
    service.behaviour = { status: 201 }
    await page.getByTestId('push-on').click()
    await page.getByTestId('push-here').waitFor()
    expect(await page.getByTestId('push-chip').getAttribute('data-state')).toBe('on')
    expect(await page.getByTestId('push-device').count()).toBe(1)
  })

  it('W19: its address is told to the server again at every start; it can be turned off', async () => {
    const told = page.waitForRequest(
      (request) => request.method() === 'PUT' && request.url().endsWith('/api/v1/push/devices'),
    )
    await page.reload()
    await told
    const chip = page.getByTestId('push-chip')
    await eventuallyPasses(async () => expect(await chip.getAttribute('data-state')).toBe('on'))
    await chip.click()
    await page.getByTestId('push-here').waitFor()
    await page.getByTestId('push-off').click()
    await page.getByTestId('push-on').waitFor()
    await eventuallyPasses(async () => expect(await chip.getAttribute('data-state')).toBe('off'))
  })

  const axeFindings = (): Promise<readonly string[]> =>
    page.evaluate<string[]>(`(async () => {
      const module = { exports: {} }
      ;(function (module, exports) { ${axe} })(module, module.exports)
      const axe = window.axe ?? module.exports
      const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      return violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 80)).join(' | '))
    })()`)

  it('W26, W27: the dialog says what stops a push, and a browser that was told no how to change that', async () => {
    await page.addInitScript({ content: `Object.defineProperty(Notification, 'permission', { get: () => 'denied' })` })
    await page.reload()
    await page.getByTestId('push-chip').click()
    await page.getByTestId('push-repair').waitFor()
    expect(await page.getByTestId('push-repair').locator('li').count()).toBe(3)
    expect(await page.getByRole('dialog').innerText()).toMatch(/Focus/)
    await look('push-blocked')
    await page.setViewportSize({ width: 390, height: 844 })
    await look('push-blocked-phone')
    expect(await axeFindings()).toEqual([])
  })

  it('nothing on the way breaks the content security policy', () => {
    expect(browser.complaints.filter((complaint) => complaint.includes('CSP'))).toEqual([])
  })
})
