import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ControlServer } from '#simulators/adapters/control-server.ts'
import { FaultProxy } from '#simulators/adapters/fault-proxy.ts'
import { proxyControl } from '#simulators/proxy.ts'

const text = 'answer '.repeat(500)

const start = async () => {
  const server = createServer((_, response) => response.setHeader('connection', 'close').end(text))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const proxy = await FaultProxy.start({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, 1)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const control = await ControlServer.listen(0, proxyControl(proxy))
  onTestFinished(() => control[Symbol.asyncDispose]())
  const set = async (faults: unknown): Promise<number> => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${control.url}/faults`, { method: 'POST', headers, body: JSON.stringify({ faults }) })).status
  }
  const ask = async (): Promise<string> => await (await fetch(`http://127.0.0.1:${proxy.port}/`)).text()
  return { proxy, control, set, ask }
}

describe('the fault proxy', () => {
  it('passes everything on, and from a word at its control port on with the faults that it names', async () => {
    const { control, set, ask, proxy } = await start()
    expect(await ask()).toBe(text)
    expect(await set(['to-client:corrupt=0.01', 'to-client:piece=100'])).toBe(200)
    const damaged = await ask().catch(() => 'refused')
    expect(damaged).not.toBe(text)
    expect(await set(['lose-answer=1'])).toBe(200)
    await expect(ask()).rejects.toThrow()
    expect(await set([])).toBe(200)
    expect(await ask()).toBe(text)
    const counts: unknown = await (await fetch(`${control.url}/counts`)).json()
    expect(counts).toMatchObject({ connections: 4, lostAnswers: 1, flippedBits: proxy.counts.flippedBits })
    expect(proxy.counts.flippedBits).toBeGreaterThan(0)
  })

  it('refuses faults it does not know, and a port that is taken', async () => {
    const { control, set, proxy } = await start()
    expect(await set(['gremlin'])).toBe(400)
    expect(await set('stall')).toBe(400)
    expect((await fetch(`${control.url}/elsewhere`)).status).toBe(404)
    await expect(FaultProxy.start({ host: '127.0.0.1', port: 9 }, 1, proxy.port)).rejects.toMatchObject({
      code: 'SIM_PORT_TAKEN',
    })
  })
})
