import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Role } from '#domain/live/views.ts'
import { keepsSessions } from '#server/core/origins.ts'
import { openServerBench, pump1, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench

beforeEach(async () => {
  bench = await openServerBench({
    assignments: new Map([[pump1, { label: 'Bed 1', criticality: 'standard' as const }]]),
  })
  bench.heartbeat([pumpReport(pump1)])
})
afterEach(() => bench.close())

const get = (url: string, cookie = '') => bench.app.inject({ url, headers: cookie === '' ? {} : { cookie } })

describe('signing in over HTTP', () => {
  it('sets a cookie that scripts cannot read and other sites cannot use', async () => {
    await bench.signIn('nurse', 'm.osei')
    const answer = await bench.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { origin: testOrigin },
      payload: { name: 'm.osei', password: 'pw' },
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['set-cookie']).toMatch(/^__Host-sid=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/)
    expect(answer.json()).toMatchObject({
      name: 'm.osei',
      role: 'nurse',
      facilityTimeZone: 'Europe/Berlin',
      phones: { backup: null, lead: '555 0102' },
    })
  })

  it('on a page over plain http that is not this machine’s is refused with the reason: the browser would forget it', async () => {
    for (const good of ['https://watch.example', 'http://localhost:8080', 'http://127.0.0.1', 'http://[::1]:8080'])
      expect(keepsSessions(good), good).toBe(true)
    for (const bad of ['http://watch.example', 'http://192.168.1.7:8080', 'http://localhost.example', 'null'])
      expect(keepsSessions(bad), bad).toBe(false)
    const origin = 'http://watch.example'
    const app = await bench.appWithPeople([], { origins: [origin, testOrigin] })
    const signIn = (from: string) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/session',
        headers: { origin: from },
        payload: { name: 'm.osei', password: 'pw' },
      })
    await bench.signIn('nurse', 'm.osei')
    const refused = await signIn(origin)
    expect(refused.json()).toMatchObject({ status: 426, code: 'needs_https', title: expect.stringContaining('https') })
    expect(refused.headers['set-cookie']).toBeUndefined()
    expect((await signIn(testOrigin)).statusCode).toBe(200)
    await app.close()
  })

  it('a wrong password and an unknown name get the same answer', async () => {
    await bench.signIn('nurse', 'm.osei')
    const answers = await Promise.all(
      ['m.osei', 'nobody'].map((name) =>
        bench.app.inject({ method: 'POST', url: '/api/v1/session', payload: { name, password: 'wrong' } }),
      ),
    )
    const bodies = answers.map((answer) => ({ ...answer.json(), instance: '' }))
    expect(bodies[0]).toMatchObject({ status: 401, code: 'sign_in_failed' })
    expect(bodies[1]).toEqual(bodies[0])
    expect(answers[0]?.headers['set-cookie']).toBeUndefined()
  })

  it.each([
    ['not JSON', '{"name":', 'application/json', 400],
    ['another type', 'name=a', 'application/x-www-form-urlencoded', 415],
    ['plain text', '{"name":"a","password":"b"}', 'text/plain', 415],
    ['a prototype', '{"__proto__":{"a":1},"name":"a","password":"b"}', 'application/json', 400],
    ['an unknown field', '{"name":"a","password":"b","role":"admin"}', 'application/json', 400],
    ['a huge name', JSON.stringify({ name: 'a'.repeat(65), password: 'b' }), 'application/json', 400],
    ['a huge body', JSON.stringify({ name: 'a', password: 'b'.repeat(70_000) }), 'application/json', 413],
  ])('%s is refused as a problem', async (_, payload, type, status) => {
    const answer = await bench.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { 'content-type': type },
      payload,
    })
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.json()).toMatchObject({ status })
  })

  it('signing out ends the session and clears the cookie', async () => {
    const cookie = await bench.signIn('nurse')
    const out = await bench.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie } })
    expect(out.statusCode).toBe(204)
    expect(out.headers['set-cookie']).toContain('Max-Age=0')
    expect((await get('/api/v1/me', cookie)).statusCode).toBe(401)
  })
})

describe('who may see what', () => {
  const reads: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
    '/api/v1/me': [
      ['nurse', 200],
      ['lead', 200],
      ['engineer', 200],
      ['admin', 200],
    ],
    '/api/v1/health': [
      ['nurse', 200],
      ['lead', 200],
      ['engineer', 200],
      ['admin', 200],
    ],
    '/api/v1/pumps': [
      ['nurse', 200],
      ['lead', 200],
      ['engineer', 200],
      ['admin', 403],
    ],
    '/api/v1/hubs': [
      ['nurse', 200],
      ['lead', 200],
      ['engineer', 200],
      ['admin', 403],
    ],
    '/api/v1/alarms': [
      ['nurse', 200],
      ['lead', 200],
      ['engineer', 200],
      ['admin', 403],
    ],
    '/api/v1/colleagues': [
      ['nurse', 200],
      ['lead', 200],
      ['engineer', 403],
      ['admin', 403],
    ],
    '/api/v1/alarms/ep-9': [
      ['nurse', 404],
      ['lead', 404],
      ['engineer', 404],
      ['admin', 403],
    ],
    '/api/v1/pumps/P-1/history?from=0&to=9': [
      ['nurse', 200],
      ['lead', 200],
      ['engineer', 200],
      ['admin', 403],
    ],
  }

  it.each(Object.keys(reads))('%s', async (url) => {
    expect((await get(url)).statusCode).toBe(401)
    for (const [role, status] of reads[url] ?? []) {
      const cookie = await bench.signIn(Role.parse(role))
      expect([role, (await get(url, cookie)).statusCode]).toEqual([role, status])
    }
  })

  it('engineers see device ids, not beds', async () => {
    const nurse = await get('/api/v1/pumps', await bench.signIn('nurse'))
    const engineer = await get('/api/v1/pumps', await bench.signIn('engineer'))
    expect(nurse.json()).toMatchObject({ pumps: [{ pumpId: 'P-1', label: 'Bed 1' }] })
    expect(engineer.json()).toMatchObject({ pumps: [{ pumpId: 'P-1', label: null }] })
  })

  it('a route under /api/v1 that does not say who may call it stops the start', async () => {
    const other = await openServerBench()
    await expect(other.unguardedRoute()).rejects.toThrow(/does not say who may call it/)
    await other.close()
  })
})

describe('every answer', () => {
  it('carries the security headers, and the API is never cached', async () => {
    const { headers } = await get('/api/v1/me')
    expect(headers['content-security-policy']).toBe(
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; worker-src 'self'; " +
        "connect-src 'self' ws://localhost:8080; object-src 'none'; base-uri 'none'; form-action 'self'; " +
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types app-worker",
    )
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(headers['strict-transport-security']).toBeUndefined()
  })

  it('unknown paths are problems for programs and pages for people', async () => {
    expect((await get('/api/v1/nothing')).json()).toMatchObject({ code: 'not_found' })
    expect((await get('/assets/missing.js')).statusCode).toBe(404)
    const page = await get('/pumps/P-1')
    expect(page.statusCode).toBe(503)
    expect(page.body).toContain('The dashboard is not built')
  })

  it('is described in the OpenAPI document, which has a readable page without inline script', async () => {
    const document = (await get('/api/openapi.json')).json()
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/session',
        '/api/v1/alarms/{episodeId}/accept',
        '/api/v1/pumps/{pumpId}/history',
      ]),
    )
    expect(document.paths['/api/v1/alarms/{episodeId}/accept'].post.responses['409']).toBeDefined()
    const page = await get('/api/docs/')
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).not.toContain('trusted-types')
    expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/)
  })
})

describe('health', () => {
  it('says that the process lives, and which store does not', async () => {
    expect((await get('/healthz')).json()).toEqual({ status: 'ok' })
    expect((await get('/readyz')).json()).toMatchObject({ status: 'ok', checks: { telemetry: 'ok' } })
    bench.faults.telemetry = new Error('down')
    const answer = await get('/readyz')
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ status: 'degraded', checks: { telemetry: 'fails' } })
    expect((await get('/healthz')).statusCode).toBe(200)
  })
})
