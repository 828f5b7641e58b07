import { simulatorControl } from '../adapters/simulator-control.ts'
import type { ServerConfig } from '../config.ts'
import { SimulatorDesk } from '../core/simulator-desk.ts'

type Parts = Omit<ConstructorParameters<typeof SimulatorDesk>[0], 'control'>

/** Null: this server knows of no simulated pumps to drive. */
export const openSimulators = ({ simulatorControlUrl }: ServerConfig, parts: Parts): SimulatorDesk | null =>
  simulatorControlUrl === null ? null : new SimulatorDesk({ ...parts, control: simulatorControl(simulatorControlUrl) })
