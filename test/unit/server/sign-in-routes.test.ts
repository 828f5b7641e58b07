import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LightMyRequestResponse } from 'fastify'
import { Enrolled, FactorsView, NewTotp } from '#domain/people/factors.ts'
import { UserId } from '#domain/ids.ts'
import { authenticatorApp } from '#test/support/authenticator-app.ts'
import { byAdmin } from '#test/support/acts.ts'
import { openServerBench, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const minutes = 60_000
const demo = UserId.parse('u-demo')
let bench: ServerBench

beforeEach(async () => {
  bench = await openServerBench({ withoutSecond: (userId) => userId === demo })
  const user = { passwordHash: 'hash of pw', disabled: false } as const
  await bench.store.addUser({ ...user, userId: UserId.parse('u-osei'), name: 'm.osei', role: 'nurse' }, byAdmin)
  // Her factors stand in the database beside the accounts, which are in memory here.
  bench.database.exec("INSERT INTO app_user VALUES ('u-osei', 'm.osei', 'm.osei', 'nurse', '-', 0)")
  await bench.store.addUser({ ...user, userId: demo, name: 'demo', role: 'nurse' }, byAdmin)
  await bench.store.addUser({ ...user, userId: UserId.parse('u-wall'), name: 'wall', role: 'kiosk' }, byAdmin)
})
afterEach(() => bench.close())

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** A browser with its cookies. */
const browser = (remoteAddress = '10.0.0.1') => {
  const jar = new Map<string, string>()
  return {
    jar,
    async ask(method: Method, path: string, payload?: object): Promise<LightMyRequestResponse> {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const headers = { origin: testOrigin, ...(cookie === '' ? {} : { cookie }) }
      const url = `/api/v1${path}`
      const answer = await bench.app.inject({
        method,
        url,
        headers,
        remoteAddress,
        ...(payload === undefined ? {} : { payload }),
      })
      for (const { name, value } of answer.cookies)
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      return answer
    },
    async password(name = 'm.osei', password = 'pw') {
      return await this.ask('POST', '/session', { name, password })
    },
    async code(code: string) {
      return await this.ask('POST', '/session/second', { way: 'totp', code })
    },
  }
}

/** Signed in for the first time, with an app set up. */
const enrolled = async () => {
  const her = browser()
  await her.password()
  const app = authenticatorApp(NewTotp.parse((await her.ask('POST', '/factors/totp')).json()).secret)
  const { recoveryCodes } = Enrolled.parse(
    (await her.ask('PUT', '/factors/totp', { code: app(bench.clock.now()) })).json(),
  )
  bench.clock.advance(30_000)
  return { her, app, codes: recoveryCodes ?? [] }
}

describe('the first sign-in', () => {
  it('lets nobody in by a password alone: it asks for a second factor and opens nothing else', async () => {
    const her = browser()
    expect((await her.password()).json()).toEqual({ needs: 'enrol', ways: [] })
    expect([...her.jar.keys()]).toEqual(['__Host-half'])
    for (const path of ['/me', '/pumps', '/alarms', '/factors'])
      expect([path, (await her.ask('GET', path)).statusCode]).toEqual([path, 401])
    expect((await her.ask('PUT', '/factors/password', { current: 'pw', next: 'x' })).statusCode).toBe(401)
    expect((await her.ask('POST', '/factors/recovery-codes')).statusCode).toBe(401)
    expect((await her.code('000000')).statusCode).toBe(422)
  })

  it('ends with an app that shows the right code, and with ten recovery codes that are shown once', async () => {
    const { her, codes } = await enrolled()
    expect(codes).toHaveLength(10)
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
    expect([...her.jar.keys()]).toEqual(['__Host-sid'])
    const view = FactorsView.parse((await her.ask('GET', '/factors')).json())
    expect(view).toMatchObject({ passkeys: [], recoveryLeft: 10, required: true })
    expect(view.totpSince).toBe(bench.clock.now() - 30_000)
    const stored = JSON.stringify(bench.database.prepare('SELECT * FROM app_recovery_code').all())
    for (const code of codes) expect(stored).not.toContain(code.replaceAll('-', ''))
  })

  it('does not take a wrong code, nor one for a secret that was asked for 15 minutes ago', async () => {
    const her = browser()
    await her.password()
    const app = authenticatorApp(NewTotp.parse((await her.ask('POST', '/factors/totp')).json()).secret)
    expect((await her.ask('PUT', '/factors/totp', { code: '000000' })).statusCode).toBe(422)
    bench.clock.advance(9 * minutes)
    await her.password()
    bench.clock.advance(6 * minutes)
    expect((await her.ask('PUT', '/factors/totp', { code: app(bench.clock.now()) })).statusCode).toBe(422)
    expect(her.jar.has('__Host-sid')).toBe(false)
  })

  it('may go without in a demonstration, and on a wall screen', async () => {
    for (const name of ['demo', 'wall']) {
      const screen = browser()
      expect((await screen.password(name)).json()).toMatchObject({ name })
      expect((await screen.ask('GET', '/me')).statusCode).toBe(200)
    }
  })
})

describe('a later sign-in', () => {
  it('needs the code of the app, which is good once', async () => {
    const { app } = await enrolled()
    const code = app(bench.clock.now())
    const [one, two] = [browser(), browser()]
    expect((await one.password()).json()).toEqual({ needs: 'factor', ways: ['totp', 'recovery'] })
    expect((await one.ask('POST', '/factors/totp')).statusCode).toBe(401)
    await two.password()
    expect((await one.code(`${code.slice(0, 3)} ${code.slice(3)}`)).json()).toMatchObject({ name: 'm.osei' })
    expect((await two.code(code)).statusCode).toBe(422)
    expect((await one.ask('GET', '/me')).statusCode).toBe(200)
    expect((await two.ask('GET', '/me')).statusCode).toBe(401)
  })

  it('asks for the password again after ten minutes', async () => {
    const { app } = await enrolled()
    const her = browser()
    await her.password()
    bench.clock.advance(10 * minutes)
    expect((await her.code(app(bench.clock.now()))).statusCode).toBe(401)
  })

  it('is never locked out: guessing of codes from elsewhere slows the guesser, not her', async () => {
    const { app, codes } = await enrolled()
    const guesser = browser('203.0.113.7')
    await guesser.password()
    const answers: number[] = []
    for (let tries = 0; tries < 8; tries += 1) answers.push((await guesser.code('000000')).statusCode)
    expect(answers).toEqual([422, 422, 422, 422, 422, 429, 429, 429])
    const her = browser('10.0.0.1')
    await her.password()
    expect((await her.code(app(bench.clock.now()))).statusCode).toBe(200)
    const away = browser('198.51.100.1')
    await away.password()
    const slowed = await away.code(app(bench.clock.now()))
    expect([slowed.statusCode, slowed.headers['retry-after']]).toEqual([429, '30'])
    const code = codes[0] ?? ''
    expect((await away.ask('POST', '/session/second', { way: 'recovery', code })).statusCode).toBe(200)
  })
})

describe('a recovery code', () => {
  it('is used once, in any spelling, is recorded, and says how many are left', async () => {
    const { codes } = await enrolled()
    const code = codes[3] ?? ''
    const use = async (typed: string) => {
      const her = browser()
      await her.password()
      const { statusCode } = await her.ask('POST', '/session/second', { way: 'recovery', code: typed })
      return { her, statusCode }
    }
    const first = await use(` ${code.toLowerCase().replaceAll('-', ' ')} `)
    expect(first.statusCode).toBe(200)
    expect(FactorsView.parse((await first.her.ask('GET', '/factors')).json()).recoveryLeft).toBe(9)
    expect((await use(code)).statusCode).toBe(422)
    expect(bench.auditReader.find({ action: 'factor.recovery-use' }, 10)).toMatchObject([
      { actor: 'u-osei', object: 'user:u-osei' },
    ])
    const other = browser()
    await other.password('demo')
    expect((await other.ask('POST', '/session/proof', { way: 'recovery', code: codes[4] })).statusCode).toBe(400)
  })

  it('is void when new ones are made, which needs a fresh proof', async () => {
    const { her, codes, app } = await enrolled()
    bench.clock.advance(11 * minutes)
    expect((await her.ask('POST', '/factors/recovery-codes')).json()).toMatchObject({ code: 'step_up_needed' })
    expect((await her.ask('POST', '/session/proof', { way: 'totp', code: app(bench.clock.now()) })).statusCode).toBe(
      200,
    )
    const made = Enrolled.parse((await her.ask('POST', '/factors/recovery-codes')).json()).recoveryCodes ?? []
    expect(made).toHaveLength(10)
    const again = browser()
    await again.password()
    expect((await again.ask('POST', '/session/second', { way: 'recovery', code: codes[0] })).statusCode).toBe(422)
    expect((await again.ask('POST', '/session/second', { way: 'recovery', code: made[0] })).statusCode).toBe(200)
  })
})

describe('the last second factor', () => {
  it('cannot be removed where one is needed', async () => {
    const { her } = await enrolled()
    const kept = await her.ask('DELETE', '/factors/totp')
    expect([kept.statusCode, kept.json()]).toEqual([409, expect.objectContaining({ code: 'last_factor' })])
  })

  it('is taken away by an administrator for somebody who lost it, and she sets up another one', async () => {
    const { her } = await enrolled()
    await bench.factors.reset(UserId.parse('u-osei'), 'telephone lost', byAdmin)
    const reset = { at: byAdmin.at, by: byAdmin.by.name }
    expect((await her.password()).json()).toEqual({ needs: 'enrol', ways: [], reset })
    const app = authenticatorApp(NewTotp.parse((await her.ask('POST', '/factors/totp')).json()).secret)
    expect((await her.ask('PUT', '/factors/totp', { code: app(bench.clock.now()) })).statusCode).toBe(200)
    expect((await her.ask('GET', '/factors')).json()).toMatchObject({ reset: null, recoveryLeft: 10 })
    bench.clock.advance(30_000)
    expect((await her.password()).json()).toEqual({ needs: 'factor', ways: ['totp', 'recovery'] })
    expect(bench.auditReader.find({ action: 'factor.reset' }, 1)).toHaveLength(1)
  })
})

describe('one’s own password', () => {
  const next = 'eleven green elephants'

  it('is changed with the old one; other sessions end at once and this one goes on under a new id', async () => {
    const [here, there] = [browser(), browser()]
    for (const each of [here, there]) await each.password('demo')
    const ended: string[] = []
    bench.accounts.onSessionEnd((hash) => ended.push(hash))
    const before = here.jar.get('__Host-sid')
    expect((await here.ask('PUT', '/factors/password', { current: 'pw', next })).json()).toMatchObject({ name: 'demo' })
    expect(here.jar.get('__Host-sid')).not.toBe(before)
    expect((await here.ask('GET', '/me')).statusCode).toBe(200)
    expect((await there.ask('GET', '/me')).statusCode).toBe(401)
    expect(ended).toEqual([`sha of ${there.jar.get('__Host-sid')}`])
    expect((await browser().password('demo', 'pw')).statusCode).toBe(401)
    expect((await browser().password('demo', next)).statusCode).toBe(200)
  })

  it('stays as it is for a wrong old one and for one that everybody would try', async () => {
    const here = browser()
    await here.password('demo')
    const change = async (current: string, wanted: string) => {
      const answer = await here.ask('PUT', '/factors/password', { current, next: wanted })
      const { code, detail } = answer.json<{ code: string; detail?: string }>()
      return [answer.statusCode, code, detail]
    }
    expect(await change('guess', next)).toEqual([422, 'wrong_proof', undefined])
    expect(await change('pw', 'short')).toEqual([422, 'password_refused', 'too-short'])
    expect(await change('pw', 'password123')).toEqual([422, 'password_refused', 'common'])
    expect(await change('pw', 'demo-demo-1')).toEqual([422, 'password_refused', 'about-you'])
    expect(await change('pw', 'pw')).toEqual([422, 'password_refused', 'same'])
    expect((await browser().password('demo', 'pw')).statusCode).toBe(200)
  })
})
