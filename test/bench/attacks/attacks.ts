import { forgedSignatures, slowHttp, wrongBodies } from './on-http.ts'
import { eventFloods, pausedClients, pausedOfOneSession } from './on-live-feed.ts'
import { giantConnects, randomConnections, slowMqtt, takeovers, wildcards } from './on-mqtt.ts'
import { serialNoise } from './on-serial.ts'
import type { Attack } from './attack.ts'

/** By the name a figure has. Each says in its own file how much of it an attacker's line carries. */
export const attacks = {
  /** What the machine does by itself between two windows: what a ratio means at all. */
  nothing: async () => {},
  'slow HTTP': slowHttp,
  'wrong bodies': wrongBodies,
  'forged signatures': forgedSignatures,
  'event floods': eventFloods,
  '200 of one session': pausedOfOneSession,
  '200 paused clients': pausedClients,
  'giant CONNECTs': giantConnects,
  'random MQTT': randomConnections,
  takeovers,
  wildcards,
  'slow MQTT': slowMqtt,
  'serial noise': serialNoise,
} as const satisfies Readonly<Record<string, Attack>>

export type AttackName = keyof typeof attacks
