import type { Page } from 'playwright-core'
import { NewTotp } from '#domain/people/factors.ts'
import { authenticatorApp } from './authenticator-app.ts'

type App = ReturnType<typeof authenticatorApp>

/** On the page that asks for a second factor: an app, the first code of it, and the recovery codes put aside. */
export const setUpApp = async (page: Page): Promise<App> => {
  await page.getByTestId('totp-begin').click()
  const key = (await page.getByTestId('totp-key').textContent()) ?? ''
  const app = authenticatorApp(key.replaceAll(' ', ''))
  await page.getByTestId('totp-confirm').locator('input').fill(app(Date.now()))
  await page.getByTestId('totp-confirm').locator('button').click()
  await page.getByTestId('codes-kept').click()
  return app
}

type Ask = (method: string, path: string, body: object | undefined, cookie: string) => Promise<Response>

const cookieIn = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''

/** The same over REST, after a sign-in that answered that one is missing: the cookie of the session. */
export const enrolByApp = async (ask: Ask, signedIn: Response): Promise<string> => {
  const half = cookieIn(signedIn)
  const app = authenticatorApp(NewTotp.parse(await (await ask('POST', 'factors/totp', undefined, half)).json()).secret)
  return cookieIn(await ask('PUT', 'factors/totp', { code: app(Date.now()) }, half))
}
