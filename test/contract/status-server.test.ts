import { request } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { HubPage } from '#test/support/hub-page.ts'
import { pageStates } from '#test/support/hub-states.ts'
import type { IncomingHttpHeaders } from 'node:http'

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const start = async (): Promise<HubPage> => {
  const page = await HubPage.start()
  onTestFinished(() => page[Symbol.asyncDispose]())
  return page
}

/** `fetch` would choose the host header by itself. */
const ask = (
  { port }: HubPage,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    call.once('error', reject)
    call.end(body)
  })

const json = { 'content-type': 'application/json' }

describe('the status page’s server', () => {
  it('serves the page and everything that it is made of, under a policy that lets nothing else in', async () => {
    const page = await start()
    const front = await ask(page, '/')
    expect(front.status).toBe(200)
    expect(front.headers['content-security-policy']).toContain("default-src 'none'")
    expect(front.headers['content-security-policy']).not.toContain('unsafe')
    const named = [...front.body.matchAll(/(?:src|href)="(\/[\w.]+)"/g)].map(([, path]) => path ?? '')
    expect(named).toContain('/page.js')
    for (const path of [
      ...named,
      '/poller.js',
      '/sound.js',
      '/words.js',
      '/technicians.js',
      '/font.woff2',
      '/alarm.wav',
      '/lost.wav',
    ])
      expect((await ask(page, path)).status, path).toBe(200)
    expect(front.body).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+="|https?:\/\//)
  })

  it('says in plain words what it says to supervisors and tools as JSON', async () => {
    const page = await start()
    page.input = pageStates.disconnected
    expect(JSON.parse((await ask(page, '/page.json')).body)).toMatchObject({ mood: 'attention' })
    expect(await ask(page, '/healthz')).toMatchObject({ status: 200 })
    page.input = { ...pageStates.well, healthy: false }
    expect(await ask(page, '/healthz')).toMatchObject({ status: 503 })
    expect(await ask(page, '/somewhere')).toMatchObject({ status: 404 })
    expect(await ask(page, '/../package.json')).toMatchObject({ status: 404 })
  })

  it('answers under its addresses and own names only, so that a foreign page cannot take its name', async () => {
    const page = await start()
    for (const host of [
      '127.0.0.1',
      `localhost:${page.port}`,
      '[::1]:9470',
      '192.168.1.20',
      'hub-of-this-test',
      'Hub-of-this-Test.local:9470',
    ])
      expect((await ask(page, '/page.json', { host })).status, host).toBe(200)
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'hub-of-this-test.evil.example:9470',
    ])
      expect((await ask(page, '/page.json', { host })).status, host).toBe(421)
  })

  it('pauses the sound for its own page alone', async () => {
    const page = await start()
    page.input = pageStates.call
    const host = `127.0.0.1:${page.port}`
    const own = { host, origin: `http://${host}`, ...json }
    const refused: readonly Record<string, string>[] = [
      { host, ...json },
      { ...own, origin: 'http://evil.example' },
      { ...own, origin: 'null' },
      { ...own, origin: `https://evil.example/?http://${host}` },
      { ...own, 'sec-fetch-site': 'cross-site' },
      { ...own, 'content-type': 'text/plain' },
    ]
    for (const headers of refused) expect((await ask(page, '/quiet', headers, 'POST', '{}')).status).toBe(403)
    expect((await ask(page, '/quiet', own)).status).toBe(405)
    expect(page.quiets).toBe(0)
    const done = await ask(page, '/quiet', { ...own, 'sec-fetch-site': 'same-origin' }, 'POST', '{}')
    expect(done.status).toBe(200)
    expect(JSON.parse(done.body)).toMatchObject({ sounding: false, quietForMs: 120_000 })
    expect(page.quiets).toBe(1)
  })

  it('changes nothing else, whatever it is asked', async () => {
    const page = await start()
    const host = `127.0.0.1:${page.port}`
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      for (const path of ['/', '/status', '/page.json', '/metrics'])
        expect((await ask(page, path, { host, origin: `http://${host}`, ...json }, method)).status).toBe(405)
  })
})
