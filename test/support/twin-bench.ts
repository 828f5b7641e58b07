import type { ActName } from '#simulators/core/acts.ts'
import { toText } from '#simulators/core/crc.ts'
import type { ProtocolTwin } from '#simulators/core/protocol-twin.ts'
import { pumpProfiles, type PumpProfileName, type PumpSettings } from '#simulators/core/pump-settings.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import type { AlarmFact, Output } from '#simulators/core/statement.ts'
import { storyNamed } from '#simulators/scenario-library.ts'

export interface TwinOnBench {
  readonly id: string
  readonly twin: ProtocolTwin
  readonly profile: PumpProfileName
  readonly settings?: Partial<PumpSettings>
  readonly scenario?: string
}

/** A pump of one protocol that nobody but the test moves. Throws on a scenario that does not exist. */
export const benchPump = ({ id, twin, profile, settings = {}, scenario = 'normal' }: TwinOnBench): SimulatedPump => {
  const story = storyNamed(scenario)
  if (story === null) throw new Error(`no scenario ${scenario}`)
  return new SimulatedPump({ id, seed: 3, settings: { ...pumpProfiles[profile], ...settings }, scenario: story, twin })
}

/** What it put on its line, one text for each saying. */
export const textsOf = (outputs: readonly Output[]): readonly string[] =>
  outputs.flatMap((output) => (output.kind === 'bytes' ? [toText(output.bytes)] : []))

/** Its answer to a request, in one text. */
export const asked = (pump: SimulatedPump, request: Uint8Array): string => textsOf(pump.received(request)).join('')

/** A second of peace, then acts, then so many seconds. */
export const actedOn = (pump: SimulatedPump, acts: readonly ActName[], seconds: number): SimulatedPump => {
  pump.advance(1000)
  for (const act of acts) pump.act({ act })
  pump.advance(1000 + seconds * 1000)
  return pump
}

export const alarmFacts = (outputs: readonly Output[]): readonly AlarmFact[] =>
  outputs.flatMap(({ fact }) => (fact?.kind === 'alarm' ? [fact] : []))
