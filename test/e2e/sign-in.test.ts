import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusedFeatures } from '#server/http/security-headers.ts'
import { authenticatorApp } from '#test/support/authenticator-app.ts'
import { Browser } from '#test/support/browser.ts'
import { Program } from '#test/support/program.ts'

// How a person proves who she is, in a browser on a real server that is no demonstration.

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const violations = async (on: Page): Promise<readonly string[]> =>
  await on.evaluate<string[]>(`(async () => {
    const module = { exports: {} }
    ;(function (module, exports) { ${axe} })(module, module.exports)
    const axe = window.axe ?? module.exports
    const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return result.violations.map((found) => found.id + ': ' + found.nodes.map((node) => node.html).join(' '))
  })()`)

describe('signing in where a password alone is not enough', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sign-in-'))
  const env = { DATA_DIR: dir, PORT: '0', LOG_LEVEL: 'info' }
  const name = 'n.adu'
  let server: Program
  let browser: Browser
  let page: Page
  let tools: CDPSession
  let authenticatorId: string
  let url: string
  let password: string
  let app: (nowMs: number) => string
  let codes: readonly string[]

  beforeAll(async () => {
    const add = new Program({
      name: 'user',
      args: ['server/main.ts', 'user', 'add', '--name', name, '--role', 'nurse'],
      env,
    })
    password = (await add.says(/Password: (\S+)/))[1] ?? ''
    await add.ended()
    server = new Program({ name: 'server', args: ['server/main.ts'], env })
    const [, port] = await server.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
    url = `http://localhost:${port}`
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(45_000)
    tools = await browser.tools(page)
    await tools.send('WebAuthn.enable')
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    } as const
    authenticatorId = (await tools.send('WebAuthn.addVirtualAuthenticator', { options })).authenticatorId
    await page.goto(url)
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })

  const showPassword = async (): Promise<void> => {
    const form = page.getByTestId('sign-in-form')
    await form.locator('input[name=name]').fill(name)
    await form.locator('input[name=password]').fill(password)
    await form.locator('button[type=submit]').click()
  }
  const typeCode = async (form: string, code: string): Promise<void> => {
    await page.getByTestId(form).locator('input').fill(code)
    await page.getByTestId(form).locator('button').click()
  }
  const entered = async (): Promise<void> => {
    await page.getByTestId('duty-looking').click()
    await page.getByTestId('live-pill').waitFor()
  }
  /** It stays open behind a dialog. */
  const openMenu = async (): Promise<void> => {
    const menu = page.locator('details.user-menu')
    if ((await menu.getAttribute('open')) === null) await page.getByTestId('user-menu').click()
  }
  const signOut = async (): Promise<void> => {
    await openMenu()
    await page.getByTestId('sign-out').click()
    await page.getByTestId('sign-in-form').waitFor()
  }
  const openFactors = async (): Promise<void> => {
    await openMenu()
    await page.getByTestId('open-factors').click()
    await page.getByTestId('passkey-begin').waitFor()
  }
  /** What her passkey says to a challenge of the server, on whatever page is open. */
  const assertion = async (): Promise<object> => {
    const headers = { origin: url }
    const options: unknown = await (
      await fetch(`${url}/api/v1/session/passkey/options`, { method: 'POST', headers })
    ).json()
    return await page.evaluate<object>(`(async () => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(options)})
      const { id, rawId, type, response } = (await navigator.credentials.get({ publicKey })).toJSON()
      const { clientDataJSON, authenticatorData, signature, userHandle } = response
      return { id, rawId, type, response: { clientDataJSON, authenticatorData, signature, userHandle } }
    })()`)
  }
  const offer = async (answer: object): Promise<number> => {
    const headers = { origin: url, 'content-type': 'application/json' }
    const body = JSON.stringify(answer)
    return (await fetch(`${url}/api/v1/session/passkey`, { method: 'POST', headers, body })).status
  }

  it('is a page that the browser lets ask for nothing but what it needs', async () => {
    const allowed = await page.evaluate<string[]>('document.featurePolicy.allowedFeatures()')
    expect(refusedFeatures.filter((feature) => allowed.includes(feature))).toEqual([])
    const needed = ['autoplay', 'microphone', 'publickey-credentials-get', 'screen-wake-lock']
    expect(needed.filter((feature) => !allowed.includes(feature))).toEqual([])
  })

  it('sets up an app at the first sign-in, and shows ten recovery codes once', async () => {
    await showPassword()
    await page.getByTestId('totp-begin').click()
    const key = (await page.getByTestId('totp-key').textContent()) ?? ''
    expect(await page.locator('.qr-code').count()).toBe(1)
    expect(await violations(page)).toEqual([])
    app = authenticatorApp(key.replaceAll(' ', ''))
    await typeCode('totp-confirm', '000000')
    await page.locator('.notice').waitFor()
    await typeCode('totp-confirm', app(Date.now()))
    await page.getByTestId('recovery-codes').waitFor()
    codes = await page.getByTestId('recovery-codes').locator('code').allTextContents()
    expect(codes).toHaveLength(10)
    expect(await violations(page)).toEqual([])
    await page.getByTestId('codes-kept').click()
    await entered()
  })

  it('asks for the app’s code after the password, and takes a recovery code in its place', async () => {
    await signOut()
    await showPassword()
    await typeCode('second-code', '000000')
    await page.locator('.notice').waitFor()
    expect(await violations(page)).toEqual([])
    // The code of the next step: this one was used a moment ago.
    await typeCode('second-code', app(Date.now() + 30_000))
    await entered()
    await signOut()
    await showPassword()
    await page.getByTestId('use-recovery').click()
    await typeCode('recovery-code', codes[0]?.toLowerCase() ?? '')
    await entered()
  })

  it('adds a passkey, and signs in with it and nothing else', async () => {
    await openFactors()
    expect(await page.getByTestId('factors').textContent()).toContain('9 codes left')
    expect(await violations(page)).toEqual([])
    await page.getByTestId('passkey-begin').click()
    await page.getByTestId('passkey-add').locator('input').fill('Work telephone')
    await page.getByTestId('passkey-add').locator('button').click()
    await page.getByTestId('passkey').filter({ hasText: 'Work telephone' }).waitFor()
    await page.getByRole('button', { name: 'Rename Work telephone' }).click()
    await page.locator('input[name=passkey-name]').fill('Key ring')
    expect(await violations(page)).toEqual([])
    await page.getByTestId('passkey-save').click()
    await page.getByTestId('passkey').filter({ hasText: 'Key ring' }).waitFor()
    await page.keyboard.press('Escape')
    await signOut()
    await page.getByTestId('passkey-sign-in').click()
    await entered()
  })

  it('asks for a fresh proof before recovery codes are made anew, and goes on by itself', async () => {
    const database = new DatabaseSync(join(dir, 'journal.db'))
    database.exec('UPDATE app_session SET proven_at = proven_at - 700000')
    database.close()
    await openFactors()
    await page.getByTestId('recovery-new').click()
    await page.getByTestId('step-up-form').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByTestId('step-up-passkey').click()
    await page.getByTestId('recovery-codes').waitFor()
    await page.getByTestId('codes-kept').click()
    await page.keyboard.press('Escape')
    await page.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
  })

  it('changes the password, but not to one that everybody would try', async () => {
    await openFactors()
    await page.getByTestId('password-change').click()
    const form = page.getByTestId('password-form')
    await form.locator('input[name=current]').fill(password)
    await form.locator('input[name=next]').fill('password123')
    await form.locator('button').click()
    await form.getByRole('alert').filter({ hasText: 'Many people use this one' }).waitFor()
    password = 'eleven green elephants'
    await form.locator('input[name=next]').fill(password)
    await form.locator('button').click()
    await form.getByRole('status').waitFor()
    await page.keyboard.press('Escape')
  })

  it('refuses an answer that was used, one made on another page, and an authenticator whose counter went back', async () => {
    const answer = await assertion()
    expect([await offer(answer), await offer(answer)]).toEqual([200, 422])

    const foreign = createServer((_, reply) => void reply.setHeader('content-type', 'text/html').end('<p>foreign</p>'))
    await new Promise<void>((listening) => foreign.listen(0, '127.0.0.1', listening))
    const address = foreign.address()
    await page.goto(`http://localhost:${typeof address === 'object' ? address?.port : 0}`)
    expect(await offer(await assertion())).toBe(422)
    await page.goto(url)
    foreign.closeAllConnections()
    foreign.close()
    expect(await offer(await assertion())).toBe(200)

    const { credentials } = await tools.send('WebAuthn.getCredentials', { authenticatorId })
    const [credential] = credentials
    if (credential === undefined) throw new Error('the authenticator has no passkey')
    expect(credential.signCount).toBeGreaterThan(1)
    await tools.send('WebAuthn.removeCredential', { authenticatorId, credentialId: credential.credentialId })
    await tools.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount: 0 } })
    expect(await offer(await assertion())).toBe(422)
    expect(server.output).toContain('a passkey was refused')
  })
})
