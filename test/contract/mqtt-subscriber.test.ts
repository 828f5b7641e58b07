import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PumpId } from '#domain/ids.ts'
import { HubAuthority } from '#gateway/adapters/hub-authority.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { startMosquitto } from '#test/support/foreign-broker.ts'
import { freePort } from '#test/support/free-port.ts'
import { alarm, newFleet, publishAs, pumpClient, telemetry } from '#test/support/mqtt-hub.ts'
import { subscribe, subscribed } from '#test/support/mqtt-subscriber.ts'
import { scriptedBroker } from '#test/support/scripted-broker.ts'
import { findService, servicesRequired } from '#test/support/services.ts'
import type { ScriptedBroker } from '#test/support/scripted-broker.ts'

const acknowledged = ({ heard }: ScriptedBroker): (number | undefined)[] =>
  heard.flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId] : []))
const told = ({ port }: ScriptedBroker, scheme = 'mqtt'): string => `${scheme}://127.0.0.1:${port}`
const sample = JSON.stringify(telemetry)
const noise = JSON.stringify(alarm)
/** Time enough for an acknowledgement that is on its way too early. */
const turns = async (): Promise<void> => {
  for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve))
}

describe('a hub that subscribes to somebody else’s broker', () => {
  it('asks for the four topics at QoS 1 in a session that outlives the connection, and for no shared subscription', async () => {
    const broker = await scriptedBroker()
    await subscribed(subscribe(told(broker), { username: 'hub', password: 'secret', topicPrefix: 'ward/devices' }))
    expect(broker.heard[0]).toMatchObject({
      cmd: 'connect',
      clientId: 'hub-test',
      clean: false,
      protocolVersion: 4,
      username: 'hub',
    })
    expect(broker.heard[1]).toMatchObject({
      cmd: 'subscribe',
      subscriptions: ['telemetry', 'alarm', 'event', 'status'].map((kind) => ({
        topic: `ward/devices/+/${kind}`,
        qos: 1,
      })),
    })
  })

  it('acknowledges a message only after its commit, and none before one that came earlier', async () => {
    const broker = await scriptedBroker()
    const hub = await subscribed(subscribe(told(broker)))
    const slow = Promise.withResolvers<void>()
    // The first pump's commit hangs; the second pump's is done at once.
    hub.outbox.onAppend = (records) => (records[0]?.pumpId === 'PUMP-5' ? slow.promise : undefined)
    broker.publish('pumps/PUMP-5/alarm', noise, { messageId: 7 })
    broker.publish('pumps/PUMP-6/alarm', noise, { messageId: 8 })
    await eventually(() => hub.outbox.records.some(({ kind, pumpId }) => kind === 'condition' && pumpId === 'PUMP-6'))
    await turns()
    expect(acknowledged(broker)).toEqual([])
    slow.resolve()
    await eventuallyPasses(() => expect(acknowledged(broker)).toEqual([7, 8]))
    expect(hub.outbox.records).toContainEqual(expect.objectContaining({ kind: 'condition', pumpId: 'PUMP-5' }))
  })

  it('takes many messages in work at once, so that an alarm does not wait for the commits before it', async () => {
    const broker = await scriptedBroker()
    const hub = await subscribed(subscribe(told(broker)))
    const group = Promise.withResolvers<void>()
    hub.outbox.onAppend = (records) => (records[0]?.kind === 'telemetry' ? group.promise : undefined)
    for (let n = 1; n <= 30; n += 1) broker.publish(`pumps/P-${n}/telemetry`, sample, { messageId: n })
    broker.publish('pumps/PUMP-5/alarm', noise, { messageId: 31 })
    await eventually(() => hub.outbox.records.some(({ kind }) => kind === 'condition'))
    expect(acknowledged(broker)).toEqual([])
    group.resolve()
    await eventuallyPasses(() => expect(acknowledged(broker)).toHaveLength(31))
  })

  it('acknowledges nothing after a message that could not be stored, and connects anew to get it again', async () => {
    const broker = await scriptedBroker()
    const hub = await subscribed(subscribe(told(broker)))
    hub.outbox.onAppend = (records) => {
      if (records[0]?.pumpId === 'PUMP-5') throw new Error('no room')
    }
    broker.publish('pumps/PUMP-5/alarm', noise, { messageId: 7 })
    broker.publish('pumps/PUMP-6/alarm', noise, { messageId: 8 })
    await eventually(() => broker.connections() === 2)
    expect(acknowledged(broker)).toEqual([])
    expect(hub.count('notStored')).toBeGreaterThan(0)
    expect(hub.troubles).toContain('a message could not be stored: no room')
    hub.outbox.onAppend = () => {}
    await subscribed(hub)
    broker.publish('pumps/PUMP-5/alarm', noise, { messageId: 7 })
    await eventuallyPasses(() => expect(acknowledged(broker)).toEqual([7]))
  })

  it('derives nothing from a retained message, hears only the pumps it knows, and lets none of these come again', async () => {
    const broker = await scriptedBroker()
    const hub = await subscribed(subscribe(told(broker), { pumps: new Set([PumpId.parse('PUMP-5')]) }))
    broker.publish('pumps/PUMP-5/alarm', noise, { messageId: 1, retain: true })
    broker.publish('pumps/PUMP-6/alarm', noise, { messageId: 2 })
    broker.publish('pumps/PUMP-5/cmd', noise, { messageId: 3 })
    broker.publish('pumps/__proto__/alarm', noise, { messageId: 4 })
    await eventuallyPasses(() => expect(acknowledged(broker)).toEqual([1, 2, 3, 4]))
    expect(hub.outbox.records).toEqual([])
    expect(hub.fleet.pumps()).toEqual([])
    expect([hub.count('retained'), hub.count('unknownPump'), hub.count('foreignTopic')]).toEqual([1, 1, 2])
    expect(hub.refused).toEqual([
      'unknownPump pumps/PUMP-6/alarm',
      'foreignTopic pumps/PUMP-5/cmd',
      'foreignTopic pumps/__proto__/alarm',
    ])
  })

  it('says in its port report that the broker is away, and comes back when it is', async () => {
    const port = await freePort()
    const hub = subscribe(`mqtt://127.0.0.1:${port}`)
    await eventually(() => hub.troubles.length > 0)
    expect(hub.fleet.report()).toMatchObject({ link: 'closed', reason: expect.stringContaining('cannot be reached') })
    const broker = await scriptedBroker({ port })
    await subscribed(hub)
    expect(hub.fleet.report()).toMatchObject({ link: 'up', reason: null })
    broker.drop()
    await eventually(() => broker.connections() === 2)
    expect(hub.troubles).toContain('the broker closed the connection')
    await subscribed(hub)
  })

  it.each([
    ['does not let it in', { connackCode: 5 }, /refuses this hub: .*Not authorized/],
    ['does not let it subscribe', { granted: 128 }, /does not let this hub subscribe/],
    ['grants no QoS 1', { granted: 0 }, /grants no QoS 1/],
  ] as const)('says that the broker %s', async (_what, script, words) => {
    const broker = await scriptedBroker(script)
    const hub = subscribe(told(broker))
    await eventually(() => hub.troubles.length > 0)
    expect(hub.troubles[0]).toMatch(words)
  })

  it('trusts a broker by its CA and its name alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'broker-ca-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const authority = new HubAuthority(join(folder, 'a'))
    const other = new HubAuthority(join(folder, 'b'))
    const broker = await scriptedBroker({ tls: await authority.server(['127.0.0.1']) })
    const elsewhere = await scriptedBroker({ tls: await authority.server(['broker.example']) })
    const ca = (): Promise<string> => authority.ca()
    await subscribed(subscribe(told(broker, 'mqtts'), { ca }))
    for (const wrong of [
      subscribe(told(broker, 'mqtts'), { ca: () => other.ca() }),
      subscribe(told(broker, 'mqtts')),
      subscribe(told(elsewhere, 'mqtts'), { ca }),
    ]) {
      await eventually(() => wrong.troubles.length > 0)
      expect(wrong.troubles[0]).toMatch(/certificate|altnames|signature/)
    }
    expect(elsewhere.heard).toEqual([])
  })
})

describe.skipIf(findService('mosquitto') === null && !servicesRequired())(
  'a hub that was away from a mosquitto',
  () => {
    it('gets everything that was published meanwhile, in order, although the broker restarted its connection', async () => {
      const broker = (await startMosquitto()) ?? expect.fail('mosquitto is missing')
      onTestFinished(() => broker[Symbol.asyncDispose]())
      const url = `mqtt://127.0.0.1:${broker.port}`
      const first = await subscribed(subscribe(url))
      const pump = await pumpClient(broker, 'PUMP-5')
      await publishAs(pump, 'telemetry', { ...telemetry, infusedTotalMl: 0 })
      await eventually(() => first.count('ok') === 1)
      await first.stop()
      const volumes = Array.from({ length: 500 }, (_, n) => n + 1)
      for (const infusedTotalMl of volumes) await publishAs(pump, 'telemetry', { ...telemetry, infusedTotalMl })
      await publishAs(pump, 'alarm', alarm)
      const second = await subscribed(subscribe(url, {}, newFleet()))
      await eventually(() => second.outbox.records.some(({ kind }) => kind === 'condition'))
      const stored = second.outbox.records.flatMap((record) =>
        record.kind === 'telemetry' ? [record.body.infusedTotalMl] : [],
      )
      expect(stored).toEqual(volumes)
      // Acknowledged, so that nothing comes a second time.
      await second.stop()
      const third = await subscribed(subscribe(url, {}, newFleet()))
      await publishAs(pump, 'event', { event: 'bag-changed' })
      await eventually(() => third.count('ok') > 0)
      expect(third.outbox.records.filter(({ kind }) => kind === 'telemetry')).toEqual([])
    })
  },
)
