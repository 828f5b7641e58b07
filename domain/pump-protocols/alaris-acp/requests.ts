import type { AllowedRequest } from '../whitelist.ts'
import { alarisFrame } from './frame.ts'

/**
 * Everything that may ever be sent (alaris-acp.md 2): names without fields, which read. The same name with fields may set:
 * `INF_VTBI` reads, `INF_VTBI^DEACT` acts. Whole frames are compared.
 */
export const requestNames = [
  'INST_SERIALNO',
  'COMMS_PROTOCOL',
  'COMMS_RESPONSE_MAX',
  'SYRINGE_STATUS',
  'INF_RATE_MAX_SYRINGE',
  'INF',
  'INF_VTBI',
  'ALARM',
] as const
export type RequestName = (typeof requestNames)[number]

export const alarisWhitelist: readonly AllowedRequest[] = requestNames.map((name) => ({
  shape: `!${name}|<crc> CR`,
  slots: new RegExp(`^!${name}\\|[0-9A-F]{4}\\r$`),
  build: () => alarisFrame(name),
}))
