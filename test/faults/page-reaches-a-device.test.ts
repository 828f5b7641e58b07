import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { PushSetup } from '#domain/live/push-api.ts'
import { PushMessage } from '#domain/paging/push-message.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { FailingService } from '#test/support/failing-service.ts'
import { PushSubscriber } from '#test/support/push-subscriber.ts'
import { System } from '#test/support/system.ts'

const Call = z.object({
  type: z.literal('call'),
  data: z.object({ id: z.string(), to: z.string(), say: z.string(), callback: z.url() }),
})

const press = (url: string) =>
  fetch(url, { method: 'POST', body: new URLSearchParams({ Digits: '1', CallSid: 'CA1' }) })

// From a blocked line of a simulated pump, through gateway and server as real processes, to what a phone can decrypt.

describe('an alarm reaches the device of whoever is on call', () => {
  const phone = PushSubscriber.make()
  const other = PushSubscriber.make()
  let service: FailingService
  let system: System
  let folder: string
  beforeAll(async () => {
    service = await FailingService.start()
    folder = mkdtempSync(join(tmpdir(), 'hooks-'))
    const hooks = join(folder, 'hooks.json')
    const telephone = {
      template: 'voice',
      url: `${service.url}/calls`,
      secret: 's'.repeat(24),
      number: '+493012345678',
    }
    writeFileSync(hooks, JSON.stringify([{ name: 'telephone', for: 'everybody', send: telephone }]))
    system = await System.start({
      pumps: [{ id: 'SIM-0001', protocol: 'ip1', wire: 'tcp', settings: 'rateMlPerHour=120' }],
      env: { OUTGOING_HOSTS: service.host, PAGING_HOOKS_FILE: hooks },
    })
  })
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]()
    await service?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  const pages = (path: string, subscriber: PushSubscriber): readonly PushMessage[] =>
    service.received
      .filter((received) => received.path === path)
      .map(({ body }) => PushMessage.parse(JSON.parse(subscriber.decrypt(body))))

  it('within seconds, says which alarm and no name or drug, and is called off when somebody takes it', async () => {
    const nurse = await system.signIn('nurse')
    const device = { endpoint: `${service.url}/phone`, keys: phone.keys, name: 'phone' }
    expect((await nurse.request('PUT', '/push/devices', device)).status).toBe(200)

    await system.act('SIM-0001', 'occlude')
    const [message] = await eventually(
      () => {
        const got = pages('/phone', phone)
        return got.length > 0 ? got : null
      },
      { within: 60_000, what: 'a page at the push service' },
    )
    const [alarm] = (await nurse.openAlarms()).filter(({ code }) => code === 'occlusion-downstream')
    expect(message).toMatchObject({
      over: null,
      page: { kind: 'alarm', priority: 'high', simulated: true, episodeIds: [alarm?.episodeId] },
    })

    const receipt = {
      notificationId: message?.page.notificationId,
      deviceId: message?.deviceId,
      receipt: message?.receipt,
      step: 'shown',
    }
    const said = await fetch(`${system.url}/api/v1/push/receipts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(receipt),
    })
    expect(said.status).toBe(204)

    const take = { requestId: 'take-it-now', expectedVersion: alarm?.version }
    expect((await nurse.request('POST', `/alarms/${alarm?.episodeId}/accept`, take)).status).toBe(200)
    await eventuallyPasses(() => expect(pages('/phone', phone).at(-1)?.over).toBe('accepted'), { within: 20_000 })
    const threads = new Set(pages('/phone', phone).map(({ page }) => page.thread))
    expect(threads.size).toBe(1)
    expect([...threads].join()).not.toContain('SIM-0001')
  })

  it('a phone that its push service has forgotten costs no time: the next person is paged at once', async () => {
    const nurse = await system.signIn('nurse')
    const [taken] = await nurse.openAlarms()
    await system.act('SIM-0001', 'release')
    await eventuallyPasses(
      async () => expect((await nurse.openAlarms()).map(({ condition }) => condition)).toEqual(['ended']),
      { within: 30_000 },
    )
    const close = {
      requestId: 'close-it-out',
      expectedVersion: 0,
      class: 'true-and-acted',
      finding: 'kink-or-clamp',
      note: '',
    }
    const current = (await nurse.openAlarms()).find(({ episodeId }) => episodeId === taken?.episodeId)
    await nurse.request('POST', `/alarms/${taken?.episodeId}/resolve`, { ...close, expectedVersion: current?.version })

    const lead = await system.signIn('lead')
    const device = { endpoint: `${service.url}/other`, keys: other.keys, name: 'other phone' }
    expect((await lead.request('PUT', '/push/devices', device)).status).toBe(200)
    service.behaviourAt.set('/phone', { status: 410 })
    await system.act('SIM-0001', 'inject-air')
    const [message] = await eventually(
      () => {
        const got = pages('/other', other)
        return got.length > 0 ? got : null
      },
      { within: 60_000, what: 'a page to the next person' },
    )
    expect(message?.page).toMatchObject({ place: 'backup', attempt: 1 })
    const alarm = (await lead.openAlarms()).find(({ episodeId }) => message?.page.episodeIds.includes(episodeId))
    // Backup is asked after 3 min otherwise (alarms.md, "Paging").
    expect((message?.page.at ?? 0) - (alarm?.observedAt ?? 0)).toBeLessThan(60_000)
    const { devices } = PushSetup.parse(await (await nurse.request('GET', '/push')).json())
    expect(devices).toMatchObject([{ gone: true, lastFailure: 'gone' }])
  })

  it('whose devices say nothing is called by telephone; a key pressed is a look, and nobody has the alarm by it', async () => {
    const nurse = await system.signIn('nurse')
    const body = await eventually(
      () => service.received.findLast(({ path }) => path === '/calls')?.body.toString() ?? null,
      { within: 90_000, what: 'a call at the telephone provider' },
    )
    const { data } = Call.parse(JSON.parse(body))
    expect(data).toMatchObject({ to: '+493012345678', say: expect.stringMatching(/^Simulated\. High alarm\./) })
    expect(body).not.toMatch(/SIM-0001|air/)
    expect((await press(data.callback.replace(/.$/, 'X'))).status).toBe(404)
    expect((await press(data.callback)).status).toBe(200)
    const about = async () => {
      const alarm = (await nurse.openAlarms()).find(({ code }) => code === 'air-in-line')
      return await nurse.alarm(alarm?.episodeId ?? '')
    }
    await eventuallyPasses(
      async () => {
        const { alarm, paging } = await about()
        const called = paging.calls.find(({ notificationId }) => notificationId === data.id)
        expect(called).toMatchObject({ kind: 'call', state: 'sent', viewedAt: expect.any(Number) })
        expect(alarm).toMatchObject({ owner: null, acceptedAt: null })
      },
      { within: 20_000 },
    )
  })
})
