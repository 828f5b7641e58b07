import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { openServerBench, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const minutes = 60_000
let bench: ServerBench
let app: FastifyInstance
let done: number

beforeEach(async () => {
  done = 0
  bench = await openServerBench()
  app = await bench.appWithPeople([
    async (scope) => {
      scope.post('/grave-act', { config: { access: 'audit.view', scope: 'site', stepUp: true } }, async () => {
        done += 1
        return { done }
      })
    },
  ])
})
afterEach(async () => {
  await app.close()
  await bench.close()
})

const post = async (cookie: string, path: string, payload: object = {}) =>
  await app.inject({ method: 'POST', url: `/api/v1${path}`, headers: { cookie, origin: testOrigin }, payload })

const prove = async (cookie: string, password: string) =>
  await post(cookie, '/session/proof', { way: 'password', password })

const cookieOf = (answer: Awaited<ReturnType<typeof prove>>): string => {
  const [cookie] = answer.cookies
  return `${cookie?.name}=${cookie?.value}`
}

describe('an act that needs a fresh proof', () => {
  it('is done for ten minutes after the sign-in, then not before a proof', async () => {
    const cookie = await bench.signIn('admin')
    expect((await post(cookie, '/grave-act')).statusCode).toBe(200)
    bench.clock.advance(10 * minutes - 1)
    expect((await post(cookie, '/grave-act')).statusCode).toBe(200)
    bench.clock.advance(1)
    const refused = await post(cookie, '/grave-act')
    expect([refused.statusCode, refused.json()]).toEqual([403, expect.objectContaining({ code: 'step_up_needed' })])
    const again = cookieOf(await prove(cookie, 'pw'))
    expect((await post(again, '/grave-act')).json()).toEqual({ done: 3 })
  })

  it('is refused before that to a role that may not do it, whatever it proves', async () => {
    const cookie = await bench.signIn('nurse')
    expect((await post(cookie, '/grave-act')).json()).toMatchObject({ code: 'forbidden' })
  })

  it('is not done for a wrong password, which leaves the session as it was', async () => {
    const cookie = await bench.signIn('admin')
    bench.clock.advance(11 * minutes)
    expect(await prove(cookie, 'guess')).toMatchObject({ statusCode: 422, cookies: [] })
    expect((await post(cookie, '/grave-act')).statusCode).toBe(403)
    expect(done).toBe(0)
  })
})

describe('a proof', () => {
  it('gives the session a new id; the old one opens nothing, and what was opened under it goes on until the end', async () => {
    const cookie = await bench.signIn('admin')
    const old = cookie.split('=')[1] ?? ''
    const before = await bench.accounts.authenticate(old)
    const again = cookieOf(await prove(cookie, 'pw'))
    expect(again).not.toBe(cookie)
    expect(await bench.accounts.authenticate(old)).toBeNull()
    const opened = before?.sessionHash ?? ''
    const now = await bench.accounts.recheck(opened)
    expect(now).toMatchObject({ userId: 'u-admin', endsAt: before?.endsAt })
    const ended: string[] = []
    bench.accounts.onSessionEnd((hash) => ended.push(hash))
    await bench.accounts.signOut(now?.sessionHash ?? '')
    expect(ended).toEqual([now?.sessionHash, opened])
    expect(await bench.accounts.recheck(opened)).toBeNull()
  })
})
