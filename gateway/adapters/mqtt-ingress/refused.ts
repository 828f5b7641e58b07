import type { MqttRefusal } from '../../core/mqtt-refusal.ts'

/** The client broke a rule, as opposed to a connection that ended. */
export class Refused extends Error {
  readonly refusal: MqttRefusal

  constructor(refusal: MqttRefusal, detail: string) {
    super(detail)
    this.refusal = refusal
  }
}
