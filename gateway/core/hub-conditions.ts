import type { HubCondition, HubConditionCode } from '#domain/uplink/envelope.ts'

/**
 * What is wrong with the hub itself, as a level: told in every heartbeat, shown on the status page, and heard by the local
 * annunciator. The server raises and ends the alarms of the same names from it, so a lost heartbeat loses nothing.
 */
export class HubConditions {
  readonly #active = new Map<HubConditionCode, HubCondition>()
  readonly #changed: (active: readonly HubCondition[]) => void

  /** `changed` is told once per change. */
  constructor(changed: (active: readonly HubCondition[]) => void = () => {}) {
    this.#changed = changed
  }

  get active(): readonly HubCondition[] {
    return [...this.#active.values()]
  }

  /** `text`: for a person, at most 256 characters. */
  set(condition: HubCondition): void {
    const next = { ...condition, text: condition.text.slice(0, 256) }
    const known = this.#active.get(condition.code)
    if (known?.text === next.text && known.priority === next.priority) return
    this.#active.set(condition.code, next)
    this.#changed(this.active)
  }

  clear(code: HubConditionCode): void {
    if (this.#active.delete(code)) this.#changed(this.active)
  }
}
