/** One guard of security.md, how it is switched off, and the test that has to see it. */
export interface Guard {
  readonly name: string
  readonly file: string
  /** Stands in `file` exactly once. */
  readonly from: string
  readonly to: string
  /** Project and file of the test, and its title or a part of it. */
  readonly seenBy: readonly [project: 'unit' | 'contract' | 'faults', file: string, title: string]
}

const liveFeed = 'server/adapters/live-feed/socketio-live-feed.ts'
const settings = (title: string): Guard['seenBy'] => ['contract', 'test/contract/live-settings.test.ts', title]
const feed = (title: string): Guard['seenBy'] => ['contract', 'test/contract/live-feed.test.ts', title]
const limits = (title: string): Guard['seenBy'] => ['unit', 'test/unit/server/http-limits.test.ts', title]
const pressure = (title: string): Guard['seenBy'] => ['unit', 'test/unit/server/pressure.test.ts', title]
const mqtt = (title: string): Guard['seenBy'] => ['contract', 'test/contract/mqtt-security.test.ts', title]
const door = (title: string): Guard['seenBy'] => ['unit', 'test/unit/gateway/mqtt-limits.test.ts', title]
const server = (title: string): Guard['seenBy'] => ['faults', 'test/faults/server-hostile.test.ts', title]
const hub = (title: string): Guard['seenBy'] => ['faults', 'test/faults/mqtt-hostile.test.ts', title]

/** Without tests of their own each of these could be lost in a change that nobody notices. */
export const guards: readonly Guard[] = [
  {
    name: 'Origin at the handshake of a live socket',
    file: 'server/adapters/live-feed/admission.ts',
    from: "if (!fromOwnPage({ origin: request.headers.origin, fetchSite }, origins)) return { refusal: 'refused-origin' }",
    to: 'fromOwnPage({ origin: request.headers.origin, fetchSite }, origins)',
    seenBy: settings('let nobody in from a foreign page'),
  },
  {
    name: 'session at the handshake of a live socket',
    file: 'server/adapters/live-feed/handshake.ts',
    from: 'answer(refusal, refusal === null && !isClosed())',
    to: 'answer(refusal, !isClosed())',
    seenBy: settings('let nobody in from a foreign page'),
  },
  {
    name: 'Origin of requests that change something',
    file: 'server/http/access.ts',
    from: 'if (!fromOwnPage({ origin: request.headers.origin, fetchSite }, origins()))',
    to: 'if (!fromOwnPage({ origin: request.headers.origin, fetchSite }, origins()) && origins().length === 0)',
    seenBy: ['unit', 'test/unit/server/alarm-routes.test.ts', 'from a foreign page is refused'],
  },
  {
    name: 'web sockets only',
    file: liveFeed,
    from: "transports: ['websocket'],",
    to: "transports: ['polling', 'websocket'],",
    seenBy: settings('let nobody in by polling'),
  },
  {
    name: 'size of a message on a live socket',
    file: liveFeed,
    from: 'maxHttpBufferSize: 16 * 1024,',
    to: 'maxHttpBufferSize: 17 * 1024,',
    seenBy: settings('take a message of 16 KiB'),
  },
  {
    name: 'time to join after the upgrade',
    file: liveFeed,
    from: 'connectTimeout: 5000,',
    to: 'connectTimeout: 45_000,',
    seenBy: settings('end whoever opens a socket'),
  },
  {
    name: 'pings of a live socket',
    file: liveFeed,
    from: 'pingTimeout: 10_000,',
    to: 'pingTimeout: 60_000,',
    seenBy: settings('are told at the beginning'),
  },
  {
    name: 'no compression',
    file: liveFeed,
    from: 'perMessageDeflate: false,',
    to: 'perMessageDeflate: true,',
    seenBy: settings('compress nothing'),
  },
  {
    name: 'no memory of the library for those who were gone',
    file: liveFeed,
    from: 'connectTimeout: 5000,',
    to: 'connectTimeout: 5000, connectionStateRecovery: {},',
    seenBy: settings('compress nothing'),
  },
  {
    name: 'the library’s page script is not served',
    file: liveFeed,
    from: 'serveClient: false,',
    to: 'serveClient: true,',
    seenBy: settings('hand out neither'),
  },
  {
    name: 'events a second',
    file: liveFeed,
    from: "if (isFlood()) drop(client, 'dropped-flood')\n      else next()",
    to: 'isFlood()\n      next()',
    seenBy: feed('more than twenty events a second'),
  },
  {
    name: 'a thousand events at once',
    file: liveFeed,
    from: "if (isFlood()) drop(client, 'dropped-flood')\n      else next()",
    to: 'isFlood()\n      next()',
    seenBy: server('a thousand events at once'),
  },
  {
    name: 'screens of one session',
    file: 'server/core/open-screens.ts',
    from: 'if (places.size >= this.#most && !this.#makesRoom(places))',
    to: 'if (places.size >= this.#most * 100 && !this.#makesRoom(places))',
    seenBy: feed('one screen more than a session may have'),
  },
  {
    name: 'nothing more before the first part is taken',
    file: 'server/adapters/live-feed/follower.ts',
    from: 'const at = view.at()\n',
    to: 'const at = view.at()\n    void this.#socket.join(roomOf(view))\n',
    seenBy: feed('followed by nothing else until its first part is taken'),
  },
  {
    name: 'clients that stop reading',
    file: liveFeed,
    from: "if (waiting.packets > limits.packets || waiting.bytes > limits.bytes) drop(client, 'dropped-slow')",
    to: 'if (waiting.packets < 0) return',
    seenBy: feed('a client that stops reading is dropped'),
  },
  {
    name: 'size of a body',
    file: 'server/http/http-limits.ts',
    from: 'bodyLimit: 64 * 1024,',
    to: 'bodyLimit: 640 * 1024,',
    seenBy: ['contract', 'test/contract/behind-a-proxy.test.ts', 'answers for itself what is too large'],
  },
  {
    name: 'prototype names in bodies of people',
    file: 'server/http/http-limits.ts',
    from: "onProtoPoisoning: 'error',",
    to: "onProtoPoisoning: 'ignore',",
    seenBy: limits('on time, headers, requests and poisoned JSON'),
  },
  {
    name: 'prototype names in bodies of hubs',
    file: 'server/http/routes/hub-body.ts',
    from: "app.getDefaultJsonParser('error', 'error')",
    to: "app.getDefaultJsonParser('ignore', 'ignore')",
    seenBy: ['contract', 'test/contract/hub-routes.test.ts', 'is a bad request'],
  },
  {
    name: 'records of one batch',
    file: 'domain/uplink/envelope.ts',
    from: 'records: z.array(z.unknown()).min(1).max(maxRecordsPerBatch),',
    to: 'records: z.array(z.unknown()),',
    seenBy: ['contract', 'test/contract/hub-routes.test.ts', 'is a bad request'],
  },
  {
    name: 'one end of a request, whoever reads it',
    file: 'server/http/http-limits.ts',
    from: 'headersTimeout: 5000,',
    to: 'headersTimeout: 5000, insecureHTTPParser: true,',
    seenBy: server('is one refused request, and what hides in it is not answered'),
  },
  {
    name: 'requests that never end',
    file: 'server/http/http-limits.ts',
    from: 'connectionsCheckingInterval: 5000,',
    to: 'connectionsCheckingInterval: 500_000,',
    seenBy: server('that never ends what it began'),
  },
  {
    name: 'depth of a body',
    file: 'server/http/json-depth.ts',
    from: 'if (depth > most) return true',
    to: 'if (depth > most * 10_000) return true',
    seenBy: limits('on how deep a body is'),
  },
  {
    name: 'samples of one hub',
    file: 'server/core/pressure/hub-gate.ts',
    from: "if (lane !== 'telemetry' || this.#hubs.take(hubId, this.#clock.monotonic())) return null",
    to: "if (lane !== 'telemetry' || this.#hubs.take(hubId, this.#clock.monotonic()) || hubId !== '') return null",
    seenBy: pressure('limits the samples of one hub'),
  },
  {
    name: 'what one address cannot prove',
    file: 'server/core/pressure/hub-gate.ts',
    from: 'if (isOpen) return null',
    to: "if (isOpen || address !== '') return null",
    seenBy: pressure('counts against an address what could not be proven'),
  },
  {
    name: 'strangers’ alarms after everybody’s',
    file: 'server/http/routes/hub-gate.ts',
    from: 'if (gate.isStrange(request.ip)) await strangers.turn()',
    to: 'if (gate.isStrange(request.ip)) void strangers',
    seenBy: pressure('when the others who are there were served'),
  },
  {
    name: 'connections of one address',
    file: 'server/core/pressure/connection-cap.ts',
    from: 'if (open >= this.#most) {',
    to: 'if (open >= this.#most * 1_000) {',
    seenBy: pressure('one address holds a bounded number of connections'),
  },
  {
    name: 'size of a CONNECT',
    file: 'gateway/adapters/mqtt-ingress/introduction.ts',
    from: 'const tooLong = length > maxConnectBytes',
    to: 'const tooLong = length > maxConnectBytes * 1_000_000',
    seenBy: hub('cannot fill the hub’s memory'),
  },
  {
    name: 'size of an MQTT packet',
    file: 'gateway/adapters/mqtt-ingress/packet-guard.ts',
    from: 'if (this.#length <= maxPacketBytes) return null',
    to: 'if (this.#length <= maxPacketBytes * 1_000_000) return null',
    seenBy: ['unit', 'test/unit/gateway/packet-guard.test.ts', 'refuses a packet that is too long'],
  },
  {
    name: 'MQTT packets that never end',
    file: 'gateway/adapters/mqtt-ingress/packet-guard.ts',
    from: 'if (!betweenPackets()) this.#waitForTheRest()',
    to: 'if (betweenPackets() && at < 0) this.#waitForTheRest()',
    seenBy: ['unit', 'test/unit/gateway/packet-guard.test.ts', 'ends a packet that was started'],
  },
  {
    name: 'keep-alive of MQTT',
    file: 'gateway/adapters/mqtt-ingress/connect-rules.ts',
    from: 'if (keepalive === 0 || keepalive > keepAliveAtMost)',
    to: 'if (keepalive < 0)',
    seenBy: mqtt('keeps its connection alive'),
  },
  {
    name: 'client id = user name',
    file: 'gateway/adapters/mqtt-ingress/pump-secrets.ts',
    from: "if (username === undefined ? secured : username !== pumpId.data) return refuse('otherUser')",
    to: 'void username',
    seenBy: mqtt('is only who shows client id'),
  },
  {
    name: 'secret before a connection is taken over',
    file: 'gateway/adapters/mqtt-ingress/pump-secrets.ts',
    from: "if (secured && !timingSafeEqual(digestOf(password ?? ''), digest)) return refuse('wrongSecret')",
    to: "if (secured && !timingSafeEqual(digestOf(password ?? ''), digest) && digest.length === 0) return refuse('wrongSecret')",
    seenBy: mqtt('cannot put out a pump by taking its client id'),
  },
  {
    name: 'own topics',
    file: 'gateway/adapters/mqtt-ingress/broker-rules.ts',
    from: 'if (topic === null || topic.pumpId !== pumpId) return',
    to: 'if (topic === null) return',
    seenBy: mqtt('is to publish to its own four topics'),
  },
  {
    name: 'wildcards',
    file: 'gateway/adapters/mqtt-ingress/broker-rules.ts',
    from: 'const own = this.#pumpOf(client) !== null && subscription.topic === commandTopic(client.id)',
    to: 'const own = this.#pumpOf(client) !== null',
    seenBy: mqtt('is to subscribe to its own commands'),
  },
  {
    name: 'wills',
    file: 'gateway/adapters/mqtt-ingress/broker-rules.ts',
    from: 'delete packet.will',
    to: 'void packet.will',
    seenBy: mqtt('has a will for its own status only'),
  },
  {
    name: 'time to say who it is',
    file: 'gateway/adapters/mqtt-ingress/caller.ts',
    from: "this.#cancel = within(() => this.refuse('slowConnect', deps.address))",
    to: 'this.#cancel = within(() => {})',
    seenBy: mqtt('says so within 5 s'),
  },
  {
    name: 'callers of one address',
    file: 'gateway/core/mqtt-limits.ts',
    from: "if (caller.waiting >= waitingPerAddress) return 'addressWaiting'",
    to: '',
    seenBy: door('lets three callers of one address wait'),
  },
  {
    name: 'strangers together',
    file: 'gateway/core/mqtt-limits.ts',
    from: 'if (stranger) this.#strangers.take(strangerRate.perSecond, nowMs)',
    to: '',
    seenBy: door('takes fifty strangers a second'),
  },
  {
    name: 'nothing kept of strangers sent away',
    file: 'gateway/core/mqtt-limits.ts',
    from: "!this.#strangers.has(strangerRate.perSecond, nowMs)) return 'strangerRate'",
    to: "!this.#strangers.has(strangerRate.perSecond, nowMs)) return (this.#caller(network, nowMs), 'strangerRate')",
    seenBy: door('keeps nothing of strangers it sends away'),
  },
]
