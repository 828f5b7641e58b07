import { z } from 'zod'

// Ids travel in URLs, MQTT topics and InfluxDB tags, so they share one narrow alphabet.
const id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ - and start with a letter or digit')

/** The serial number the pump itself reports (or its MQTT client id): it follows the pump, not the cable. */
export const PumpId = id.brand<'PumpId'>()
export type PumpId = z.infer<typeof PumpId>

export const HubId = id.brand<'HubId'>()
export type HubId = z.infer<typeof HubId>

/** New at each start of the gateway process. */
export const BootId = id.brand<'BootId'>()
export type BootId = z.infer<typeof BootId>

/** One alarm condition from its start to its closing. */
export const EpisodeId = id.brand<'EpisodeId'>()
export type EpisodeId = z.infer<typeof EpisodeId>

export const UserId = id.brand<'UserId'>()
export type UserId = z.infer<typeof UserId>

/** A delivery channel of a pump; pumps with one channel use `1`. */
export const ChannelId = id.brand<'ChannelId'>()
export type ChannelId = z.infer<typeof ChannelId>
