import { describe, expect, it, onTestFinished } from 'vitest'
import { openServerBench } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const whoami = async (trustedProxies: readonly string[]): Promise<ServerBench['app']> => {
  const bench = await openServerBench()
  onTestFinished(() => bench.close())
  return bench.appWithPeople(
    [async (scope) => void scope.get('/who', { config: { access: 'public' } }, ({ ip }) => ({ ip }))],
    { trustedProxies },
  )
}

const caller = async (
  app: ServerBench['app'],
  remoteAddress: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> => (await app.inject({ url: '/api/v1/who', remoteAddress, headers: { ...headers } })).json().ip

describe('the address of a caller', () => {
  const forwarded = { 'x-forwarded-for': '203.0.113.5' }

  it('is the one of the connection, whatever a header says, as long as no proxy is named', async () => {
    const app = await whoami([])
    expect(await caller(app, '127.0.0.1', forwarded)).toBe('127.0.0.1')
  })

  it('is taken from the header of a named proxy, and of nobody else', async () => {
    const app = await whoami(['127.0.0.1', '10.1.2.0/28'])
    expect(await caller(app, '127.0.0.1', forwarded)).toBe('203.0.113.5')
    expect(await caller(app, '10.1.2.7', forwarded)).toBe('203.0.113.5')
    expect(await caller(app, '10.1.3.7', forwarded)).toBe('10.1.3.7')
  })

  it('is the last one that no named proxy vouches for: what a caller wrote himself does not count', async () => {
    const app = await whoami(['127.0.0.1', '10.1.2.0/28'])
    const chain = { 'x-forwarded-for': '8.8.8.8, 203.0.113.5, 10.1.2.7' }
    expect(await caller(app, '127.0.0.1', chain)).toBe('203.0.113.5')
  })
})
