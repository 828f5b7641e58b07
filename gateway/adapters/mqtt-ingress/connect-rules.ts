import type { IConnectPacket } from 'mqtt-packet'
import type { PumpId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { PumpAllowance } from '../../core/mqtt-limits.ts'
import type { MqttReceiver } from '../../core/mqtt-receiver.ts'
import type { Caller } from './caller.ts'
import type { NotBelieved } from './introduction.ts'
import type { PumpSecrets } from './pump-secrets.ts'

/** Longest keep-alive, s: so late at most the hub notices that a pump without telemetry has gone. */
export const keepAliveAtMost = 120

export interface ConnectRuleDeps {
  readonly receiver: Pick<MqttReceiver, 'has' | 'isFull'>
  readonly secrets: PumpSecrets
  readonly allowance: PumpAllowance
  readonly clock: Pick<Clock, 'monotonic'>
}

/** Who may connect. Asked once for each CONNECT, before the broker hears of it. */
export class ConnectRules {
  readonly #deps: ConnectRuleDeps

  constructor(deps: ConnectRuleDeps) {
    this.#deps = deps
  }

  /** Null: it is the pump that it says, and the caller has been told so. */
  judge(connect: IConnectPacket, caller: Pick<Caller, 'passed' | 'mention'>): NotBelieved | null {
    const { protocolId, protocolVersion, clientId, keepalive = 0 } = connect
    if (protocolId !== 'MQTT' || protocolVersion !== 4) return { refusal: 'version', detail: '', answer: 1 }
    if (clientId === '') return { refusal: 'emptyClientId', detail: '', answer: 2 }
    if (keepalive === 0 || keepalive > keepAliveAtMost) return { refusal: 'keepAlive', detail: '', answer: 6 }
    if (hasForeignWill(connect)) caller.mention('foreignWill', clientId)
    const shown = this.#shown(connect)
    if (typeof shown !== 'string') return shown
    caller.passed(shown)
    return null
  }

  #shown({ clientId, username, password }: IConnectPacket): PumpId | NotBelieved {
    const { secrets, allowance, receiver, clock } = this.#deps
    const secret = typeof password === 'string' ? Buffer.from(password) : password
    const shown = secrets.check({ clientId, username, password: secret })
    // The id that was claimed is no proof of anything, but it tells whoever reads the log where to look.
    if (!shown.ok) return { refusal: shown.refusal, detail: clientId.slice(0, 64), answer: 5 }
    const { pumpId } = shown
    if (!receiver.has(pumpId) && receiver.isFull) return { refusal: 'tooManyPumps', detail: pumpId, answer: 5 }
    if (!allowance.connect(pumpId, clock.monotonic())) return { refusal: 'pumpConnects', detail: pumpId, answer: 5 }
    return pumpId
  }
}

/** It is left out: nobody else's end may be foretold. */
export const hasForeignWill = ({ clientId, will }: Pick<IConnectPacket, 'clientId' | 'will'>): boolean =>
  will !== undefined && will !== null && will.topic !== `pumps/${clientId}/status`
