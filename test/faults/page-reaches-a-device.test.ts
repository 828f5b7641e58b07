import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PushSetup } from '#domain/live/push-api.ts'
import { PushMessage } from '#domain/paging/push-message.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { FailingService } from '#test/support/failing-service.ts'
import { PushSubscriber } from '#test/support/push-subscriber.ts'
import { System } from '#test/support/system.ts'

// From a blocked line of a simulated pump, through gateway and server as real processes, to what a phone can decrypt.

describe('an alarm reaches the device of whoever is on call', () => {
  const phone = PushSubscriber.make()
  const other = PushSubscriber.make()
  let service: FailingService
  let system: System
  beforeAll(async () => {
    service = await FailingService.start()
    system = await System.start({
      pumps: [{ id: 'SIM-0001', protocol: 'ip1', wire: 'tcp', settings: 'rateMlPerHour=120' }],
      env: { OUTGOING_HOSTS: service.host },
    })
  })
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]()
    await service?.[Symbol.asyncDispose]()
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
})
