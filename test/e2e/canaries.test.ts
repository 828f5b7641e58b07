import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HubClaim } from '#domain/live/hub-registry.ts'
import { PushMessage } from '#domain/paging/push-message.ts'
import { Enrolled, NewTotp } from '#domain/people/factors.ts'
import { InvitationLink } from '#domain/people/people-api.ts'
import { SsoBegun } from '#domain/people/single-sign-on.ts'
import { authenticatorApp, secretBytes } from '#test/support/authenticator-app.ts'
import { Browser } from '#test/support/browser.ts'
import { searchForCanaries } from '#test/support/canaries.ts'
import type { Canary, Place } from '#test/support/canaries.ts'
import { findNothing, overhear, overheard, plant, planted, secretsOf, writtenBy } from '#test/support/confinement.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { FailingService } from '#test/support/failing-service.ts'
import { HandMadeProvider } from '#test/support/hand-made-provider.ts'
import { Nurse } from '#test/support/nurse.ts'
import { Program } from '#test/support/program.ts'
import { PushSubscriber } from '#test/support/push-subscriber.ts'
import { Wall } from './wall.ts'
import { openSystem, type SystemUnderTest } from './engines.ts'

// F29 and I14 of reliability.md. Every secret and every word about a patient is one of a kind here. One story goes through server,
// hub, pumps, browser, push service, hook, telephone and watchdog at the highest level of logging; then everything that was written
// or said is searched. The same search stands at the end of every other test of the whole system (test/support/system.ts).

const patiently = { within: 120_000, every: 100 }
const journal = /^server\/journal\.db/
const pages = /^what a (?:hook|device) was told/

let counter = 0
const unique = (): string => `${(counter += 1)}q${randomBytes(9).toString('hex')}`
const canary = (name: string, value: string, home: RegExp | null = null): string => {
  plant({ name, value, home })
  return value
}
/** What an answer sets, without its name and attributes; each is a secret. */
const cookiesOf = (answer: Response, what: string): string =>
  answer.headers
    .getSetCookie()
    .map((set) => set.split(';')[0] ?? '')
    .filter((pair) => !pair.endsWith('='))
    .map((pair) => {
      canary(`${what} ${pair.split('=')[0]}`, pair.slice(pair.indexOf('=') + 1))
      return pair
    })
    .join('; ')

// Secrets that come from outside.
const pepper = canary('PASSWORD_PEPPER', unique())
const patientKey = canary('PATIENT_KEYS', randomBytes(32).toString('hex'))
const watchdog = canary('path of DEADMAN_URL', unique())
const headUrl = canary('path of AUDIT_HEAD_URL', unique())
const failUrl = canary('path of DEADMAN_FAIL_URL', unique())
const clientSecret = canary('OIDC_CLIENT_SECRET', unique())
const influxPassword = canary('INFLUX_PASSWORD', unique())
const influxToken = canary('INFLUX_TOKEN', unique())
const hookToken = canary('token of a hook', unique())
const accountToken = canary('token of an account at a telephone provider', unique())
const routingKey = canary('routing key of a hook', randomBytes(16).toString('hex'), /^what a hook was told/)
const firstCode = canary('code of FIRST_HUB_CLAIM', randomBytes(6).toString('hex').toUpperCase())
const hookSecret = canary('secret of a hook', unique() + unique())
const hookPath = canary('path of a hook', unique())
const called = canary('number of a nurse’s telephone', '+4930118999881')
const pumpSecret = canary('secret of a pump', randomBytes(16).toString('hex'))
const wrongPumpSecret = canary('what a stranger tried on the broker', unique())
// A patient. A page says the label to whoever is paged (security.md 8 rule 1), and nothing else.
const label = canary('label', `Bed ${unique()}`, pages)
const phone = canary('telephone number of a home', '+49 30 7310 9946 02')
const zone = canary('time zone of a home', 'Pacific/Rarotonga')
// What people type. A browser keeps names of a sign-in form, for its password manager.
const wrongName = canary('name at a failed sign-in', unique(), /^browser\/Default\/(Web Data|Sessions\/)/)
const wrongPassword = canary('password at a failed sign-in', unique())
const note = canary('note at closing out', `She said ${unique()}`, journal)
const watched = canary('note of a watch', `Look at ${unique()}`, journal)
const searched = canary('what somebody looked for', unique())
const refused = canary('what a refused request held', unique())
const reason = canary('reason of a reset', `Telephone ${unique()}`, journal)
// A device.
const endpoint = canary('address of a device', unique(), journal)
const device = PushSubscriber.make()
canary('key of a device', device.keys.auth, journal)

describe('what is secret or about a patient', () => {
  const folder = mkdtempSync(join(tmpdir(), 'canaries-'))
  let service: FailingService
  let provider: HandMadeProvider
  let under: SystemUnderTest
  let browser: Browser
  let page: Page
  let lead: Nurse

  beforeAll(async () => {
    service = await FailingService.start()
    provider = await HandMadeProvider.start()
    const hooks = join(folder, 'hooks.json')
    const to = { url: `${service.url}/${hookPath}`, secret: hookSecret }
    const entries = [
      { name: 'json', for: 'everybody', send: { template: 'json', ...to } },
      { name: 'telephone', for: 'everybody', send: { template: 'voice', ...to, number: called } },
      { name: 'ntfy', for: 'everybody', send: { template: 'ntfy', url: `${to.url}/topic`, token: hookToken } },
      { name: 'pagerduty', for: 'everybody', send: { template: 'pagerduty', url: to.url, routingKey } },
      { name: 'slack', for: 'everybody', send: { template: 'slack', url: to.url } },
      {
        name: 'twilio',
        for: 'everybody',
        send: {
          template: 'twilio',
          account: `AC${randomBytes(16).toString('hex')}`,
          token: accountToken,
          from: '+4930118999880',
          number: called,
          url: to.url,
        },
      },
    ]
    writeFileSync(hooks, JSON.stringify(entries))
    const fast = 'rateMlPerHour=120'
    under = await openSystem('influx', {
      pumps: [
        { id: 'SIM-0001', protocol: 'ip1', wire: 'tcp', settings: fast },
        { id: 'SIM-0002', protocol: 'mqtt-json', wire: 'mqtt', secret: pumpSecret, settings: fast },
      ],
      env: {
        OUTGOING_HOSTS: service.host,
        PAGING_HOOKS_FILE: hooks,
        PASSWORD_PEPPER: pepper,
        PATIENT_KEYS: patientKey,
        FIRST_HUB_CLAIM: `c-of-no-hub:${firstCode}`,
        DEADMAN_URL: `${service.url}/${watchdog}`,
        DEADMAN_FAIL_URL: `${service.url}/${failUrl}`,
        INFLUX_USERNAME: 'watch',
        INFLUX_PASSWORD: influxPassword,
        INFLUX_TOKEN: influxToken,
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: 'infusion-watch',
        OIDC_CLIENT_SECRET: clientSecret,
        OIDC_ACR: 'mfa',
        AUDIT_HEAD_URL: `${service.url}/${headUrl}`,
      },
    })
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(120_000)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await under?.[Symbol.asyncDispose]()
    await service?.[Symbol.asyncDispose]()
    await provider?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Asks without being anybody, unless the headers say so; what comes back is searched. */
  const nobody = async (method: string, path: string, body: string, headers: Record<string, string> = {}) => {
    const { url } = under.system
    const given = { origin: url, 'content-type': 'application/json', ...headers }
    const answer = await fetch(`${url}${path}`, { method, headers: given, ...(method === 'GET' ? {} : { body }) })
    overhear(`answer ${answer.status} to ${method} ${path.slice(0, 20)}`, await answer.text())
    return answer.status
  }

  const refusal = async (method: string, path: string, body: string, headers: Record<string, string> = {}) => {
    const status = await nobody(method, path, body, headers)
    expect(status, `${method} ${path}`).toBeGreaterThanOrEqual(400)
    expect(status, `${method} ${path}`).toBeLessThan(500)
  }

  it('is told to the programs in every way there is', async () => {
    lead = await under.system.signIn('lead')
    const details = {
      label,
      phone,
      timeZone: zone,
      therapy: 'pain',
      criticality: 'critical',
      plan: null,
      teamId: 'all',
    }
    for (const [pumpId, more] of [
      ['SIM-0001', {}],
      ['SIM-0002', { label: null, phone: null }],
    ] as const)
      await eventuallyPasses(async () => {
        const body = { ...details, ...more, expectedVersion: 0 }
        expect((await lead.request('PUT', `/assignments/${pumpId}`, body)).status).toBe(200)
      }, patiently)
    const nurse = await under.system.signIn('nurse')
    const subscription = { endpoint: `${service.url}/${endpoint}`, keys: device.keys, name: 'phone' }
    expect((await nurse.request('PUT', '/push/devices', subscription)).status).toBe(200)
    expect((await nurse.request('PUT', '/watched/SIM-0002', { note: watched })).status).toBe(200)
  })

  it('is shown to a nurse: wall, list, pump, number to call, page and close-out', async () => {
    const wall = new Wall(page)
    const { name, password } = under.system.password('nurse')
    await page.goto(under.system.url)
    const form = page.getByTestId('sign-in-form')
    await form.locator('input[name=name]').fill(wrongName)
    await form.locator('input[name=password]').fill(wrongPassword)
    await form.locator('button[type=submit]').click()
    await page.getByRole('alert').filter({ hasText: 'password' }).waitFor()
    await wall.signIn(under.system.url, name, password)

    await under.system.act('SIM-0001', 'occlude')
    const row = wall.row('SIM-0001', 'occlusion-downstream')
    await row.waitFor({ timeout: 120_000 })
    expect(await row.innerText()).toContain(label)
    const page1 = await eventually(() => service.received.find(({ path }) => path === `/${endpoint}`)?.body, {
      ...patiently,
      what: 'a page at the push service',
    })
    const pushed = PushMessage.parse(JSON.parse(device.decrypt(page1)))
    expect(pushed.page.kind).toBe('alarm')
    canary('token of a receipt', pushed.receipt, /^what a device was told/)
    await wall.take(row)
    await under.system.act('SIM-0001', 'release')
    await eventuallyPasses(async () => expect(await row.getAttribute('data-condition')).toBe('ended'), patiently)

    await page.goto(`${under.system.url}/#/pumps`)
    await page.getByRole('searchbox').fill(searched)
    await page.getByTestId('roster-empty').waitFor()
    await page.getByRole('searchbox').fill(label)
    await page.locator('[data-testid="roster-row"][data-pump="SIM-0001"]').waitFor()
    await page.goto(`${under.system.url}/#/pumps/SIM-0001`)
    await page.getByTestId('call-patient').first().click()
    await page.getByTestId('call-dialog').getByRole('link', { name: phone }).waitFor()
    await page.keyboard.press('Escape')

    const alarm = (await lead.openAlarms()).find(({ pumpId }) => pumpId === 'SIM-0001')
    const nurse = await under.system.signIn('nurse')
    const closing = { class: 'true-and-acted', finding: 'kink-or-clamp', note, requestId: unique() }
    const closed = await nurse.request('POST', `/alarms/${alarm?.episodeId}/resolve`, {
      ...closing,
      expectedVersion: alarm?.version,
    })
    expect(closed.status).toBe(200)
    await eventually(() => service.received.some(({ path }) => path === `/${watchdog}`), patiently)
  })

  it('is repeated by no refusal', async () => {
    const mine = { cookie: lead.cookie }
    const text = JSON.stringify({ name: refused, password: refused, label: refused })
    for (const [method, path] of [
      ['POST', '/api/v1/session'],
      ['GET', `/api/v1/pumps/${refused}/history?from=1&to=${refused}`],
      ['GET', `/api/v1/${refused}`],
      ['PUT', '/api/v1/assignments/SIM-0001'],
      ['PUT', `/api/v1/watched/${refused}`],
      ['POST', '/api/v1/roster'],
      ['POST', '/api/v1/push/receipts'],
      ['POST', `/api/v1/paging/calls/${refused}/${refused}`],
      ['POST', '/hub/v1/enrol-nonce'],
      ['POST', '/hub/v1/enrol'],
      ['POST', '/hub/v1/alarm'],
    ] as const) {
      await refusal(method, path, text, mine)
      await refusal(method, path, `{"label":"${refused}`, mine)
      await refusal(method, path, text, { ...mine, origin: `https://${refused}.example.org` })
      await refusal(method, path, text, { cookie: `${lead.cookie.split('=')[0]}=${refused}` })
      await refusal(method, path, text, { ...mine, 'content-type': `text/${refused}` })
      await refusal(method, path, text, {
        ...mine,
        'signature-input': `hub=("@method");keyid="${refused}"`,
        signature: refused,
      })
    }
    const broker = `mqtt://127.0.0.1:${under.system.mqttPort}`
    const stranger = { clientId: 'SIM-0002', username: 'SIM-0002', password: wrongPumpSecret, reconnectPeriod: 0 }
    await expect(connectAsync(broker, stranger)).rejects.toThrow()
  })

  it('is exported to nobody who asks for something else', async () => {
    const admin = await under.system.signIn('admin')
    for (const path of ['/audit', '/audit/export'])
      overhear(`GET ${path}`, await (await admin.request('GET', path)).text())
    const person = { name: 'n.invited', role: 'nurse', teamIds: ['all'] }
    const invited = InvitationLink.parse(await (await admin.request('POST', '/people', person)).json())
    const token = canary('token of an invitation', new URL(invited.link).hash.split(/[=/]/).at(-1) ?? '')
    const chosen = canary('password that somebody chose', unique())
    const accepted = JSON.stringify({ token, password: chosen })
    expect(await nobody('POST', '/api/v1/invitations/accept', accepted)).toBe(204)
    expect(await nobody('POST', '/api/v1/invitations/accept', accepted)).toBe(410)
    const half = await Nurse.signIn(under.system.url, person.name, chosen)
    const { secret } = NewTotp.parse(await (await half.request('POST', '/factors/totp')).json())
    canary('secret of an authenticator app', secret)
    plant({ name: 'secret of an authenticator app, raw', value: secretBytes(secret), home: null })
    const enrolled = await half.request('PUT', '/factors/totp', { code: authenticatorApp(secret)(Date.now()) })
    cookiesOf(enrolled, 'cookie after a first factor')
    const { recoveryCodes } = Enrolled.parse(await enrolled.json())
    expect(recoveryCodes).toHaveLength(10)
    for (const [place, code] of recoveryCodes?.entries() ?? []) {
      canary(`recovery code ${place}`, code)
      canary(`recovery code ${place} without dashes`, code.replaceAll('-', ''))
    }
    const resetting = await admin.request('POST', `/people/${invited.userId}/reset-factors`, { reason })
    expect(resetting.status).toBe(204)

    const linked = InvitationLink.parse(
      await (await admin.request('POST', `/people/${invited.userId}/invitation`, {})).json(),
    )
    const invitation = canary('token of a second invitation', linked.link.split('/').at(-1) ?? '')
    const begun = await half.request('POST', '/sso', { invitation })
    const flow = cookiesOf(begun, 'cookie on the way to a provider')
    const query = provider.signIn(SsoBegun.parse(await begun.json()).url, { claims: { sub: 'invited', acr: 'mfa' } })
    for (const part of ['code', 'state']) canary(`${part} of single sign-on`, query.get(part) ?? '')
    const callback = `${under.system.url}/api/v1/sso/callback?${query.toString()}`
    const returned = await fetch(callback, { redirect: 'manual', headers: { cookie: flow } })
    expect([returned.status, returned.headers.get('location')]).toEqual([303, '/#/sso/done'])
    cookiesOf(returned, 'cookie after single sign-on')

    const claim = HubClaim.parse(await (await admin.request('POST', '/hub-registry', { name: 'Never came' })).json())
    canary('code of a claim', claim.code)
    canary('code of a claim without dashes', claim.code.replaceAll('-', ''))
    const engineer = await under.system.signIn('engineer')
    for (const path of ['/pumps', '/hubs', '/alarms', '/simulators/pumps'])
      overhear(`GET ${path} of an engineer`, await (await engineer.request('GET', path)).text())
    const run = async (...args: readonly string[]): Promise<string> => {
      const env = { DATA_DIR: join(under.system.dir, 'server'), PATIENT_KEYS: patientKey, PASSWORD_PEPPER: pepper }
      const program = new Program({ name: 'server', args: ['server/main.ts', ...args], env })
      expect(await program.ended(60_000), program.output).toBe(0)
      return program.output
    }
    overhear('server audit export', await run('audit', 'export'))
    overhear('server hub list', await run('hub', 'list'))
    const made = await run('user', 'add', '--name', 'n.new', '--role', 'nurse')
    canary('password that a command printed', /Password: (\S+)/.exec(made)?.[1] ?? '')
  })

  it('stands in its own store and nowhere else', async () => {
    for (const { path, body } of service.received)
      if (path === `/${endpoint}`) overhear('what a device was told', device.decrypt(body))
      else overhear(path.startsWith(`/${hookPath}`) ? 'what a hook was told' : 'what a watchdog was told', body)
    const found: readonly Place[] = [...(await under.system.told()), ...writtenBy(under.system.dir), ...overheard()]
    for (const wanted of [
      /journal\.db$/,
      /server\/log$/,
      /hub\/log$/,
      /simulators\/log$/,
      /metrics$/,
      /InfluxDB/,
      /answer 4/,
    ])
      expect(found.filter(({ name }) => wanted.test(name)).map(({ content }) => content.length > 0)).toContain(true)
    findNothing(found, secretsOf(under.system.dir, under.system.access()))
    // The search sees what it should where it may stand: the words that are kept in plain, and the label in a page.
    const withoutHome = planted()
      .filter(({ home }) => home !== null)
      .map((known): Canary => ({ ...known, home: null }))
    const seen = new Set(searchForCanaries(found, withoutHome).map(({ canary: name }) => name))
    expect([...seen]).toEqual(
      expect.arrayContaining(['label', 'note at closing out', 'address of a device', 'key of a device']),
    )
  })
})
